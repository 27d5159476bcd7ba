import Cryptography
import Ethereum
import P2PNode
import Primitives
import Testing

extension DevelopmentChainTests {
    /// What becomes of nonces and fees, with which everything waits for everything else.
    struct NonceAndFeeTests {
        /// A tip so small that whoever offers a usual one goes first.
        private func tipsLittle(_ configuration: inout ChainConfiguration) {
            configuration.outbox.fees = FeePolicy(leastTip: 1_000, greatestTip: 1_000)
            configuration.outbox.fees.headroom = 1
        }

        @Test func `offers more when the base fee climbs past its offer, and lands`() async throws {
            try await withRegistry { chain, registry in
                try await ChainProbe.with(registry) {
                    tipsLittle(&$0)
                } _: { probe in
                    try await probe.wait(forHead: try await chain.height())
                    let election = try registry.election(1)
                    await probe.service.submit(election)
                    let first = try await probe.wait(forSending: election)
                    let offer = try #require(await probe.transaction(first)).maxFee
                    for block in 1...3 {
                        try await registry.fillNextBlock()
                        try await chain.mine()
                        if block > 1 { #expect(try await chain.baseFee() > offer) }
                        try await probe.wait(forHead: try await chain.height())
                    }
                    #expect(try await registry.view() == 0)
                    let raised = try await probe.wait(forOutcome: "a higher offer", of: election) { outcome in
                        if case .progress(.raised(let hash)) = outcome { hash } else { nil }
                    }
                    try await probe.wait(until: "the chain has it") {
                        try await chain.holds(raised)
                    }
                    try await chain.mine()
                    #expect(try await chain.baseFee() > offer)
                    #expect(try await registry.view() == 1)
                    #expect(try await probe.mineUntilIncluded(election) == raised)
                    #expect(try await chain.holds(first) == false)
                }
            }
        }

        @Test func `raises an offer that is under the base fee until it is mined`() async throws {
            try await withRegistry { chain, registry in
                try await ChainProbe.with(registry) {
                    $0.outbox.fees = FeePolicy(leastTip: 50_000_000, greatestTip: 50_000_000)
                    $0.outbox.fees.headroom = 0
                } _: { probe in
                    let election = try registry.election(1)
                    await probe.service.submit(election)
                    let first = try await probe.wait(forSending: election)
                    try await chain.mine()
                    #expect(try await registry.view() == 0)
                    let mined = try await probe.mineUntilIncluded(election)
                    #expect(mined != first)
                    #expect(try await registry.view() == 1)
                }
            }
        }

        @Test func `frees the nonce of a call that was withdrawn before its process died`() async throws {
            try await withRegistry { chain, registry in
                let store = MemoryChainStore()
                let election = try registry.election(1)
                try await ChainProbe.with(registry, store: store) {
                    tipsLittle(&$0)
                } _: { probe in
                    try await probe.wait(forHead: try await chain.height())
                    await probe.service.submit(election)
                    try await probe.wait(forSending: election)
                    await probe.service.withdraw(election.id)
                    try await probe.wait(until: "the withdrawal is kept") {
                        await store.records[election.id]?.isWithdrawn == true
                    }
                }
                try await ChainProbe.with(registry, store: store) {
                    tipsLittle(&$0)
                } _: { probe in
                    // As long as the call's own transaction waits, no block has room for it.
                    while await store.records[election.id]?.attempts.last?.isCancellation == false {
                        try await registry.fillNextBlock()
                        try await chain.mine()
                        try await probe.wait(forHead: try await chain.height())
                        try await Task.sleep(for: .milliseconds(150))
                    }
                    try await probe.wait(until: "the nonce is free") {
                        try await chain.mine()
                        return await store.records.isEmpty
                    }
                    #expect(try await registry.view() == 0)
                    #expect(try await chain.nonce(of: TestRegistry.account(1).address) == 1)
                }
            }
        }

        @Test func `takes another nonce when a stranger has used its own`() async throws {
            try await withRegistry { chain, registry in
                try await ChainProbe.with(registry) { probe in
                    let election = try registry.election(1)
                    await probe.service.submit(election)
                    let first = try await probe.wait(forSending: election)
                    let key = TestRegistry.account(1)
                    _ = try await TestRegistry.send(
                        chain,
                        from: key,
                        to: key.address,
                        [],
                        gas: 21_000,
                        tip: 90_000_000_000,
                        nonce: 0
                    )
                    let mined = try await probe.mineUntilIncluded(election)
                    #expect(mined != first)
                    #expect(
                        await probe.count {
                            $0 == .submission(.registry(election), .progress(.displaced(nonce: 0)))
                        }
                            == 1
                    )
                }
            }
        }

        @Test func `closes a gap that a stranger's nonce has left, and goes on behind it`() async throws {
            try await withRegistry { chain, registry in
                let key = TestRegistry.account(1)
                let stranger = try await TestRegistry.send(
                    chain,
                    from: key,
                    to: key.address,
                    [],
                    gas: 21_000,
                    nonce: 1
                )
                try await chain.mine()
                #expect(try await chain.waiting() == (0, 1))
                try await ChainProbe.with(registry) { probe in
                    try await probe.wait(forHead: try await chain.height())
                    let first = try registry.election(1)
                    await probe.service.submit(first)
                    let sent = try await probe.wait(forSending: first)
                    #expect(await probe.transaction(sent)?.nonce == 0)
                    #expect(try await probe.mineUntilIncluded(first) == sent)
                    #expect(try await chain.holds(stranger))
                    let second = try registry.election(2)
                    await probe.service.submit(second)
                    let next = try await probe.wait(forSending: second)
                    #expect(await probe.transaction(next)?.nonce == 2)
                    #expect(try await probe.mineUntilIncluded(second) == next)
                }
            }
        }

        @Test func `closes the gap when a reorganisation drops the first of two`() async throws {
            try await withRegistry { chain, registry in
                try await ChainProbe.with(registry) { probe in
                    try await probe.wait(forHead: try await chain.height())
                    let calls = [try registry.election(1), try registry.election(2)]
                    var hashes: [Digest] = []
                    for call in calls {
                        await probe.service.submit(call)
                        hashes.append(try await probe.wait(forSending: call))
                    }
                    try await chain.mine(2)
                    try await probe.wait(forElection: 2, .seen)
                    for call in calls {
                        try await probe.wait(forOutcome: "inclusion", of: call) { outcome in
                            if case .progress(.included) = outcome { true } else { nil }
                        }
                    }
                    // Nobody has seen the first one any more; the second one waits behind its nonce.
                    try await chain.reorganise(depth: 2, length: 3, dropping: [hashes[0]])
                    #expect(try await registry.view() == 0)
                    for call in calls {
                        try await probe.wait(forOutcome: "reopening", of: call) { outcome in
                            if case .progress(.reopened) = outcome { true } else { nil }
                        }
                    }
                    try await probe.wait(until: "both are there again") {
                        try await chain.waiting() == (2, 0)
                    }
                    try await chain.mine()
                    #expect(try await registry.view() == 2)
                    #expect(try await chain.nonce(of: TestRegistry.account(1).address) == 2)
                }
            }
        }

        @Test func `tells that its account cannot pay, and sends when it can`() async throws {
            try await withRegistry { chain, registry in
                let poor: UInt8 = 77
                try await ChainProbe.with(registry, account: poor) { probe in
                    let election = try registry.election(1)
                    await probe.service.submit(election)
                    try await probe.wait(forOutcome: "want of money", of: election) { outcome in
                        if case .progress(.unaffordable) = outcome { true } else { nil }
                    }
                    try await registry.pay(
                        1_000_000_000_000_000_000,
                        to: TestRegistry.account(poor).address
                    )
                    _ = try await probe.mineUntilIncluded(election)
                    #expect(try await registry.view() == 1)
                }
            }
        }

        @Test func `sends again what a node has dropped from its pool`() async throws {
            try await withRegistry { chain, registry in
                try await ChainProbe.with(registry) { probe in
                    try await probe.wait(forHead: try await chain.height())
                    let election = try registry.election(1)
                    await probe.service.submit(election)
                    let hash = try await probe.wait(forSending: election)
                    try await probe.wait(until: "the chain has it") { try await chain.holds(hash) }
                    try await chain.reorganise(depth: 1, length: 2, dropping: [hash])
                    #expect(try await chain.holds(hash) == false)
                    try await probe.wait(until: "the chain has it again") { try await chain.holds(hash) }
                    #expect(try await probe.mineUntilIncluded(election) == hash)
                }
            }
        }
    }
}
