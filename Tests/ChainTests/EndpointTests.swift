import Cryptography
import Ethereum
import P2PNode
import Primitives
import Testing

extension DevelopmentChainTests {
    /// Endpoints that are behind, fail or lie, in front of a real development chain.
    struct EndpointTests {
        @Test(
            arguments: ["http500", "http429", "garbage", "drop", "hang", "truncated", "wrong_chain"]
        )
        func `follows the chain past an endpoint that fails`(mode: String) async throws {
            try await withRegistry { chain, registry in
                try await ChainProbe.with(registry, endpoints: ["flaky", "main"]) {
                    $0.endpoints.requestTimeout = .milliseconds(500)
                } _: { probe in
                    try await probe.wait(forHead: try await chain.height())
                    try await chain.fault("flaky", mode)
                    try await registry.call(try registry.election(1), from: 6)
                    try await chain.mine()
                    try await probe.wait(forElection: 1, .seen)
                    // A lie about the chain is found when the endpoint is asked who it is: when it has failed.
                    if mode == "wrong_chain" { try await chain.fault("flaky", "drop") }
                    try await probe.wait(for: "the endpoint's failure") { event in
                        switch event {
                        case .endpoint(.failed(0, _, _)), .endpoint(.foreign(0, _, _)): true
                        default: nil
                        }
                    }
                    if mode == "wrong_chain" {
                        try await chain.fault("flaky", mode)
                        try await probe.wait(for: "the lie's discovery") { event in
                            if case .endpoint(.foreign(0, _, _)) = event { true } else { nil }
                        }
                    }
                    try await chain.fault("flaky", nil)
                    try await probe.wait(until: "the endpoint is ready again") {
                        await probe.service.status.endpoints[0].standing == .ready
                    }
                }
            }
        }

        @Test func `does not believe an endpoint that is behind`() async throws {
            try await withRegistry(lags: ["slow": 3]) { chain, registry in
                try await chain.mine(4)
                try await ChainProbe.with(registry, endpoints: ["slow", "main"]) { probe in
                    try await registry.call(try registry.election(1), from: 6)
                    try await chain.mine()
                    try await probe.wait(forElection: 1, .seen)
                    try await probe.wait(forHead: try await chain.height())
                    let late = try registry.election(1, nonce: 99)
                    await probe.service.submit(late)
                    try await probe.wait(forOutcome: "contentment", of: late) { outcome in
                        if case .doneByOther = outcome { true } else { nil }
                    }
                    let next = try registry.election(2)
                    await probe.service.submit(next)
                    try await probe.wait(forSending: next)
                    try await chain.mine()
                    try await probe.wait(forElection: 2, .seen)
                    #expect(await probe.count { if case .takenBack = $0 { true } else { false } } == 0)
                }
            }
        }

        @Test func `goes by the other endpoint when one has stopped following`() async throws {
            try await withRegistry { chain, registry in
                try await ChainProbe.with(registry, endpoints: ["slow", "main"]) {
                    $0.endpoints.surveyInterval = .milliseconds(200)
                } _: { probe in
                    try await probe.wait(forHead: try await chain.height())
                    try await chain.view("slow", ["frozen": .bool(true)])
                    for view in 1...2 as ClosedRange<UInt64> {
                        let election = try registry.election(view)
                        await probe.service.submit(election)
                        _ = try await probe.mineUntilIncluded(election)
                        try await probe.wait(forElection: view, .seen)
                    }
                    #expect(await probe.service.status.staleSince == nil)
                    #expect(await probe.service.status.lag == 0)
                }
            }
        }

        @Test func `starts with an endpoint that is down, and takes it when it comes`() async throws {
            try await withRegistry(registered: false) { chain, registry in
                try await chain.fault("flaky", "drop")
                try await ChainProbe.with(registry, endpoints: ["flaky"]) { probe in
                    try await probe.wait(for: "the failure") { event in
                        if case .endpoint(.failed(0, .unreachable, _)) = event { true } else { nil }
                    }
                    try await chain.fault("flaky", nil)
                    try await probe.wait(for: "the state") { if case .state = $0 { true } else { nil } }
                }
            }
        }

        @Test func `tells no proposal that one endpoint makes up where two must agree`() async throws {
            try await withRegistry(registered: false) { chain, registry in
                let zeros = "0x" + String(repeating: "0", count: 64 * 7)
                try await chain.fault("liar", "lie", methods: ["eth_call"], ["result": .string(zeros)])
                try await ChainProbe.with(registry, endpoints: ["liar", "main", "other"]) {
                    $0.endpoints.agreement = 2
                } _: { probe in
                    let snapshot = try await probe.wait(for: "the state") { event in
                        if case .state(let snapshot) = event { snapshot } else { nil }
                    }
                    #expect(snapshot.pending?.members == registry.members)
                    let others = try TestRegistry.members(from: 2)
                    try await registry.propose(others)
                    let told = try await probe.wait(for: "the proposal") { event in
                        if case .record(let record, .seen) = event,
                            case .committeeProposed(let proposal) = record.event,
                            proposal.roster.members == others
                        {
                            proposal
                        } else {
                            nil
                        }
                    }
                    #expect(told.membersHash == RegistryMembers.hash(others))
                }
            }
        }

        @Test func `refuses a registry of other code`() async throws {
            try await withRegistry(registered: false) { chain, registry in
                try await ChainProbe.with(registry) {
                    $0.endpoints.identity.codeHash = Keccak256.hash([1])
                } _: { probe in
                    try await probe.wait(for: "the refusal") { event in
                        if case .endpoint(.foreign(0, _, _)) = event { true } else { nil }
                    }
                    #expect(await probe.count { if case .state = $0 { true } else { false } } == 0)
                }
            }
        }
    }
}
