import Foundation
import Testing

@Suite struct RunCommandTests {
    private let workplace: Workplace
    private let file: String

    init() throws {
        workplace = try Workplace()
        file = try workplace.write(
            """
            data: { directory: data }
            keys: { keyFile: seal-7.key }
            registry: { address: "0x5FbDB2315678afecb367f032d93F642f64180aa3" }
            chain: { id: 31337, rpc: [ "http://user:secret@127.0.0.1:1/token" ] }

            """,
            to: "oracle.yaml"
        )
    }

    @Test func `shows each setting, where it comes from, and no secret`() throws {
        let shown = try Command.run(
            ["run", "--config", file, "--set", "log.level=debug", "--check-config"],
            environment: ["ORACLE_CHAIN_POLL": "2s"]
        )
        try #require(shown.status == 0, "\(shown.errors)")
        func line(_ key: String) -> String {
            shown.output.split(separator: "\n").first { $0.hasPrefix(key) }.map(String.init) ?? ""
        }
        #expect(line("log.level").contains("debug") && line("log.level").hasSuffix("# command line"))
        #expect(
            line("chain.poll").contains("2s")
                && line("chain.poll").hasSuffix("# environment ORACLE_CHAIN_POLL")
        )
        #expect(line("chain.id").contains("31337") && line("chain.id").hasSuffix("# file \(file)"))
        #expect(line("anchor.stagger").contains("15s") && line("anchor.stagger").hasSuffix("# default"))
        #expect(line("metrics.listen").hasSuffix("(not set)"))
        #expect(line("chain.rpc").contains("http://127.0.0.1:1/…"))
        #expect(!shown.output.contains("secret") && !shown.output.contains("token"))
    }

    @Test func `names everything that is wrong with the configuration`() throws {
        let wrong = try Command.run([
            "run", "--config", file, "--set", "chain.poll=fast", "--set", "log.lvel=info",
        ])
        #expect(wrong.status == 78)
        #expect(wrong.errors.contains("chain.poll is 'fast' (command line)"))
        #expect(wrong.errors.contains("do you mean log.level?"))
        let none = try Command.run(["run"])
        #expect(none.status == 78)
        #expect(none.errors.contains("data.directory is not set"))
        let missing = try Command.run(["run", "--config", "/nowhere/oracle.yaml"])
        #expect(missing.status == 78)
        #expect(missing.errors.contains("/nowhere/oracle.yaml cannot be read"))
        #expect(try Command.run(["run", "--set", "nonsense"]).status == 64)
    }

    @Test func `does not start without its directory or keys`() throws {
        let missing = try Command.run(["run", "--config", file])
        #expect(missing.status == 2)
        #expect(missing.errors.contains("oracle keys new --data \(workplace.path)/data"))
    }

    @Test func `does not run an operator with an oracle's keys, nor an oracle with an operator's`() throws {
        let role = ["--role", "operator", "--operator-id", "7"]
        let shown = try Command.run(["run", "--config", file, "--check-config"] + role)
        #expect(shown.output.contains("operator.id"), "\(shown.errors)")
        #expect(try Command.run(["run", "--config", file, "--role", "operator"]).status == 78)
        #expect(try Command.run(["run", "--config", file, "--operator-id", "7"]).status == 78)
        #expect(try Command.run(["run", "--config", file, "--set", "role=oracle"] + role).status == 64)
        let keys = [
            "keys", "new", "--data", workplace.path + "/data", "--key-file", try workplace.keyFile(7),
            "--endpoint", "127.0.0.1:9100",
        ]
        #expect(try Command.run(keys).status == 0)
        let member = try Command.run(["run", "--config", file] + role)
        #expect(member.status == 2 && member.errors.contains("oracle keys new --operator"))
        try FileManager.default.removeItem(atPath: workplace.path + "/data")
        #expect(try Command.run(keys + ["--operator"]).status == 0)
        let own = try Command.run(["run", "--config", file])
        #expect(own.status == 2 && own.errors.contains("are an operator's"))
    }

    @Test func `answers as an operator, and says what it waits for`() async throws {
        let data = workplace.path + "/data"
        let made = try Command.run([
            "keys", "new", "--operator", "--data", data, "--key-file", try workplace.keyFile(7), "--endpoint",
            "127.0.0.1:9100",
        ])
        try #require(made.status == 0, "\(made.errors)")
        let running = try Command.start([
            "run", "--config", file, "--role", "operator", "--operator-id", "7", "--set",
            "chain.genesis=0x" + String(repeating: "1", count: 64),
        ])
        defer { running.end() }
        try await running.wait(for: data + "/oracle.sock")
        let status = try Command.run(["status", "--data", data])
        #expect(status.status == 0, "\(status.errors)")
        #expect(status.output.hasPrefix("operator 7 "))
        let json = try Command.run(["status", "--data", data, "--json"])
        let answer = try #require(
            JSONSerialization.jsonObject(with: Data(json.output.utf8)) as? [String: Any]
        )
        #expect(answer["role"] as? String == "operator" && answer["id"] as? Int == 7)
        #expect(answer["isReady"] as? Bool == false)
        let why = try Command.run(["status", "--data", data, "--why"])
        #expect(why.output.contains("Waits for the chain to show a committee"))
        let drained = try Command.run(["drain", "--data", data])
        #expect(drained.status == 3 && drained.errors.contains("404"))
    }

    @Test func `does not start with the wrong key file`() throws {
        let made = try Command.run(
            [
                "keys", "new", "--data", workplace.path + "/data", "--key-file", try workplace.keyFile(8),
                "--endpoint",
                "127.0.0.1:9100",
            ]
        )
        try #require(made.status == 0, "\(made.errors)")
        _ = try workplace.keyFile(7)
        let wrong = try Command.run(["run", "--config", file])
        #expect(wrong.status == 2)
        #expect(wrong.errors.contains("is not the one it was made with"))
    }
}
