import Cryptography
import Ethereum
import P2PNode
import Primitives
import Testing

extension DevelopmentChainTests {
    /// How calls come onto a real development chain, whatever happens to them.
    struct SubmissionTests {
        @Test func `registers a group key and anchors an election, until both are final`() async throws {
            try await withRegistry(registered: false) { chain, registry in
                let store = MemoryChainStore()
                try await ChainProbe.with(registry, store: store) { probe in
                    let registration = try registry.registration(of: registry.group)
                    await probe.service.submit(registration)
                    try await probe.wait(forSending: registration)
                    try await chain.mine()
                    let election = try registry.election(1)
                    try await probe.wait(forHead: try await chain.height())
                    await probe.service.submit(election)
                    let hash = try await probe.wait(forSending: election)
                    try await chain.mine()
                    #expect(try await probe.wait(forElection: 1, .seen).transaction == hash)
                    let receipt = try await chain.rpc("eth_getTransactionReceipt", .string(hash.description))
                    #expect(try receipt.member("gasUsed", of: "receipt").quantity("gasUsed") < 60_000)
                    try await chain.mine(10)
                    for call in [registration, election] {
                        try await probe.wait(forOutcome: "the end", of: call) { $0 == .settled ? true : nil }
                    }
                    try await probe.wait(until: "nothing is kept") { await store.records.isEmpty }
                }
            }
        }

        @Test func `is content when another wins the race`() async throws {
            try await withRegistry { chain, registry in
                try await ChainProbe.with(registry, account: 1) { probe in
                    let election = try registry.election(1)
                    await probe.service.submit(election)
                    try await probe.wait(forSending: election)
                    try await registry.call(try registry.election(1, nonce: 99), from: 6, tip: 50_000_000_000)
                    try await chain.mine()
                    try await probe.wait(forOutcome: "a lost race", of: election) { outcome in
                        if case .progress(.included(_, _, .reverted)) = outcome { true } else { nil }
                    }
                    try await probe.wait(forOutcome: "contentment", of: election) { outcome in
                        if case .doneByOther = outcome { true } else { nil }
                    }
                    try await chain.mine(10)
                    try await probe.wait(forOutcome: "the end", of: election) { $0 == .settled ? true : nil }
                }
            }
        }

        @Test func `sounds the alarm when another leader is elected for its view`() async throws {
            try await withRegistry { chain, registry in
                try await registry.call(try registry.election(1, leader: 2), from: 6)
                try await chain.mine()
                try await ChainProbe.with(registry) { probe in
                    try await probe.wait(forHead: try await chain.height())
                    let election = try registry.election(1, leader: 3)
                    await probe.service.submit(election)
                    let elected = try await probe.wait(forOutcome: "a conflict", of: election) { outcome in
                        if case .conflict(let elected, _) = outcome { elected } else { nil }
                    }
                    #expect(elected == TestRegistry.account(2).address)
                }
            }
        }

        @Test func `finds a view that the chain has passed superseded, and sends nothing`() async throws {
            try await withRegistry { chain, registry in
                try await registry.call(try registry.election(5), from: 6)
                try await chain.mine()
                try await ChainProbe.with(registry) { probe in
                    try await probe.wait(forHead: try await chain.height())
                    let election = try registry.election(4)
                    await probe.service.submit(election)
                    try await probe.wait(forOutcome: "supersession", of: election) { outcome in
                        if case .superseded = outcome { true } else { nil }
                    }
                    #expect(try await chain.waiting() == (0, 0))
                }
            }
        }

        @Test func `refuses to send what the group has not signed`() async throws {
            try await withRegistry { chain, registry in
                try await ChainProbe.with(registry) { probe in
                    try await probe.wait(forHead: try await chain.height())
                    guard case .elect(let statement, var signature) = try registry.election(1) else { return }
                    signature.s = signature.s + 1
                    let call = RegistryCall.elect(statement, signature)
                    await probe.service.submit(call)
                    try await probe.wait(forOutcome: "refusal", of: call) {
                        $0 == .refused(.badSignature) ? true : nil
                    }
                }
            }
        }

        @Test func `sends again what a reorganisation has dropped for good`() async throws {
            try await withRegistry { chain, registry in
                try await ChainProbe.with(registry) { probe in
                    let election = try registry.election(1)
                    await probe.service.submit(election)
                    let hash = try await probe.wait(forSending: election)
                    try await chain.mine(2)
                    try await probe.wait(forElection: 1, .seen)
                    // The record comes before the receipt; only what was included can be opened again.
                    try await probe.wait(forOutcome: "inclusion", of: election) { outcome in
                        if case .progress(.included) = outcome { true } else { nil }
                    }
                    try await chain.reorganise(depth: 2, length: 3, dropping: [hash])
                    #expect(try await registry.view() == 0)
                    try await probe.wait(forOutcome: "reopening", of: election) { outcome in
                        if case .progress(.reopened) = outcome { true } else { nil }
                    }
                    try await probe.wait(forHead: try await chain.height())
                    _ = try await probe.mineUntilIncluded(election)
                    #expect(try await registry.view() == 1)
                }
            }
        }

        @Test func `sends after all when the chain forgets that another had done it`() async throws {
            try await withRegistry { chain, registry in
                let hash = try await registry.call(try registry.election(1), from: 6)
                try await chain.mine(2)
                try await ChainProbe.with(registry) { probe in
                    try await probe.wait(forHead: try await chain.height())
                    let election = try registry.election(1, nonce: 99)
                    await probe.service.submit(election)
                    try await probe.wait(forOutcome: "contentment", of: election) { outcome in
                        if case .doneByOther = outcome { true } else { nil }
                    }
                    try await chain.reorganise(depth: 2, length: 3, dropping: [hash])
                    try await probe.wait(forSending: election)
                    try await chain.mine()
                    try await probe.wait(forElection: 1, .seen)
                }
            }
        }

        @Test func `survives a lost reply`() async throws {
            try await withRegistry { chain, registry in
                try await ChainProbe.with(registry) { probe in
                    try await probe.wait(forHead: try await chain.height())
                    try await chain.fault("main", "lost_reply", methods: ["eth_sendRawTransaction"], count: 1)
                    let election = try registry.election(1)
                    await probe.service.submit(election)
                    let hash = try await probe.wait(forSending: election)
                    let included = try await probe.mineUntilIncluded(election)
                    #expect(included == hash)
                }
            }
        }

        @Test func `goes on with what it had sent when its process dies`() async throws {
            try await withRegistry { chain, registry in
                let store = MemoryChainStore()
                let election = try registry.election(1)
                var hash = Digest()
                try await ChainProbe.with(registry, store: store) { probe in
                    await probe.service.submit(election)
                    hash = try await probe.wait(forSending: election)
                }
                #expect(await store.records.count == 1)
                try await ChainProbe.with(registry, store: store) { probe in
                    let included = try await probe.mineUntilIncluded(election)
                    #expect(included == hash)
                }
            }
        }

        @Test func `tells that the account runs low`() async throws {
            try await withRegistry { chain, registry in
                try await ChainProbe.with(registry) {
                    $0.lowBalance = .max
                } _: { probe in
                    await probe.service.submit(try registry.election(1))
                    try await probe.wait(for: "the alarm") {
                        if case .alarm(.lowBalance) = $0 { true } else { nil }
                    }
                    #expect(await probe.service.status.balance != nil)
                }
            }
        }
    }
}
