package import Cryptography
package import Primitives

/// Turns delivered records into facts: proven or agreed upon, told once at each stage, taken back when undone.
///
/// Elections and anchors of the logs prove themselves by their signature. Who the members are proves nothing by itself: a record of a
/// proposal or a rotation is told only when as many endpoints as must agree have shown the contract's state after
/// its block to say the same. Records are told in the order of the chain, so those behind it wait too.
package struct RegistryTracker: Machine {
    /// Something that has happened.
    package enum Event: Sendable {
        /// The chain tells these; all up to the block is known then, unless they come from a range.
        case delivered([RegistryRecord], upTo: BlockReference?)
        /// The block is no longer canonical.
        case retracted(BlockReference)
        /// The chain's tip.
        case tipMoved(UInt64)
        /// All blocks up to this one are final.
        case finalized(BlockReference)
        /// The contract's state after a block, agreed upon.
        case stateRead(BlockReference, RegistryState)
        /// The state after a block could not be agreed upon.
        case stateFailed(BlockReference)
        /// The state with which following begins, agreed upon.
        case began(RegistryState)
    }

    /// Something to be done.
    package enum Action: Hashable, Sendable {
        /// Ask for the contract's state after this block.
        case readState(BlockReference)
        /// Tell that a record has come to a stage.
        case tell(RegistryRecord, RecordStage)
        /// Tell that a record is void.
        case takeBack(RegistryRecord)
        /// Tell that a record was passed over because nothing proves it any more.
        case pass(RegistryRecord)
        /// Tell that the group has signed two leaders for one view.
        case conflict(LeaderElected, LeaderElected)
    }

    struct Told: Hashable {
        var record: RegistryRecord
        var stage: RecordStage
    }

    /// The keys that are known.
    package private(set) var keys = KnownKeys()
    /// Elections that were told, the newest last, for those who ask what became of a view.
    package private(set) var elections: [RegistryRecord] = []
    /// Every proven election, whatever became of its block: two for one view convict the committee.
    private var proven: [LeaderElected] = []
    private var waiting: [(record: RegistryRecord, isDeep: Bool)] = []
    private var isReading: BlockReference?
    private var agreed: (block: BlockReference, state: RegistryState)?
    fileprivate(set) var told: [Told] = []
    private var tip: UInt64 = 0
    private var finalNumber: UInt64 = 0
    private var beginning: RegistryState?
    private var retryAt: Instant?
    private let domain: StatementDomain
    private let confirmations: UInt64
    private let retryWait: Duration

    /// How many elections are remembered.
    package static let electionLimit = 256

    /// Tells facts of one registry.
    ///
    /// - Parameters:
    ///   - domain: the registry.
    ///   - confirmations: how many blocks must stand on a block for ``RecordStage/confirmed``.
    ///   - retryWait: how long to wait when the state could not be agreed upon.
    package init(domain: StatementDomain, confirmations: UInt64, retryWait: Duration = .seconds(1)) {
        self.domain = domain
        self.confirmations = confirmations
        self.retryWait = retryWait
    }

    /// Whether everything that was delivered is told.
    package var isIdle: Bool { waiting.isEmpty }

    package var nextDeadline: Instant? { retryAt }

    package mutating func expired(at now: Instant) -> [Action] {
        guard let due = retryAt, due <= now else { return [] }
        retryAt = nil
        return proceed()
    }

    package mutating func handle(_ event: Event, at now: Instant) -> [Action] {
        switch event {
        case .began(let state):
            beginning = state
            if let committee = state.committee, let key = try? GroupPublicKey(committee.groupKey) {
                keys.insert(key, for: committee.epoch)
            }
            return []
        case .delivered(let records, let block):
            waiting += records.map { ($0, block == nil) }
            return proceed()
        case .retracted(let block):
            return retract(block)
        case .tipMoved(let number):
            tip = number
            return advance()
        case .finalized(let block):
            finalNumber = max(finalNumber, block.number)
            return advance()
        case .stateRead(let block, let state):
            guard isReading == block else { return [] }
            isReading = nil
            agreed = (block, state)
            return proceed()
        case .stateFailed(let block):
            guard isReading == block else { return [] }
            isReading = nil
            retryAt = now.advanced(by: retryWait)
            return []
        }
    }
}

// From records that wait to facts.
extension RegistryTracker {
    private enum Judgement {
        case tell
        case pass
        case readState
    }

    private mutating func proceed() -> [Action] {
        var actions: [Action] = []
        while isReading == nil, retryAt == nil, let (record, isDeep) = waiting.first {
            switch judge(record, isDeep: isDeep) {
            case .readState:
                isReading = record.block
                actions.append(.readState(record.block))
            case .pass:
                waiting.removeFirst()
                // Of what lies deep much may be beyond proof, and none of it matters any more.
                if !isDeep { actions.append(.pass(record)) }
            case .tell:
                waiting.removeFirst()
                actions += tell(record)
            }
        }
        return actions + advance()
    }

    private func judge(_ record: RegistryRecord, isDeep: Bool) -> Judgement {
        switch record.event {
        case .leaderElected(let election):
            guard let key = keys[election.statement.epoch] else { return .pass }
            return election.isProven(by: key, in: domain) ? .tell : .pass
        case .proofAnchored(let anchor):
            guard let key = keys[anchor.statement.epoch] else { return .pass }
            return anchor.isProven(by: key, in: domain) ? .tell : .pass
        case .committeeProposed(let proposal):
            // Of deep blocks no node may have the state any more; there the state at the beginning decides.
            guard let state = isDeep ? beginning : state(after: record.block) else {
                return isDeep ? .pass : .readState
            }
            return state.pending?.membersHash == proposal.membersHash
                && state.pending?.epoch == proposal.roster.epoch ? .tell : .pass
        case .committeeRotated(let rotation):
            if isDeep, let before = keys[rotation.epochBefore], rotation.isProven(after: before, in: domain) {
                return .tell
            }
            guard let state = isDeep ? beginning : state(after: record.block) else {
                return isDeep ? .pass : .readState
            }
            return state.committee?.groupKey == rotation.statement.groupKey
                && state.committee?.membersHash == rotation.statement.membersHash
                && state.epoch == rotation.roster.epoch ? .tell : .pass
        }
    }

    private func state(after block: BlockReference) -> RegistryState? {
        agreed?.block == block ? agreed?.state : nil
    }

    private mutating func tell(_ record: RegistryRecord) -> [Action] {
        var actions: [Action] = []
        switch record.event {
        // The contract's numbers have no gaps, and the signature does not exclude another of the same number.
        case .committeeProposed, .proofAnchored: break
        case .committeeRotated(let rotation):
            if let key = try? GroupPublicKey(rotation.statement.groupKey) {
                keys.insert(key, for: rotation.roster.epoch)
            }
        case .leaderElected(let election):
            for other in proven
            where other.statement.view == election.statement.view && other.statement != election.statement {
                actions.append(.conflict(other, election))
            }
            proven.append(election)
            if proven.count > Self.electionLimit { proven.removeFirst() }
            elections.append(record)
            if elections.count > Self.electionLimit { elections.removeFirst() }
        }
        told.append(Told(record: record, stage: .seen))
        return [.tell(record, .seen)] + actions
    }

    private mutating func advance() -> [Action] {
        var actions: [Action] = []
        for index in told.indices {
            let record = told[index].record
            let depth = tip >= record.block.number ? tip - record.block.number : 0
            if told[index].stage == .seen, depth >= confirmations || record.block.number <= finalNumber {
                told[index].stage = .confirmed
                actions.append(.tell(record, .confirmed))
            }
            if told[index].stage == .confirmed, record.block.number <= finalNumber {
                told[index].stage = .finalized
                actions.append(.tell(record, .finalized))
            }
        }
        told.removeAll { $0.stage == .finalized }
        return actions
    }

    private mutating func retract(_ block: BlockReference) -> [Action] {
        waiting.removeAll { $0.record.block == block }
        if isReading == block {
            isReading = nil
        }
        elections.removeAll { $0.block == block }
        let void = told.filter { $0.record.block == block }.map(\.record)
        told.removeAll { $0.record.block == block }
        for case .committeeRotated(let rotation) in void.map(\.event) {
            // Another key may take its place, by which this one's elections would look forged.
            keys.remove(rotation.roster.epoch)
        }
        return void.reversed().map { .takeBack($0) } + proceed()
    }
}
