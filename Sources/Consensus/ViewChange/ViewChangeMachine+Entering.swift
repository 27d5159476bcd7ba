package import Primitives

/// Rule 4, what is durable before what, and who may lead.
extension ViewChangeMachine {
    /// The highest election certificate held.
    package var highestElection: ElectionCertificate? { record.electionCertificate.first }

    /// The view the node wishes for, or its own when no wish of it stands.
    package var wishedView: View { record.wishedView }

    mutating func start(into actions: inout [Action]) {
        if durableView == view {
            actions.append(.entered(view, leader: leader, by: .start))
        } else {
            persist(then: .announce(view, by: .start), into: &actions)
        }
    }

    /// Enters as far as the newest wishes lead.
    mutating func enterByWishes(at now: Instant, into actions: inout [Action]) {
        while let found = tally.certificate(leaving: view, quorum: committee.quorum) {
            guard let wishes = SSZList<SignedObject, 128>(found.wishes.map(\.signed)) else {
                preconditionFailure("a committee has at most 128 members")
            }
            let certificate = ViewCertificate(epoch: committee.epoch, view: found.view, wishes: wishes)
            enter(found.view, by: .certificate(certificate), at: now, into: &actions)
        }
    }

    /// Moves to a higher view.
    mutating func enter(
        _ next: View,
        by entrance: Entrance,
        at now: Instant,
        into actions: inout [Action]
    ) {
        precondition(next > view, "views only rise")
        record.view = next
        record.wishedView = next
        record.reason = .none
        record.viewCertificate = SSZList()
        if case .certificate(let certificate) = entrance {
            record.viewCertificate = SSZList([certificate]) ?? SSZList()
        }
        enteredAt = now
        entriesWithoutProgress += 1
        lastWishAt = nil
        suspicion.noQuorumSince = nil
        lease.grant(at: now)
        givePace.renew()
        persist(then: .announce(next, by: entrance), into: &actions)
    }

    mutating func persist(then consequence: Durability.Consequence?, into actions: inout [Action]) {
        actions.append(.persist(record, ticket: durability.ticket(for: consequence)))
    }

    /// Does what waited for the records up to this one, as far as it is not overtaken by now.
    mutating func persisted(upTo ticket: UInt64, at now: Instant, into actions: inout [Action]) {
        for consequence in durability.settle(upTo: ticket) {
            switch consequence {
            case .publishWish(let from, let to, let reason):
                guard from == view, to == record.wishedView, reason == record.reason else { continue }
                publishWish(at: now, into: &actions)
            case .announce(let entered, let entrance):
                durableView = entered
                guard entered == view else { continue }
                actions.append(.entered(entered, leader: leader, by: entrance))
            }
        }
    }

    // MARK: Leading

    /// What the node's next heartbeat says about its view.
    package var heartbeatContent: HeartbeatContent {
        HeartbeatContent(
            view: durableView,
            leaderSeen: durableView == view ? leaderSeen : .zero,
            wish: wishSequence == 0
                ? .zero : Order(incarnation: setting.incarnation, sequence: wishSequence),
            isDraining: suspicion.isDraining,
            lacksQuorum: leader == me && !holdsLease
        )
    }

    mutating func beat(_ order: Order, at now: Instant) {
        lastBeat = order
        lease.beat(order, at: now)
    }

    mutating func updateLeadership(
        at now: Instant,
        until deadline: inout Deadline,
        into actions: inout [Action]
    ) {
        holdsLease = false
        if leader == me {
            let limit = max(
                suspicion.silence,
                setting.schedule.followerInterval * 2 + suspicion.roundTrips.ofQuorum
            )
            let end = lease.end(limit: limit, except: me)
            holdsLease = now < end
            if holdsLease { deadline.note(end) }
        }
        let isFit = !suspicion.isDraining && !suspicion.proven[me.offset]
        actions += leadershipChange(to: holdsLease && durableView == view && isFit)
    }

    mutating func leadershipChange(to leads: Bool) -> [Action] {
        guard leads != isLeading else { return [] }
        isLeading = leads
        return [.leadershipChanged(isLeading: leads)]
    }
}

/// The part of a node's own heartbeat that its view change decides.
package struct HeartbeatContent: Hashable, Sendable {
    /// The view the node is durably in.
    package var view: View
    /// The order of the newest heartbeat of that view's leader that the node holds; for the leader, its own last.
    package var leaderSeen: Order
    /// The order of the node's newest wish; zero before the first.
    package var wish: Order
    /// Whether the node announces that it steps down.
    package var isDraining: Bool
    /// Whether the node, leading, declares that it sees no quorum.
    package var lacksQuorum: Bool
}
