internal import Cryptography
package import Primitives

/// Brings calls onto the chain once each, whoever else tries the same.
///
/// Before a call is sent, and again when its transaction was reverted or displaced, the contract is asked what it would
/// do. Whoever loses the race finds the call done and is content, unless the chain says something else than the call:
/// then the group has signed twice. A call that was done by another is kept until that can no longer be undone.
package struct RegistrySubmitter: Machine {
    /// Something that has happened.
    package enum Event: Sendable {
        /// The node wants a call on the chain.
        case wanted(ChainCall)
        /// The node does not want it any more.
        case unwanted(Digest)
        /// What the contract says to a call; `nil` when no endpoint could be asked.
        case checked(Digest, SubmissionCheck?)
        /// What the outbox says of a call.
        case reported(Digest, OutboxReport)
        /// The chain has a new tip.
        case tipMoved
        /// An election is recorded.
        case elected(View)
        /// An anchor of this number is recorded.
        case anchored(UInt64)
        /// A block is no longer canonical.
        case undone(BlockReference)
        /// All blocks up to this one are final.
        case finalized(UInt64)
    }

    /// Something to be done.
    package enum Action: Hashable, Sendable {
        /// Ask the contract what it would do with a call after the tip.
        case check(ChainCall)
        /// Tell the outbox to take a call.
        case submit(ChainCall)
        /// Tell the outbox to send it.
        case release(Digest)
        /// Tell the outbox that it need not be sent now.
        case recall(Digest)
        /// Tell the outbox to forget it.
        case withdraw(Digest)
        /// Tell what has become of a call.
        case tell(ChainCall, SubmissionOutcome)
    }

    private enum Phase: Hashable {
        case checking
        case postponed
        case sending
        /// Its transaction was reverted; what it means is being found out.
        case reverted
        /// Done or pointless as the chain stood at the block.
        case left(BlockReference)
    }

    private struct Submission {
        let call: ChainCall
        var phase: Phase
        var told: SubmissionOutcome?
    }

    private var submissions: [Submission] = []

    /// Goes on with calls that were stored; their transactions are followed by the outbox meanwhile.
    package init(restoring calls: [(call: ChainCall, isSent: Bool)] = []) {
        submissions = calls.map { Submission(call: $0.call, phase: $0.isSent ? .sending : .postponed) }
    }

    /// The calls that are not settled.
    package var calls: [ChainCall] { submissions.map(\.call) }

    package var nextDeadline: Instant? { nil }

    package mutating func expired(at now: Instant) -> [Action] { [] }

    package mutating func handle(_ event: Event, at now: Instant) -> [Action] {
        switch event {
        case .wanted(let call):
            guard index(of: call.id) == nil else { return [] }
            submissions.append(Submission(call: call, phase: .checking))
            return [.submit(call), .check(call)]
        case .unwanted(let id):
            guard let index = index(of: id) else { return [] }
            submissions.remove(at: index)
            return [.withdraw(id)]
        case .checked(let id, let check): return checked(id, check)
        case .reported(let id, let report): return reported(id, report)
        case .tipMoved:
            return submissions.indices.compactMap { index in
                guard submissions[index].phase == .postponed else { return nil }
                submissions[index].phase = .checking
                return .check(submissions[index].call)
            }
        case .elected(let view):
            return submissions.compactMap { submission in
                guard submission.phase == .sending, case .registry(.elect(let election, _)) = submission.call,
                    election.view <= view
                else { return nil }
                return .recall(submission.call.id)
            }
        case .anchored(let number):
            return submissions.compactMap { submission in
                guard submission.phase == .sending,
                    case .registry(.anchorProof(let anchor, _)) = submission.call,
                    anchor.number <= number
                else { return nil }
                return .recall(submission.call.id)
            }
        case .undone(let block):
            return submissions.indices.compactMap { index in
                switch submissions[index].phase {
                case .left(block):
                    submissions[index].phase = .checking
                    return .check(submissions[index].call)
                case .sending:
                    // An election or an anchor that made it pointless may be gone.
                    return .release(submissions[index].call.id)
                case .left, .checking, .postponed, .reverted: return nil
                }
            }
        case .finalized(let number): return finalized(number)
        }
    }

    private func index(of id: Digest) -> Int? { submissions.firstIndex { $0.call.id == id } }

    private mutating func tell(_ index: Int, _ outcome: SubmissionOutcome) -> [Action] {
        guard submissions[index].told != outcome else { return [] }
        submissions[index].told = outcome
        return [.tell(submissions[index].call, outcome)]
    }

    private mutating func checked(_ id: Digest, _ check: SubmissionCheck?) -> [Action] {
        guard let index = index(of: id), [.checking, .reverted].contains(submissions[index].phase) else {
            return []
        }
        let wasReverted = submissions[index].phase == .reverted
        guard let check else {
            submissions[index].phase = .postponed
            return []
        }
        switch check.verdict(on: submissions[index].call) {
        case .send:
            // The reverted transaction still holds the record; it is tried again once that is settled.
            guard !wasReverted else { return [] }
            submissions[index].phase = .sending
            return [.release(id)]
        case .wait(let revert):
            submissions[index].phase = wasReverted ? .reverted : .postponed
            return tell(index, .postponed(revert))
        case .leave(let outcome):
            submissions[index].phase = .left(check.block)
            return [.recall(id)] + tell(index, outcome)
        case .drop(let revert):
            let actions = tell(index, .refused(revert))
            submissions.remove(at: index)
            return [.withdraw(id)] + actions
        }
    }

    private mutating func reported(_ id: Digest, _ report: OutboxReport) -> [Action] {
        guard let index = index(of: id) else { return [] }
        let call = submissions[index].call
        var actions = tell(index, .progress(report))
        switch report {
        case .sent, .raised, .cancelling, .unaffordable: break
        case .reopened: submissions[index].phase = .sending
        case .included(_, _, .reverted), .included(_, _, .cancelled):
            submissions[index].phase = .reverted
            actions.append(.check(call))
        case .included(_, _, .succeeded): submissions[index].phase = .sending
        case .displaced:
            submissions[index].phase = .checking
            actions.append(.check(call))
        case .rejected: submissions.remove(at: index)
        case .settled(_, let block, let inclusion):
            actions += settled(index, block, inclusion)
        }
        return actions
    }

    /// The outbox has forgotten the record.
    private mutating func settled(_ index: Int, _ block: BlockReference, _ inclusion: Inclusion) -> [Action] {
        let call = submissions[index].call
        switch (inclusion, submissions[index].phase) {
        case (.succeeded, _):
            submissions.remove(at: index)
            return [.tell(call, .settled)]
        case (_, .left(let left)) where left.number <= block.number:
            submissions.remove(at: index)
            return [.tell(call, .settled)]
        case (.cancelled, _), (.reverted, _):
            // Still wanted: from the beginning, with a record and a nonce of its own.
            guard case .left = submissions[index].phase else {
                submissions[index].phase = .checking
                return [.submit(call), .check(call)]
            }
            return [.submit(call)]
        }
    }

    private mutating func finalized(_ number: UInt64) -> [Action] {
        var actions: [Action] = []
        submissions.removeAll { submission in
            guard case .left(let block) = submission.phase, block.number <= number else { return false }
            actions.append(.withdraw(submission.call.id))
            actions.append(.tell(submission.call, .settled))
            return true
        }
        return actions
    }
}
