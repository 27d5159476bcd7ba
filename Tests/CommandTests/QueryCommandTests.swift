import Foundation
import TestSupport
import Testing

/// The commands that ask a node or judge a file.
@Suite struct QueryCommandTests {
    private let workplace: Workplace
    private static let fixtures = Fixture.repository.appending(path: "Tests/Fixtures/offline")
    private let committee = fixtures.appending(path: "committee.json").path

    init() throws {
        workplace = try Workplace()
    }

    private func fixture(_ name: String) -> String { Self.fixtures.appending(path: name).path }

    @Test(
        arguments: [
            ["status"], ["drain"], ["committee", "export"], ["evidence", "list"],
            ["evidence", "export", "0123456789abcdef", "--output", "/nowhere/x"],
            ["proof", "list"], ["proof", "export", "2:3", "--output", "/nowhere/x"],
            ["proof", "publish", "a word"], ["committee", "export", "-o", "/nowhere/x"],
            ["evidence", "export", "0123456789abcdef", "-o", "/nowhere/x"],
        ]
    )
    func `says that no node answers`(_ command: [String]) throws {
        let arguments = command + ["--data", workplace.path]
        let asked = try Command.run(arguments)
        #expect(asked.status == 3)
        #expect(asked.output.isEmpty)
        #expect(asked.errors.contains("no node answers at \(workplace.path)/oracle.sock"))
    }

    @Test(arguments: ["certificate.json", "log.json"])
    func `finds a certificate and a log valid`(_ name: String) throws {
        let judged = try Command.run(["verify", "certificate", fixture(name), "--committee", committee])
        #expect(judged.status == 0, "\(judged.errors)")
        #expect(judged.output.hasPrefix("VALID for the registry 0x5FbDB2315678afecb367f032d93F642f64180aa3"))
    }

    @Test func `reads standard input and answers in JSON`() throws {
        let text = try String(contentsOfFile: fixture("certificate.json"), encoding: .utf8)
        let judged = try Command.run(
            ["verify", "certificate", "-", "--committee", committee, "--json"],
            input: text
        )
        #expect(judged.status == 0)
        let verdict = try JSONSerialization.jsonObject(with: Data(judged.output.utf8)) as? [String: Any]
        #expect(verdict?["valid"] as? Bool == true)
        let elections = verdict?["elections"] as? [[String: Any]]
        #expect(elections?.first?["view"] as? Int == 9)
    }

    @Test func `says what a file of evidence proves`() throws {
        let judged = try Command.run([
            "evidence", "verify", fixture("two-heartbeats.evidence"), "--committee", committee,
        ])
        #expect(judged.status == 0, "\(judged.errors)")
        #expect(judged.output.hasPrefix("VALID for the registry 0x5FbDB2315678afecb367f032d93F642f64180aa3"))
        #expect(judged.output.contains("member 2 of the committee of epoch 1"))
        let alone = try Command.run(["evidence", "verify", fixture("two-heartbeats.evidence"), "--json"])
        #expect(alone.status == 0)
        let verdict = try JSONSerialization.jsonObject(with: Data(alone.output.utf8)) as? [String: Any]
        #expect(verdict?["valid"] as? Bool == true)
        #expect(verdict?["committeeGiven"] as? Bool == false)
        #expect((verdict?["evidence"] as? [String: Any])?["crime"] as? String == "twoRegisters")
    }

    @Test func `a file of evidence that was changed or is something else is told apart from one that holds`()
        throws
    {
        var bytes = try Data(contentsOf: URL(filePath: fixture("two-heartbeats.evidence")))
        bytes[bytes.count - 1] ^= 1
        let changed = try workplace.write(bytes, to: "changed.evidence")
        let judged = try Command.run(["evidence", "verify", changed, "--committee", committee])
        #expect(judged.status == 1)
        #expect(judged.output.hasPrefix("NOT VALID"))
        for file in [committee, fixture("certificate.json")] {
            let wrong = try Command.run(["evidence", "verify", file])
            #expect(wrong.status == 2)
            #expect(wrong.errors.contains("\(file): it is no file of evidence"))
        }
        let missing = try Command.run(["evidence", "verify", "/nowhere"])
        #expect(missing.status == 2)
    }

    @Test func `says what the proof of an entry shows, by whom and on what`() throws {
        let judged = try Command.run(["proof", "verify", fixture("proof.json"), "--committee", committee])
        #expect(judged.status == 0, "\(judged.errors)")
        #expect(judged.output.hasPrefix("VALID for the registry 0x5FbDB2315678afecb367f032d93F642f64180aa3"))
        #expect(judged.output.contains("member 2 of the committee of epoch 1"))
        #expect(judged.output.contains("event ProofAnchored of number 1"))
        let alone = try Command.run(["proof", "verify", fixture("proof.json"), "--json"])
        #expect(alone.status == 0)
        let verdict = try JSONSerialization.jsonObject(with: Data(alone.output.utf8)) as? [String: Any]
        #expect(verdict?["valid"] as? Bool == true)
        #expect(verdict?["committeeGiven"] as? Bool == false)
        let proof = verdict?["proof"] as? [String: Any]
        #expect(proof?["id"] as? String == "2:3")
        #expect(proof?["number"] as? Int == 1)
    }

    @Test
    func `the proof of an entry that was changed or is something else is told apart from one that holds`()
        throws
    {
        let text = try String(contentsOfFile: fixture("proof.json"), encoding: .utf8)
        let changed = text.replacingOccurrences(of: "\"number\" : 1", with: "\"number\" : 2")
        try #require(changed != text)
        let judged = try Command.run(["proof", "verify", "-", "--committee", committee], input: changed)
        #expect(judged.status == 1)
        #expect(judged.output.hasPrefix("NOT VALID"))
        for file in [committee, fixture("certificate.json")] {
            let wrong = try Command.run(["proof", "verify", file])
            #expect(wrong.status == 2)
            #expect(wrong.errors.contains("\(file): it is no proof of an entry ('"))
        }
        #expect(try Command.run(["proof", "verify", "/nowhere"]).status == 2)
        #expect(try Command.run(["proof", "export", "2-3", "--output", "x"]).status == 64)
        #expect(try Command.run(["proof", "list", "--last", "201"]).status == 64)
    }

    @Test func `says which directory or file of logs cannot be used`() throws {
        let none = try Command.run(["log", "export", "--data", "/nowhere", "-o", "\(workplace.path)/x"])
        #expect(none.status == 2 && none.errors.contains("there is no data directory at /nowhere"))
        let wrong = try Command.run(["log", "verify", committee])
        #expect(wrong.status == 2 && wrong.errors.contains("\(committee): it is no file of logs"))
        #expect(try Command.run(["log", "verify", "/nowhere/x"]).status == 2)
        #expect(try Command.run(["log", "import", committee, "--data", "/nowhere"]).status == 2)
    }

    @Test func `publishes one thing at a time, and not too much of it`() throws {
        #expect(try Command.run(["proof", "publish"]).status == 64)
        #expect(try Command.run(["proof", "publish", "a", "--file", "b"]).status == 64)
        let unread = try Command.run(["proof", "publish", "--file", "/nowhere/x"])
        #expect(unread.status == 2 && unread.errors.contains("/nowhere/x cannot be read"))
        let long = String(repeating: "x", count: 16_385)
        for text in ["", long] {
            let refused = try Command.run(["proof", "publish", "--file", "-"], input: text)
            #expect(refused.status == 2 && refused.errors.contains("1 to 16384 bytes"))
        }
    }

    @Test func `finds a certificate of another view not valid`() throws {
        let text = try String(contentsOfFile: fixture("certificate.json"), encoding: .utf8)
        let changed = text.replacingOccurrences(of: "\"view\":9", with: "\"view\":13")
        try #require(changed != text)
        let judged = try Command.run(
            ["verify", "certificate", "-", "--committee", committee],
            input: changed
        )
        #expect(judged.status == 1)
        #expect(judged.output.hasPrefix("NOT VALID"))
    }

    @Test func `says which file it does not understand`() throws {
        let wrong = try Command.run(["verify", "certificate", committee, "--committee", committee])
        #expect(wrong.status == 2)
        #expect(wrong.errors.contains("\(committee): it is no election certificate"))
        let missing = try Command.run(["verify", "certificate", "-", "--committee", "/nowhere"])
        #expect(missing.status == 2)
        #expect(missing.errors.contains("/nowhere: "))
        let card = try Command.run(["verify", "certificate", "-", "--committee", fixture("log.json")])
        #expect(card.status == 2)
        #expect(card.errors.contains("oracle committee export"))
    }

    @Test(
        arguments: [
            ["run"], ["status"], ["watch"], ["drain"], ["keys", "new"], ["keys", "show"], ["keys", "renew"],
            ["verify", "certificate"],
            ["committee", "export"], ["evidence", "list"], ["evidence", "export"], ["evidence", "verify"],
            ["store", "check"], ["store", "salvage"], ["log", "export"], ["log", "verify"],
            ["log", "import"], ["proof", "publish"], ["proof", "list"],
            ["proof", "export"], ["proof", "verify"], ["ops"], ["ops", "keygen"], ["ops", "reshare"],
            ["ops", "exit"], ["ops", "cancel"], ["ops", "list"], ["ops", "show"], ["ops", "watch"],
            ["ops", "operators", "register"], ["ops", "operators", "set"], ["ops", "operators", "list"],
        ]
    )
    func `explains each command with an example`(_ command: [String]) throws {
        let help = try Command.run(command + ["--help"])
        #expect(help.status == 0)
        #expect(help.output.contains("oracle \(command.joined(separator: " "))"))
        #expect(help.output.contains("Example"))
    }

    @Test func `explains exit codes and tells its version`() throws {
        let help = try Command.run(["--help"])
        #expect(help.status == 0)
        #expect(help.output.contains("Exit codes:"))
        let version = try Command.run(["version"])
        #expect(version.status == 0)
        #expect(version.output.hasPrefix("oracle 0."))
        #expect(try Command.run(["frobnicate"]).status == 64)
    }
}
