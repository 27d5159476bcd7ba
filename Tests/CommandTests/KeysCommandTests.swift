import Foundation
import TestSupport
import Testing

@Suite struct KeysCommandTests {
    private let workplace: Workplace
    private let data: String

    init() throws {
        workplace = try Workplace()
        data = workplace.path + "/data"
    }

    private func makeKeys(_ key: String) throws -> Command.Outcome {
        try Command.run(["keys", "new", "--data", data, "--key-file", key, "--endpoint", "a.example:9100"])
    }

    @Test func `makes keys, prints the card and shows it again`() throws {
        let made = try makeKeys(try workplace.keyFile())
        try #require(made.status == 0, "\(made.errors)")
        let card = try JSONSerialization.jsonObject(with: Data(made.output.utf8)) as? [String: String]
        #expect(card?.keys.sorted() == ["account", "encryptionKey", "endpoint", "identity"])
        #expect(card?["endpoint"] == "a.example:9100")
        #expect(try String(contentsOfFile: data + "/member.json", encoding: .utf8) == made.output)
        let shown = try Command.run(["keys", "show", "--data", data])
        #expect(shown.status == 0)
        #expect(shown.output == made.output)
    }

    @Test func `takes a passphrase and an account that exists`() throws {
        let passphrase = try workplace.write("open sesame\n", to: "passphrase")
        let account = try workplace.write("0x" + String(repeating: "0", count: 63) + "1\n", to: "account")
        let made = try Command.run(
            [
                "keys", "new", "--data", data, "--passphrase-file", passphrase, "--account-file", account,
                "--endpoint", "[::1]:9100",
            ]
        )
        try #require(made.status == 0, "\(made.errors)")
        #expect(made.output.contains("\"account\":\"0x7E5F4552091A69125d5DfCb7b8C2659029395Bdf\""))
        #expect(!made.errors.contains("sesame"))
    }

    @Test func `makes an operator's keys, and shows what the governor registers`() throws {
        let key = try workplace.keyFile()
        let made = try Command.run([
            "keys", "new", "--operator", "--data", data, "--key-file", key, "--endpoint", "a.example:9100",
        ])
        try #require(made.status == 0, "\(made.errors)")
        let card = try #require(
            JSONSerialization.jsonObject(with: Data(made.output.utf8)) as? [String: String]
        )
        #expect(card.keys.sorted() == ["account", "endpoint", "identity", "sharesKey", "sharesKeyHash"])
        #expect(try String(contentsOfFile: data + "/operator.json", encoding: .utf8) == made.output)
        #expect(try Command.run(["keys", "show", "--data", data, "--json"]).output == made.output)
        let shown = try Command.run(["keys", "show", "--data", data])
        for value in card.values { #expect(shown.output.contains(value)) }
        #expect(
            shown.output.contains("oracle ops operators register --id NUMBER --card \(data)/operator.json")
        )
        let again = try Command.run([
            "keys", "new", "--operator", "--data", data, "--key-file", key, "--endpoint", "a.example:9100",
        ])
        #expect(again.status == 2 && again.errors.contains("there are keys"))
    }

    @Test func `takes the key that an operator has in SSV's network, also under its password`() throws {
        let rsa = try Fixtures.load()
        let plain = try workplace.write(rsa.keys[0].private, to: "encrypted.pem")
        func card(_ name: String, _ more: [String]) throws -> Command.Outcome {
            try Command.run(
                [
                    "keys", "new", "--operator", "--data", workplace.path + "/" + name, "--key-file",
                    try workplace.keyFile(), "--endpoint", "a.example:9100",
                ] + more
            )
        }
        let taken = try card("taken", ["--shares-key-file", plain])
        try #require(taken.status == 0, "\(taken.errors)")
        #expect(taken.output.contains(rsa.keys[0].operatorKey))
        let small = try card(
            "small",
            ["--shares-key-file", try workplace.write(rsa.smallPrivate, to: "small.pem")]
        )
        #expect(small.status == 2 && small.errors.contains("2048"))
        #expect(!FileManager.default.fileExists(atPath: workplace.path + "/small/keys"))
        #expect(try card("no", ["--shares-key-password-file", plain]).status == 64)
        let member = try Command.run([
            "keys", "new", "--data", data, "--key-file", try workplace.keyFile(), "--endpoint", "a:1",
            "--shares-key-file", plain,
        ])
        #expect(member.status == 64 && member.errors.contains("--operator"))
    }

    /// Keys that another program has made.
    private struct Fixtures: Decodable {
        struct Key: Decodable {
            let `private`, operatorKey: String
        }
        let keys: [Key]
        let smallPrivate: String

        static func load() throws -> Fixtures { try Fixture.load("validator-files/rsa.json") }
    }

    @Test func `renews the encryption key and nothing else`() throws {
        let key = try workplace.keyFile()
        let made = try makeKeys(key)
        try #require(made.status == 0, "\(made.errors)")
        let renewed = try Command.run([
            "keys", "renew", "--data", data, "--key-file", key, "--endpoint", "b.example:9200",
        ])
        try #require(renewed.status == 0, "\(renewed.errors)")
        func card(_ text: String) throws -> [String: String] {
            try #require(JSONSerialization.jsonObject(with: Data(text.utf8)) as? [String: String])
        }
        let (old, new) = (try card(made.output), try card(renewed.output))
        #expect(new["account"] == old["account"])
        #expect(new["identity"] == old["identity"])
        #expect(new["encryptionKey"] != old["encryptionKey"])
        #expect(new["endpoint"] == "b.example:9200")
        #expect(try Command.run(["keys", "show", "--data", data]).output == renewed.output)
        let wrong = try Command.run([
            "keys", "renew", "--data", data, "--key-file", try workplace.keyFile(9),
        ])
        #expect(wrong.status == 2)
        #expect(try Command.run(["keys", "show", "--data", data]).output == renewed.output)
    }

    @Test func `overwrites no keys`() throws {
        let key = try workplace.keyFile()
        let card = try makeKeys(key).output
        let again = try makeKeys(key)
        #expect(again.status == 2)
        #expect(again.output.isEmpty)
        #expect(again.errors.contains("there are keys at \(data)/keys already"))
        #expect(try Command.run(["keys", "show", "--data", data]).output == card)
    }

    @Test func `wants a key file that is closed to others and has 32 bytes`() throws {
        let open = try makeKeys(try workplace.keyFile(permissions: 0o644))
        #expect(open.status == 2)
        #expect(open.errors.contains("chmod 600"))
        let short = try makeKeys(try workplace.write("short", to: "short.key"))
        #expect(short.status == 2)
        #expect(short.errors.contains("a key file has 32 bytes, not 5"))
        let missing = try makeKeys(workplace.path + "/none")
        #expect(missing.status == 2)
        #expect(missing.errors.contains("there is no file \(workplace.path)/none"))
        #expect(!FileManager.default.fileExists(atPath: data + "/keys"))
    }

    @Test func `says how it is used when it is used wrongly`() throws {
        let none = try Command.run(["keys", "new", "--data", data, "--endpoint", "a:1"])
        #expect(none.status == 64)
        #expect(none.errors.contains("--passphrase-file and --key-file"))
        let endpoint = try Command.run(
            ["keys", "new", "--data", data, "--key-file", try workplace.keyFile(), "--endpoint", "nowhere"]
        )
        #expect(endpoint.status == 64)
        #expect(endpoint.errors.contains("host:port"))
        #expect(!FileManager.default.fileExists(atPath: data))
    }

    @Test func `says where there are no keys`() throws {
        let shown = try Command.run(["keys", "show", "--data", data])
        #expect(shown.status == 2)
        #expect(shown.errors.contains("oracle keys new --data \(data)"))
    }
}
