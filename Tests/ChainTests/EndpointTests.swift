import Cryptography
import Ethereum
import P2PNode
import Primitives
import Testing

/// Endpoints that are behind, fail or lie, in front of a real development chain.
@Suite(
    .serialized,
    .timeLimit(.minutes(2)),
    .enabled(if: DevChain.isAvailable, "run scripts/python-env and set ORACLE_CHAIN_TESTS=1")
)
struct EndpointTests {
    @Test(
        arguments: ["http500", "http429", "garbage", "drop", "hang", "truncated", "wrong_chain"]
    )
    func `follows the chain past an endpoint that fails`(mode: String) async throws {
        try await DevChain.with(lags: ["flaky": 0]) { chain in
            let registry = try await TestRegistry(on: chain)
            try await registry.register()
            try await ChainProbe.with(registry, endpoints: ["flaky", "main"]) {
                $0.endpoints.requestTimeout = .milliseconds(500)
            } _: { probe in
                try await probe.wait(forHead: try await chain.height())
                try await chain.fault("flaky", mode)
                try await registry.call(try registry.election(1), from: 6)
                try await chain.mine()
                try await probe.wait(forElection: 1, .seen)
                // A lie about the chain is found when the endpoint is asked who it is; make it be asked.
                if mode == "wrong_chain" {
                    try await chain.fault("flaky", "drop", count: 1)
                    try await Task.sleep(for: .milliseconds(200))
                    try await chain.fault("flaky", "wrong_chain")
                }
                try await probe.wait(for: "the endpoint's failure") { event in
                    switch event {
                    case .endpoint(.failed(0, _, _)): mode == "wrong_chain" ? nil : true
                    case .endpoint(.foreign(0, _, _)): true
                    default: nil
                    }
                }
                let before = await probe.count { $0 == .endpoint(.ready(0)) }
                try await chain.fault("flaky", nil)
                for _ in 0..<500 where await probe.count({ $0 == .endpoint(.ready(0)) }) == before {
                    try await Task.sleep(for: .milliseconds(20))
                }
                #expect(await probe.service.status.endpoints[0].standing == .ready)
            }
        }
    }

    @Test func `does not believe an endpoint that is behind`() async throws {
        try await DevChain.with(lags: ["slow": 3]) { chain in
            let registry = try await TestRegistry(on: chain)
            try await registry.register()
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

    @Test func `starts with an endpoint that is down, and takes it when it comes`() async throws {
        try await DevChain.with(lags: ["flaky": 0]) { chain in
            let registry = try await TestRegistry(on: chain)
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
        try await DevChain.with(lags: ["liar": 0, "other": 0]) { chain in
            let registry = try await TestRegistry(on: chain)
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
        try await DevChain.with { chain in
            let registry = try await TestRegistry(on: chain)
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
