import Cryptography
import Ethereum
import Primitives
import TestSupport
import Testing

/// With the records of a real contract's history, so that proofs are real ones.
@Suite struct RegistryTrackerTests {
    private let domain: StatementDomain
    private let records: [RegistryRecord]
    private let now = Instant.start

    init() throws {
        let history = try #require(try JSONFixture.load("ethereum/abi.json").list("histories").first)
        let registry: Address = try #require(history["registry"]).fixed("registry")
        domain = StatementDomain(chainId: try history.number("chainId"), registry: registry)
        let logs = try history.list("logs").map { entry in
            try Log(json: try entry.member("log", of: "entry"), at: "log")
        }
        let known = logs.filter { RegistryEvent.topics.contains($0.topics[0]) }
        records = try RecordJudge(domain: domain).records(of: known, knowing: KnownKeys())
    }

    private var proposal: RegistryRecord { records[0] }
    private var rotation: RegistryRecord { records[1] }
    private var election: RegistryRecord { records[2] }
    private var anchor: RegistryRecord { records[3] }

    private func tracker() -> RegistryTracker { RegistryTracker(domain: domain, confirmations: 2) }

    private func state(after record: RegistryRecord) throws -> RegistryState {
        try RegistryState.after(record)
    }

    @Test func `tells a proposal only when the contract's state says the same`() throws {
        var tracker = tracker()
        let asked = tracker.handle(.delivered([proposal], upTo: proposal.block), at: now)
        #expect(asked == [.readState(proposal.block)])
        let state = try state(after: proposal)
        #expect(tracker.handle(.stateRead(proposal.block, state), at: now) == [.tell(proposal, .seen)])
        var other = self.tracker()
        _ = other.handle(.delivered([proposal], upTo: proposal.block), at: now)
        let empty = try self.state(after: election)
        #expect(other.handle(.stateRead(proposal.block, empty), at: now) == [.pass(proposal)])
    }

    @Test func `asks again when the state could not be agreed upon`() throws {
        var tracker = tracker()
        _ = tracker.handle(.delivered([proposal], upTo: proposal.block), at: now)
        #expect(tracker.handle(.stateFailed(proposal.block), at: now) == [])
        let deadline = try #require(tracker.nextDeadline)
        #expect(tracker.expired(at: now) == [])
        #expect(tracker.expired(at: deadline) == [.readState(proposal.block)])
    }

    @Test func `tells elections by the key that the rotation before them brought`() throws {
        var tracker = tracker()
        _ = tracker.handle(.delivered([rotation, election], upTo: nil), at: now)
        #expect(tracker.keys == KnownKeys())
        tracker = self.tracker()
        let asked = tracker.handle(.delivered([rotation, election], upTo: rotation.block), at: now)
        #expect(asked == [.readState(rotation.block)])
        let actions = tracker.handle(.stateRead(rotation.block, try state(after: rotation)), at: now)
        #expect(actions == [.tell(rotation, .seen), .tell(election, .seen)])
    }

    @Test func `takes the keys with which following began`() throws {
        var tracker = tracker()
        _ = tracker.handle(.began(try state(after: rotation)), at: now)
        #expect(
            tracker.handle(.delivered([election], upTo: election.block), at: now) == [.tell(election, .seen)]
        )
        var ignorant = self.tracker()
        #expect(ignorant.handle(.delivered([election], upTo: election.block), at: now) == [.pass(election)])
    }

    @Test func `tells each stage once`() throws {
        var tracker = tracker()
        _ = tracker.handle(.began(try state(after: rotation)), at: now)
        let number = election.block.number
        _ = tracker.handle(.tipMoved(number), at: now)
        #expect(
            tracker.handle(.delivered([election], upTo: election.block), at: now) == [.tell(election, .seen)]
        )
        #expect(tracker.handle(.tipMoved(number + 1), at: now) == [])
        #expect(tracker.handle(.tipMoved(number + 2), at: now) == [.tell(election, .confirmed)])
        #expect(tracker.handle(.tipMoved(number + 3), at: now) == [])
        let before = BlockReference(number: number - 1, hash: Digest())
        #expect(tracker.handle(.finalized(before), at: now) == [])
        #expect(tracker.handle(.finalized(election.block), at: now) == [.tell(election, .finalized)])
        #expect(tracker.handle(.finalized(election.block), at: now) == [])
    }

    @Test func `tells an anchor of the logs at each stage, and takes it back with its block`() throws {
        guard case .proofAnchored(var event) = anchor.event else {
            Issue.record("the fourth record is no anchor")
            return
        }
        var tracker = tracker()
        _ = tracker.handle(.began(try state(after: rotation)), at: now)
        let number = anchor.block.number
        _ = tracker.handle(.tipMoved(number), at: now)
        let delivered = RegistryTracker.Event.delivered([anchor], upTo: anchor.block)
        #expect(tracker.handle(delivered, at: now) == [.tell(anchor, .seen)])
        #expect(tracker.handle(.retracted(anchor.block), at: now) == [.takeBack(anchor)])
        #expect(tracker.handle(delivered, at: now) == [.tell(anchor, .seen)])
        #expect(tracker.handle(.tipMoved(number + 2), at: now) == [.tell(anchor, .confirmed)])
        #expect(tracker.handle(.finalized(anchor.block), at: now) == [.tell(anchor, .finalized)])
        event.statement.number += 1
        var forged = anchor
        forged.event = .proofAnchored(event)
        #expect(tracker.handle(.delivered([forged], upTo: forged.block), at: now) == [.pass(forged)])
    }

    @Test func `takes back what an undone block told, and what still waits of it`() throws {
        var tracker = tracker()
        _ = tracker.handle(.began(try state(after: rotation)), at: now)
        _ = tracker.handle(.delivered([election], upTo: election.block), at: now)
        #expect(tracker.handle(.retracted(election.block), at: now) == [.takeBack(election)])
        #expect(tracker.handle(.tipMoved(1_000), at: now) == [])
        _ = tracker.handle(.delivered([proposal], upTo: proposal.block), at: now)
        #expect(tracker.handle(.retracted(proposal.block), at: now) == [])
        #expect(tracker.handle(.stateRead(proposal.block, try state(after: proposal)), at: now) == [])
        #expect(tracker.isIdle)
    }

    @Test func `tells nothing that its key has not signed`() throws {
        var tracker = tracker()
        _ = tracker.handle(.began(try state(after: rotation)), at: now)
        guard case .leaderElected(var event) = election.event else { return }
        event.statement.view = event.statement.view.advanced(by: 1)
        var forged = election
        forged.event = .leaderElected(event)
        #expect(tracker.handle(.delivered([forged], upTo: forged.block), at: now) == [.pass(forged)])
    }
}

extension RegistryState {
    /// The state right after a record, as far as the tracker looks at it.
    static func after(_ record: RegistryRecord) throws -> RegistryState {
        let word = [UInt8](repeating: 0, count: 32)
        var committee = [UInt8](repeating: 0, count: 32 * 8)
        var pending = [UInt8](repeating: 0, count: 32 * 7)
        switch record.event {
        case .committeeProposed(let proposal):
            let values: [ABIValue] = [
                .number(proposal.roster.epoch.rawValue), .number(3 as UInt64), .number(4 as UInt64),
                .word(proposal.membersHash), .number(record.block.number), .bool(false), .number(0 as UInt64),
            ]
            pending = ABIValue.tuple(values).encoded
        case .committeeRotated(let rotation):
            let statement = rotation.statement
            let values: [ABIValue] = [
                .number(statement.epoch.rawValue), .word(statement.groupKeyX),
                .number(UInt64(statement.parity)),
                .number(3 as UInt64), .number(4 as UInt64), .word(statement.membersHash),
                .word(statement.transcript), .number(record.block.number),
            ]
            committee = ABIValue.tuple(values).encoded
        case .leaderElected, .proofAnchored: break
        }
        return try RegistryState(results: [word, word, committee, pending, word + word])
    }
}
