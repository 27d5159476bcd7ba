import Foundation
import TestSupport
import Testing

/// What `oracle ops` does without a chain.
@Suite struct OpsCommandTests {
    private static let contract = "0x5FbDB2315678afecb367f032d93F642f64180aa3"
    private static let owner = "0x7E5F4552091A69125d5DfCb7b8C2659029395Bdf"
    private let workplace: Workplace

    init() throws {
        workplace = try Workplace()
    }

    private func ops(_ arguments: String..., environment: [String: String] = [:]) throws -> Command.Outcome {
        try Command.run(
            ["ops"] + arguments,
            environment: ["ORACLE_OPERATIONS_ADDRESS": Self.contract].merging(environment) { $1 }
        )
    }

    @Test func `prints what a governor that is a contract has to send`() throws {
        let made = try ops(
            "keygen",
            "--count",
            "3",
            "--operators",
            "4,3,2,1",
            "--withdrawal",
            Self.owner,
            "--owner",
            Self.owner,
            "--dry-run",
            "--json"
        )
        try #require(made.status == 0, "\(made.errors)")
        let call = try #require(
            JSONSerialization.jsonObject(with: Data(made.output.utf8)) as? [String: String]
        )
        #expect(call["to"] == Self.contract && call["value"] == "0")
        let data = try #require(call["data"])
        // The offset of the request, then that of its list, its size and count, and at the end the numbers, which rise.
        #expect(data.count == 2 + 8 + 64 * 14)
        #expect(
            data.suffix(64 * 5)
                == [4, 1, 2, 3, 4].map { String(repeating: "0", count: 63) + "\($0)" }.joined()
        )
        let text = try ops("cancel", "0x" + String(repeating: "ab", count: 32), "--dry-run")
        #expect(text.status == 0, "\(text.errors)")
        #expect(text.output.hasPrefix("to     \(Self.contract)\nvalue  0\ndata   0x"))
        #expect(text.output.contains(String(repeating: "ab", count: 32)))
    }

    @Test func `takes the owner from the account that asks`() throws {
        let account = try workplace.write(String(repeating: "0", count: 63) + "1\n", to: "account")
        let arguments = ["keygen", "--count", "1", "--withdrawal", Self.contract, "--dry-run"]
        let environment = ["ORACLE_OPERATIONS_ADDRESS": Self.contract]
        let own = try Command.run(
            ["ops"] + arguments,
            environment: environment.merging(["ORACLE_ACCOUNT_FILE": account]) { $1 }
        )
        let named = try Command.run(["ops"] + arguments + ["--owner", Self.owner], environment: environment)
        #expect(own.status == 0 && own.output == named.output, "\(own.errors)")
        let none = try Command.run(["ops"] + arguments, environment: environment)
        #expect(none.status == 64 && none.errors.contains("--owner"))
    }

    @Test func `registers by an operator's card or by its parts, to the same effect`() throws {
        let data = workplace.path + "/data"
        let made = try Command.run([
            "keys", "new", "--operator", "--data", data, "--key-file", try workplace.keyFile(), "--endpoint",
            "a.example:9100",
        ])
        try #require(made.status == 0, "\(made.errors)")
        let card = try #require(
            JSONSerialization.jsonObject(with: Data(made.output.utf8)) as? [String: String]
        )
        let by = try ops(
            "operators",
            "register",
            "--id",
            "7",
            "--card",
            data + "/operator.json",
            "--collateralised",
            "--dry-run"
        )
        try #require(by.status == 0, "\(by.errors)")
        let parts = try ops(
            "operators",
            "register",
            "--id",
            "7",
            "--account",
            card["account"] ?? "",
            "--identity",
            card["identity"] ?? "",
            "--shares-key-hash",
            card["sharesKeyHash"] ?? "",
            "--endpoint",
            "a.example:9100",
            "--collateralised",
            "--dry-run"
        )
        #expect(parts.output == by.output, "\(parts.errors)")
        let both = try ops(
            "operators",
            "register",
            "--id",
            "7",
            "--card",
            data + "/operator.json",
            "--endpoint",
            "a:1",
            "--dry-run"
        )
        #expect(both.status == 64)
        let member = try ops("operators", "register", "--id", "7", "--card", data, "--dry-run")
        #expect(member.status == 2)
    }

    @Test(
        arguments: [
            ["keygen", "--count", "0", "--withdrawal", owner],
            ["keygen", "--count", "21", "--withdrawal", owner],
            ["keygen", "--count", "1", "--withdrawal", "0x5FbDB2315678afecb367f032d93F642f64180aA3"],
            ["keygen", "--count", "1", "--withdrawal", owner, "--operators", "1,2,3"],
            ["keygen", "--count", "1", "--withdrawal", owner, "--operators", "1,2,3,3"],
            ["keygen", "--count", "1", "--withdrawal", owner, "--operators", "1,2,3,4", "--size", "5"],
            ["keygen", "--count", "1", "--withdrawal", owner, "--amount-gwei", "33000000000"],
            ["exit", "--key", "0x12345678", "--way", "signed", "--fee-cap", "1"],
            ["exit", "--key", "0x12345678", "--way", "flight"],
            ["operators", "register", "--id", "0", "--card", "x"], ["operators", "set", "--id", "1"],
            ["list"], ["watch", "--every", "0"], ["list", "--rpc", "ftp://x"],
        ]
    )
    func `says how it is used when it is used wrongly`(_ arguments: [String]) throws {
        let wrong = try Command.run(
            ["ops"] + arguments + (arguments[0] == "keygen" ? ["--owner", Self.owner, "--dry-run"] : []),
            environment: ["ORACLE_OPERATIONS_ADDRESS": Self.contract]
        )
        #expect(wrong.status == 64, "\(wrong.output) \(wrong.errors)")
        #expect(wrong.output.isEmpty)
    }

    @Test func `says that the endpoint does not answer, and does not show its secrets`() throws {
        let silent = try ops("list", "--rpc", "http://user:secret@127.0.0.1:1/token")
        #expect(silent.status == 3)
        #expect(silent.errors.contains("the chain's endpoint 127.0.0.1:1 gives no answer"))
        #expect(!silent.errors.contains("secret") && !silent.errors.contains("token"))
    }

    @Test func `wants an account's key that is closed to others`() throws {
        let arguments = [
            "ops", "cancel", "0x" + String(repeating: "ab", count: 32), "--contract", Self.contract,
        ]
        let none = try Command.run(arguments)
        #expect(none.status == 64 && none.errors.contains("--account-file"))
        let open = try workplace.write(Data(repeating: 0x31, count: 64), to: "open", permissions: 0o644)
        let wrong = try Command.run(arguments + ["--account-file", open])
        #expect(wrong.status == 2 && wrong.errors.contains("chmod 600"))
    }
}
