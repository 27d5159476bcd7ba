import Cryptography
import Ethereum
import P2PNode
import Primitives
import Testing

extension DevelopmentChainTests {
    /// How anchors of the members' logs come onto a real development chain, and are followed there.
    struct ProofAnchoringTests {
        private func gas(_ chain: DevChain, _ transaction: Digest) async throws -> UInt64 {
            let receipt = try await chain.rpc("eth_getTransactionReceipt", .string(transaction.description))
            return try receipt.member("gasUsed", of: "receipt").quantity("gasUsed")
        }

        @Test func `an anchor is brought, followed to its confirmation, reorganised away and brought again`()
            async throws
        {
            try await withRegistry { chain, registry in
                try await ChainProbe.with(registry) { probe in
                    let anchor = try registry.anchor(1)
                    await probe.service.submit(anchor)
                    let hash = try await probe.mineUntilIncluded(anchor)
                    let seen = try await probe.wait(forAnchor: 1, .seen)
                    #expect(seen.transaction == hash)
                    #expect(try await gas(chain, hash) < anchor.gasLimit)
                    try await chain.mine(2)
                    #expect(try await probe.wait(forAnchor: 1, .confirmed) == seen)
                    let depth = Int(try await chain.height() - seen.block.number) + 1
                    try await chain.reorganise(depth: depth, length: depth + 1, dropping: [hash])
                    let void = try await probe.wait(for: "the record taken back") { event in
                        if case .takenBack(let record) = event { record } else { nil }
                    }
                    #expect(void == seen)
                    try await probe.wait(forOutcome: "reopening", of: anchor) { outcome in
                        if case .progress(.reopened) = outcome { true } else { nil }
                    }
                    _ = try await probe.mineUntilIncluded(anchor)
                    try await chain.mine(10)
                    let final = try await probe.wait(forAnchor: 1, .finalized)
                    #expect(final.block != seen.block)
                    #expect(final.event == seen.event)
                    try await probe.wait(forOutcome: "the end", of: anchor) { $0 == .settled ? true : nil }
                }
            }
        }

        @Test func `the second anchor waits for the first, and both are told in order`() async throws {
            try await withRegistry { chain, registry in
                try await ChainProbe.with(registry) { probe in
                    try await probe.wait(forHead: try await chain.height())
                    let second = try registry.anchor(2, root: 2)
                    await probe.service.submit(second)
                    try await probe.wait(forOutcome: "patience", of: second) {
                        $0 == .postponed(.wrongNumber) ? true : nil
                    }
                    try await registry.call(try registry.anchor(1), from: 6)
                    try await chain.mine()
                    let hash = try await probe.mineUntilIncluded(second)
                    #expect(try await gas(chain, hash) < 60_000)
                    try await probe.wait(forAnchor: 2, .seen)
                    let numbers = await probe.events.compactMap { event -> UInt64? in
                        guard case .record(let record, .seen) = event,
                            case .proofAnchored(let anchor) = record.event
                        else { return nil }
                        return anchor.statement.number
                    }
                    #expect(numbers == [1, 2])
                }
                try await ChainProbe.with(registry) { probe in
                    let snapshot = try await probe.wait(for: "the state") { event in
                        if case .state(let snapshot) = event { snapshot } else { nil }
                    }
                    #expect(snapshot.state.proof == LatestProof(number: 2, root: Keccak256.hash([2])))
                }
            }
        }

        @Test(arguments: [1, 2] as [UInt8])
        func `who loses the race for a number is content with the same root, and gives up another`(
            root: UInt8
        )
            async throws
        {
            try await withRegistry { chain, registry in
                try await ChainProbe.with(registry) { probe in
                    let anchor = try registry.anchor(1)
                    await probe.service.submit(anchor)
                    try await probe.wait(forSending: anchor)
                    let rival = try registry.anchor(1, root: root, nonce: 99)
                    try await registry.call(rival, from: 6, tip: 50_000_000_000)
                    try await chain.mine()
                    try await probe.wait(forOutcome: "a lost race", of: anchor) { outcome in
                        if case .progress(.included(_, _, .reverted)) = outcome { true } else { nil }
                    }
                    try await probe.wait(forOutcome: "the verdict", of: anchor) { outcome in
                        switch outcome {
                        case .doneByOther: root == 1 ? true : nil
                        case .superseded: root == 2 ? true : nil
                        default: nil
                        }
                    }
                    try await chain.mine(10)
                    try await probe.wait(forOutcome: "the end", of: anchor) { $0 == .settled ? true : nil }
                }
            }
        }
    }
}
