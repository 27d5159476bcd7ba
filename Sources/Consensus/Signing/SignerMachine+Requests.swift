import Cryptography
import Primitives

/// What becomes of a request: checks, vote, share, answer.
extension SignerMachine {
    mutating func receive(_ object: SignedObject) -> [Action] {
        let author = object.object.author
        guard object.object.epoch == committee.epoch, object.object.kind == .signRequest else { return [] }
        let request: SignRequest
        do throws(SSZError) {
            request = try SignRequest(ssz: object.object.payload.bytes)
        } catch {
            return [.penalize(author, .malformed)]
        }
        guard committee.leader(of: request.view) == author else { return [.penalize(author, .notLeader)] }
        guard request.isWellFormed(threshold: committee.quorum, size: committee.size) else {
            return [.penalize(author, .badRequest)]
        }
        guard request.view == view else { return drop(\.otherView) }
        guard
            let index = index(of: request.statement),
            duties[index].stands, duties[index].endorsement.applies(in: request.view),
            // While a registration is being reorganised, honest members may hold different keys for the group's.
            duties[index].endorsement.key == request.key
        else { return drop(\.notEndorsed) }
        guard let own = request.commitment(of: member) else { return [.penalize(author, .badRequest)] }
        return answer(request, spending: own, duty: index, in: object.object)
    }

    private mutating func answer(
        _ request: SignRequest,
        spending own: NonceCommitment,
        duty index: Int,
        in object: Object
    ) -> [Action] {
        let duty = duties[index]
        let (author, incarnation) = (object.author, object.order.incarnation)
        let root = request.hashTreeRoot()
        if let share = duty.answer(to: root) { return [.send(.signShare(share), to: author)] }
        if duty.work?.root == root { return drop(\.inHand) }
        if let earlier = duty.incarnation(spending: own, of: member) {
            // A leader that has crashed in between does not know that it has asked before.
            return earlier == incarnation
                ? [.penalize(author, .reusedCommitment)] : drop(\.unknownCommitment)
        }
        // Also after a crash of ours: the leader may still hold a commitment whose nonces are gone.
        guard duty.offered == own, duty.work == nil else { return drop(\.unknownCommitment) }
        guard lock.permits(duty.endorsement) else { return drop(\.lockedOut) }
        duties[index].offered = nil
        duties[index].work = SignerDuty.Work(
            request: request,
            root: root,
            incarnation: incarnation,
            stage: .signing
        )
        if durable.holds(duty.endorsement) { return order(duty: index) }
        return vote(duty: index)
    }

    /// Stores the vote; the share is ordered when it is durable.
    private mutating func vote(duty index: Int) -> [Action] {
        let endorsement = duties[index].endorsement
        if lock.holds(endorsement), let last = storing.last {
            // The vote is in a record on its way already.
            duties[index].work?.stage = .locking(ticket: last.ticket)
            return []
        }
        lock.give(endorsement)
        let ticket = nextTicket
        nextTicket += 1
        storing.append((ticket, lock))
        duties[index].work?.stage = .locking(ticket: ticket)
        return [.persist(lock, ticket: ticket)]
    }

    mutating func stored(through ticket: UInt64) -> [Action] {
        while let first = storing.first, first.ticket <= ticket {
            durable = first.lock
            storing.removeFirst()
        }
        return duties.indices.flatMap { index -> [Action] in
            guard case .locking(let awaited) = duties[index].work?.stage, awaited <= ticket else { return [] }
            return order(duty: index)
        }
    }

    private mutating func order(duty index: Int) -> [Action] {
        guard let work = duties[index].work, let context = context(of: duties[index].endorsement) else {
            return []
        }
        // A record on its way may hold a newer vote than the one that this share would be for.
        guard durable.holds(duties[index].endorsement), lock.permits(duties[index].endorsement) else {
            duties[index].work = nil
            return drop(\.lockedOut)
        }
        guard duties[index].stands else {
            duties[index].work = nil
            return drop(\.notEndorsed)
        }
        duties[index].work?.stage = .signing
        return [.signShare(ShareOrder(request: work.request, root: work.root, context: context))]
    }
}

// MARK: - The vault's answers

extension SignerMachine {
    mutating func takeShare(_ share: Scalar, of order: ShareOrder) -> [Action] {
        guard let index = index(of: order), duties[index].work?.stage == .signing else { return [] }
        duties[index].work?.stage = .committing(share)
        if duties[index].answers.count + 1 >= answerLimit { return reply(duty: index, next: nil) }
        duties[index].awaitsNonces = true
        return [.commitNonces(order.context, key: order.request.key)]
    }

    mutating func refuse(_ order: ShareOrder, because error: NonceVaultError) -> [Action] {
        guard let index = index(of: order), duties[index].work?.stage == .signing else { return [] }
        duties[index].work = nil
        var actions: [Action] = []
        if case .round = error {
            actions.append(.penalize(order.context.coordinator, .badRequest))
        } else {
            drops.vaultRefusals += 1
        }
        return actions + offer(duty: index)
    }

    mutating func takeNonces(_ commitment: NonceCommitment?, in context: NonceContext) -> [Action] {
        guard
            let index = index(of: context.statement.digest),
            self.context(of: duties[index].endorsement) == context, duties[index].awaitsNonces
        else { return [] }
        duties[index].awaitsNonces = false
        if case .committing = duties[index].work?.stage { return reply(duty: index, next: commitment) }
        guard let commitment else { return [] }
        duties[index].offered = commitment
        return readyMessage(duty: index).map { [$0] } ?? []
    }

    /// Answers the request in hand; without a next commitment the answer says that there is none.
    private mutating func reply(duty index: Int, next: NonceCommitment?) -> [Action] {
        guard
            let view, let work = duties[index].work, case .committing(let share) = work.stage,
            let spent = work.request.commitment(of: member)
        else { return [] }
        let answer = SignShare(to: work.request, share: share, next: next ?? .none)
        duties[index].work = nil
        duties[index].offered = next
        duties[index].answers.append((spent, work.incarnation, answer))
        return [.send(.signShare(answer), to: committee.leader(of: view))]
    }
}
