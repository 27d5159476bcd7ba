import Cryptography
import Ethereum
import P2PNode
import Primitives
import Testing

extension DevelopmentChainTests {
    /// What the chain tells, against a real development chain.
    struct FollowingTests {
        @Test func `tells the proposal, then the group key, then elections, each stage once and in order`()
            async throws
        {
            try await withRegistry(registered: false) { chain, registry in
                try await ChainProbe.with(registry) { probe in
                    let snapshot = try await probe.wait(for: "the state") { event in
                        if case .state(let snapshot) = event { snapshot } else { nil }
                    }
                    #expect(snapshot.committee == nil)
                    #expect(snapshot.pending?.members == registry.members)
                    try await registry.register()
                    let rotation = try await probe.wait(for: "the group key") { event in
                        if case .record(let record, .seen) = event,
                            case .committeeRotated(let rotation) = record.event
                        {
                            rotation
                        } else {
                            nil
                        }
                    }
                    #expect(rotation.statement.groupKey == registry.group.key.compressed)
                    try await registry.call(try registry.election(1), from: 6)
                    try await chain.mine()
                    let seen = try await probe.wait(forElection: 1, .seen)
                    try await chain.mine(2)
                    #expect(try await probe.wait(forElection: 1, .confirmed) == seen)
                    try await chain.mine(10)
                    #expect(try await probe.wait(forElection: 1, .finalized) == seen)
                    let stages = await probe.events.compactMap { event -> RecordStage? in
                        if case .record(let record, let stage) = event, record == seen { stage } else { nil }
                    }
                    #expect(stages == [.seen, .confirmed, .finalized])
                }
            }
        }

        @Test func `takes back an election that a reorganisation drops`() async throws {
            try await withRegistry { chain, registry in
                try await ChainProbe.with(registry) { probe in
                    try await probe.wait(forHead: try await chain.height())
                    let hash = try await registry.call(try registry.election(1), from: 6)
                    try await chain.mine(2)
                    let seen = try await probe.wait(forElection: 1, .seen)
                    try await chain.reorganise(depth: 2, length: 3, dropping: [hash])
                    let void = try await probe.wait(for: "the record taken back") { event in
                        if case .takenBack(let record) = event { record } else { nil }
                    }
                    #expect(void == seen)
                    try await registry.call(try registry.election(1, leader: 2), from: 7)
                    try await chain.mine()
                    let alarm = try await probe.wait(for: "an alarm about two leaders") { event in
                        if case .alarm(.doubleElection(let first, let second)) = event {
                            (first, second)
                        } else {
                            nil
                        }
                    }
                    #expect(alarm.0.statement.leader != alarm.1.statement.leader)
                }
            }
        }

        @Test func `is not misled by logs that an orphan block still answers with`() async throws {
            try await withRegistry { chain, registry in
                let hash = try await registry.call(try registry.election(1), from: 6)
                try await chain.mine()
                let orphan = try await chain.rpc("eth_getBlockByNumber", .string("latest"), .bool(false))
                try await chain.reorganise(depth: 1, length: 2, dropping: [hash])
                let filter = JSON.object(["blockHash": try orphan.member("hash", of: "block")])
                #expect(try await chain.rpc("eth_getLogs", filter).elements("logs", atMost: 9).count == 1)
                try await ChainProbe.with(registry) { probe in
                    try await probe.wait(forHead: try await chain.height())
                    try await chain.mine(3)
                    try await probe.wait(forHead: try await chain.height())
                    let elections = await probe.count { event in
                        if case .record(let record, _) = event, case .leaderElected = record.event {
                            true
                        } else {
                            false
                        }
                    }
                    #expect(elections == 0)
                }
            }
        }

        @Test(arguments: ["maxLogRange": 10, "maxLogs": 1])
        func `catches up over a long absence by ranges, where providers limit them`(name: String, limit: Int)
            async throws
        {
            try await withRegistry { chain, registry in
                try await chain.mine(12)
                let store = MemoryChainStore()
                try await ChainProbe.with(registry, store: store) { probe in
                    try await probe.wait(forHead: try await chain.height())
                    try await probe.wait(until: "the place is kept") { await store.cursor != nil }
                }
                for view in 1...6 as ClosedRange<UInt64> {
                    try await registry.call(try registry.election(view), from: 6)
                    try await chain.mine(15)
                }
                try await chain.view("main", [name: .number(String(limit))])
                try await ChainProbe.with(registry, store: store, { $0.walkLimit = 16 }) { probe in
                    for view in 1...6 as ClosedRange<UInt64> {
                        try await probe.wait(forElection: view, .finalized)
                    }
                    let views = await probe.events.compactMap { event -> UInt64? in
                        guard case .record(let record, .seen) = event,
                            case .leaderElected(let election) = record.event
                        else { return nil }
                        return election.statement.view.rawValue
                    }
                    #expect(views == [1, 2, 3, 4, 5, 6])
                }
            }
        }

        @Test func `tells when no block comes, and when one comes again`() async throws {
            try await withRegistry(registered: false) { chain, registry in
                try await ChainProbe.with(registry, { $0.staleAfter = .milliseconds(600) }) { probe in
                    try await probe.wait(for: "staleness") { if case .stale = $0 { true } else { nil } }
                    #expect(await probe.service.status.staleSince != nil)
                    try await chain.mine()
                    try await probe.wait(for: "recovery") { if case .recovered = $0 { true } else { nil } }
                    #expect(await probe.service.status.staleSince == nil)
                }
            }
        }
    }
}
