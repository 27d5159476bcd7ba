import Foundation
import TestSupport
import Testing

/// `oracle proof verify` for files of the validator world.
@Suite struct ValidatorFileCommandTests {
    private struct Deposits: Decodable {
        struct File: Decodable { let text: String }
        struct Altered: Decodable {
            let text: String
            let isGood: Bool
        }
        let files: [File]
        let altered: [Altered]
    }

    private struct Ceremonies: Decodable {
        struct Case: Decodable { let keyshares, proofs: String }
        let good: [Case]
        let tooLowDegree: Case
    }

    private let workplace: Workplace

    init() throws {
        workplace = try Workplace()
    }

    private func verify(_ content: String, _ more: String...) throws -> Command.Outcome {
        try Command.run(["proof", "verify", "-"] + more, input: content)
    }

    @Test func `says what it has checked of a deposit tool's file`() throws {
        let deposits: Deposits = try Fixture.load("validator-files/deposits.json")
        let file = try #require(deposits.files.first)
        let good = try verify(file.text)
        #expect(good.status == 0, "\(good.output) \(good.errors)")
        #expect(good.output.hasPrefix("VALID: ") && good.output.contains("deposit data"))
        let report = try #require(
            JSONSerialization.jsonObject(with: Data(try verify(file.text, "--json").output.utf8))
                as? [String: Any]
        )
        #expect(report["valid"] as? Bool == true && report["kind"] as? String == "deposit data")
        let altered = try #require(deposits.altered.first { !$0.isGood })
        let bad = try verify(altered.text)
        #expect(bad.status == 1 && bad.output.hasPrefix("NOT VALID: ") && bad.output.contains("REFUSED"))
    }

    @Test func `holds proofs against the keyshares beside them`() throws {
        let ceremonies: Ceremonies = try Fixture.load("validator-files/ssv.json")
        let good = try #require(ceremonies.good.first)
        let beside = try workplace.write(good.keyshares, to: "keyshares.json")
        #expect(try verify(good.keyshares).status == 0)
        #expect(try verify(good.proofs, "--beside", beside).status == 0)
        let alone = try verify(good.proofs)
        #expect(alone.status == 1 && alone.output.contains("give the keyshares"))
        #expect(try verify(good.proofs, "--beside", workplace.path + "/none").status == 2)
        let few = try verify(ceremonies.tooLowDegree.keyshares, "--json")
        #expect(few.status == 1 && few.output.contains("\"valid\" : false"))
    }

    @Test func `knows no other file`() throws {
        for text in ["{}", "[]", "nonsense", ""] { #expect(try verify(text).status == 2, "\(text)") }
        #expect(try verify("{}", "--key", "0x12").status == 64)
    }
}
