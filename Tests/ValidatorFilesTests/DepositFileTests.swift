import KeyOperations
import Primitives
import TestSupport
import Testing

@testable import ValidatorFiles

/// `deposit_data.json`, against files of the deposit tool and its own verdicts.
@Suite struct DepositFileTests {
    struct Fixtures: Decodable {
        struct File: Decodable {
            let network, text: String
        }
        struct Altered: Decodable {
            let what, text: String
            let isGood: Bool
        }
        let files: [File]
        let altered: [Altered]
    }

    static let fixtures: Result<Fixtures, any Error> = Result {
        try Fixture.load("validator-files/deposits.json")
    }

    @Test func `a file of the deposit tool is read, found good and written again byte for byte`() throws {
        for file in try Self.fixtures.get().files {
            let bytes = Array(file.text.utf8)
            let read = try DepositFile(bytes)
            #expect(read.encoded() == bytes)
            #expect(read.entries.allSatisfy { $0.network.name == file.network })
            #expect(ValidatorFile.recognise(bytes).isGood, "\(file.network)")
        }
    }

    @Test func `a file for Go's tools has no white space but a last line feed`() throws {
        for file in try Self.fixtures.get().files {
            let read = try DepositFile(Array(file.text.utf8))
            let compact = String(decoding: read.encoded(.compact), as: UTF8.self)
            #expect(compact == file.text.replacing(" ", with: "") + "\n")
            #expect(try DepositFile(Array(compact.utf8)) == read)
        }
    }

    @Test func `an altered file is refused where the deposit tool refuses it`() throws {
        let altered = try Self.fixtures.get().altered
        #expect(altered.count >= 27)
        for item in altered {
            let report = ValidatorFile.recognise(Array(item.text.utf8))
            #expect(report.isGood == item.isGood, "\(item.what): \(report.lines)")
        }
    }

    @Test func `refusals name the place, the problem and a remedy`() throws {
        let text = try Self.fixtures.get().files[0].text
        let refusals = [
            (text.replacing("mainnet", with: "hoodi"), "[0].network_name"),
            (
                text.replacing("\"fork_version\": \"00000000\"", with: "\"fork_version\": \"deadbeef\""),
                "[0].fork_version"
            ),
            (
                text.replacing("deposit_cli_version\": \"1.3.1", with: "deposit_cli_version\": \"2.6.9"),
                "[0].deposit_cli_version"
            ),
            (
                text.replacing("deposit_cli_version\": \"1.3.1", with: "deposit_cli_version\": \"2.7"),
                "[0].deposit_cli_version"
            ),
            (text.replacing("\"amount\": 32000000000", with: "\"amount\": 3.2e10"), "[0].amount"),
            (text.replacing("\"pubkey\": \"", with: "\"pubkey\": \"0x"), "[0].pubkey"),
            (text.replacing("\"pubkey\"", with: "\"publickey\""), "[0]"),
            ("[]", ""), ("{}", ""), ("[1]", "[0]"), (text + "]", ""), ("", ""),
        ]
        for (changed, place) in refusals {
            let fault = #expect(throws: FileFault.self) { try DepositFile(Array(changed.utf8)) }
            #expect(
                fault?.place == place && fault?.problem.isEmpty == false && fault?.remedy.isEmpty == false
            )
        }
    }

    @Test func `a message root that is of another message is refused`() throws {
        let file = try DepositFile(Array(try Self.fixtures.get().files[0].text.utf8))
        let root = file.entries[0].data.message.hashTreeRoot().hex
        let text = try Self.fixtures.get().files[0].text.replacing(
            root,
            with: String(repeating: "a", count: 64)
        )
        let fault = #expect(throws: FileFault.self) { try DepositFile(Array(text.utf8)) }
        #expect(fault?.place == "[0].deposit_message_root")
    }

    @Test func `a validator that comes twice is refused`() throws {
        let file = try DepositFile(Array(try Self.fixtures.get().files[0].text.utf8))
        let twice = DepositFile(file.entries + file.entries).encoded()
        #expect(ValidatorFile.recognise(twice).faults.map(\.place) == ["[1].pubkey"])
    }

    @Test func `a file beyond the bounds is refused before it is read`() throws {
        let entry = try DepositFile(Array(try Self.fixtures.get().files[0].text.utf8)).entries[0]
        let most = DepositFile(Array(repeating: entry, count: DepositFile.mostEntries)).encoded()
        #expect(try DepositFile(most).entries.count == DepositFile.mostEntries)
        let more = DepositFile(Array(repeating: entry, count: DepositFile.mostEntries + 1)).encoded()
        #expect(throws: FileFault.self) { try DepositFile(more) }
        let long = [UInt8](repeating: UInt8(ascii: " "), count: DepositFile.mostBytes + 1)
        let fault = #expect(throws: FileFault.self) { try DepositFile(long) }
        #expect(fault?.problem.contains("\(DepositFile.mostBytes + 1) bytes") == true)
    }
}
