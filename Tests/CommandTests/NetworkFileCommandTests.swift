import Foundation
import TestSupport
import Testing

/// `oracle proof verify --network`: files of a beacon chain that is not public, made by the specification's own program.
@Suite struct NetworkFileCommandTests {
    private static let deposit =
        """
        [{"pubkey": "a491d1b0ecd9bb917989f0e74f0dea0422eac4a873e5e2644f368dffb9a6e20fd6e10c1b77654d067c0\
        618f6e5a7f79a", "withdrawal_credentials": "0100000000000000000000001d2f14d2ddfee594b4093d42e4bc1\
        b0ea55e8aa7", "amount": 32000000000, "signature": "a7f1c9a95c88ae6f9e5c252e64c9b6b678e9bfe1d78f8\
        ccfe2572fb33b48d5d475619ac4b1f975aff23cf06f380dab1c033d961fff06372c8b1c5b46829bb4586c3b82caff555\
        b9ae8ccda20b86271328492599106b63c0016e38f7bc2a19a81", "deposit_message_root": "b908adcec94d2a9e8\
        632288bf29691fd6879cc87183879fe765e97b4e8cff5a8", "deposit_data_root": "33b15316e5c28077bd985eee\
        111ef5d3726db90a1221dd750a8e19112017cc19", "fork_version": "00000001", "network_name": "developm\
        ent", "deposit_cli_version": "2.7.0"}]
        """
    private static let exit =
        """
        {"message": {"epoch": "3", "validator_index": "7"}, "signature": "0xa3f3d512a60b5e2cf9322ff52222\
        86cbd945ee6242ecdebd14763fa56558dffbf8073a0cf1be34cd4641f4dc54e055ab1578924f0b8db4555954602f5cc4\
        c2226155e684f210e6880fc60246c44bdaf495d9001e1b4c8c808e5272991e1cdff2"}
        """
    private static let key =
        """
        a491d1b0ecd9bb917989f0e74f0dea0422eac4a873e5e2644f368dffb9a6e20fd6e10c1b77654d067c0618f6e5a7f79a
        """

    private let workplace: Workplace

    init() throws {
        workplace = try Workplace()
    }

    private func network(
        name: String = "development",
        genesis: String = "0x00000001",
        root: String = "0x000102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1e1f"
    ) throws -> String {
        let text = """
            {"name":"\(name)","genesis_fork_version":"\(genesis)","capella_fork_version":"0x03000001",\
            "genesis_validators_root":"\(root)"}
            """
        return try workplace.write(text, to: "network.json")
    }

    private func verify(_ content: String, _ more: String...) throws -> Command.Outcome {
        try Command.run(["proof", "verify", "-"] + more, input: content)
    }

    @Test func `deposits and exits of a network that is named hold on that network alone`() throws {
        let own = try network()
        let deposit = try verify(Self.deposit, "--network", own)
        #expect(deposit.status == 0, "\(deposit.output) \(deposit.errors)")
        let exit = try verify(Self.exit, "--network", own, "--key", Self.key)
        #expect(exit.status == 0, "\(exit.output) \(exit.errors)")
        #expect(try verify(Self.deposit).status == 1)
        #expect(try verify(Self.exit, "--key", Self.key).status == 1)
        let other = try network(genesis: "0x00000002", root: "0x" + String(repeating: "11", count: 32))
        #expect(try verify(Self.deposit, "--network", other).status == 1)
        #expect(try verify(Self.exit, "--network", other, "--key", Self.key).status == 1)
    }

    @Test func `a file that names no network is refused with what is missing`() throws {
        for (file, words) in [
            (try workplace.write("{}", to: "empty.json"), "four texts are missing"),
            (
                try workplace.write(String(repeating: " ", count: 5_000), to: "long.json"),
                "more than 4096 bytes"
            ),
        ] {
            let refused = try verify(Self.deposit, "--network", file)
            #expect(refused.status == 2 && refused.errors.contains(words), "\(refused.errors)")
        }
        let refusals: [(() throws -> String, String)] = [
            ({ try network(genesis: "0x01") }, "a fork version has 4 bytes"),
            ({ try network(root: "0x01") }, "has 32 bytes"),
            ({ try network(name: "") }, "1 to 32 bytes"),
        ]
        for (write, words) in refusals {
            let refused = try verify(Self.deposit, "--network", try write())
            #expect(refused.status == 2 && refused.errors.contains(words), "\(refused.errors)")
        }
    }
}
