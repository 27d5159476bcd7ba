import Consensus
import Cryptography
import Ethereum
import Logging
import Peer
import Primitives
import ServiceLifecycle
import Testing

@testable import P2PNode

/// What a node keeps of the chain for a start without it.
@Suite struct EpochMemoryTests {
    private let deployment = Deployment(chainId: 1, genesis: SHA256.hash([1]), registry: Address())

    private func epoch() throws -> RememberedEpoch {
        let members = try (1...4).map { number in
            Member(
                account: try #require(Address([UInt8](repeating: UInt8(number), count: 20))),
                identity: Identity(SHA256.hash([UInt8(number)]).storage),
                encryptionKey: try #require(CompressedPoint([UInt8](repeating: 2, count: 33))),
                endpoint: try #require(ByteList<64>(Array("oracle-\(number):9100".utf8)))
            )
        }
        let list = try #require(SSZList<Member, 128>(members))
        let record = CommitteeRecord(
            deployment: deployment,
            roster: Roster(epoch: Epoch(1), members: list),
            groupKey: try #require(CompressedPoint([UInt8](repeating: 3, count: 33))),
            membersHash: RegistryMembers.hash(list),
            transcript: SHA256.hash([7])
        )
        return RememberedEpoch(record: record, block: BlockReference(number: 12, hash: SHA256.hash([8])))
    }

    private func withMemory(_ body: (EpochMemory) async throws -> Void) async throws {
        let store = MemoryStore()
        let durability = Durability(store: store) { _ in }
        let group = ServiceGroup(services: [durability], logger: Logger(label: "test"))
        async let running: Void = group.run()
        try await body(EpochMemory(store: store, durability: durability))
        await group.triggerGracefulShutdown()
        try await running
    }

    @Test func `what was kept is found again, until it is forgotten`() async throws {
        let epoch = try epoch()
        try await withMemory { memory in
            #expect(try await memory.read(for: deployment) == nil)
            try await memory.write(epoch)
            #expect(try await memory.read(for: deployment) == epoch)
            try await memory.write(nil)
            #expect(try await memory.read(for: deployment) == nil)
        }
    }

    @Test func `the epochs before the one that is kept are kept too, but not without end`() async throws {
        let first = try epoch()
        try await withMemory { memory in
            for number in 1...70 as ClosedRange<UInt64> {
                var epoch = first
                epoch.record.roster.epoch = Epoch(number)
                try await memory.write(epoch)
            }
            let kept = try await memory.read(for: deployment)
            #expect(kept?.epoch == Epoch(70))
            let past = try await memory.past(in: deployment)
            #expect(past.map(\.epoch.rawValue) == (6...69).reversed().map { UInt64($0) })
            try await memory.write(nil)
            let same = try await memory.past(in: deployment)
            #expect(same == past)
            var other = deployment
            other.chainId = 5
            let none = try await memory.past(in: other)
            #expect(none.isEmpty)
        }
    }

    @Test func `the newest confirmed anchor of each epoch is kept until the chain takes it back`()
        async throws
    {
        let store = MemoryStore()
        func record(_ epoch: UInt64, _ number: UInt64) -> ProofAnchorRecord {
            ProofAnchorRecord(
                anchor: ProofAnchor(
                    epoch: Epoch(epoch),
                    number: number,
                    root: SHA256.hash([UInt8(number)]),
                    signature: GroupSignature()
                ),
                block: number * 10,
                transaction: SHA256.hash([7])
            )
        }
        #expect(try await AnchorMemory.read(Epoch(1), from: store) == nil)
        for kept in [record(1, 1), record(1, 2), record(2, 3)] {
            try await store.commit([AnchorMemory.keeping(kept)])
        }
        #expect(try await AnchorMemory.read(Epoch(1), from: store) == record(1, 2))
        try await store.commit([AnchorMemory.forgetting(Epoch(2))])
        #expect(try await AnchorMemory.read(Epoch(2), from: store) == nil)
        #expect(try await AnchorMemory.read(Epoch(1), from: store) == record(1, 2))
    }

    @Test func `a data directory of another registry is refused, and says whose it is`() async throws {
        let epoch = try epoch()
        var other = deployment
        other.chainId = 5
        try await withMemory { memory in
            try await memory.write(epoch)
            let error = await #expect(throws: NodeError.self) { try await memory.read(for: other) }
            #expect(error?.description.contains("belongs to the registry") == true)
            #expect(error?.description.contains("on chain 1 ") == true)
        }
    }

    @Test func `what another version of the protocol has kept is read anew from the chain`() async throws {
        let epoch = try epoch()
        var newer = deployment
        newer.protocolVersion += 1
        try await withMemory { memory in
            try await memory.write(epoch)
            #expect(try await memory.read(for: newer) == nil)
        }
    }
}
