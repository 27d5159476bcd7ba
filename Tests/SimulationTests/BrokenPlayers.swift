import Consensus
import Cryptography
import Gossip
import Peer
import Primitives
import Simulation

/// A member whose machine is broken in one way, to see that somebody notices.
final class BrokenPlayer: Player {
    /// How it is broken.
    enum Fault {
        case followsWrongLeader, forgetsItsView, trimsCertificates, votesBeforeDurable, reusesNonces
        case accusesInnocent, misreadsChain, fallsMute, leadsThenFallsMute, losesLogs, floods, overworks
        case keepsElections, keepsAnchors
    }

    private let honest: HonestPlayer
    private let fault: Fault
    private let committee: Committee
    private let member: MemberIndex
    private var hasFlooded = false
    private var isMute = false

    init(_ seat: Seat, _ fault: Fault) {
        honest = HonestPlayer(seat)
        self.fault = fault
        committee = seat.committee
        member = seat.member
    }

    var nextDeadline: Instant? { honest.nextDeadline }

    func handle(_ event: PeerMachine.Event, at now: Instant) -> [PeerMachine.Action] {
        var event = event
        if case .epochBegan(var beginning) = event, fault == .forgetsItsView {
            beginning.viewRecord = nil
            event = .epochBegan(beginning)
        }
        return altered(honest.handle(event, at: now), at: now)
    }

    func expired(at now: Instant) -> [PeerMachine.Action] {
        altered(honest.expired(at: now), at: now)
    }

    func snapshot() -> PeerSnapshot? { honest.snapshot() }

    func perform(_ order: SecretOrder) -> KeeperOutcome {
        guard fault == .reusesNonces else { return honest.perform(order) }
        let point =
            CompressedPoint([2] + [UInt8](repeating: UInt8(member.rawValue), count: 32)) ?? CompressedPoint()
        var outcome = honest.perform(order)
        switch order {
        case .commitNonces(let context, _):
            outcome.answer = .signer(
                .noncesCommitted(context, NonceCommitment(hiding: point, binding: point))
            )
        case .signShare(let order): outcome.answer = .signer(.shareSigned(order, Scalar(1)))
        default: break
        }
        return outcome
    }

    private func altered(_ actions: [PeerMachine.Action], at now: Instant) -> [PeerMachine.Action] {
        actions.flatMap { altered($0, at: now) }
    }

    private func altered(_ action: PeerMachine.Action, at now: Instant) -> [PeerMachine.Action] {
        switch (fault, action) {
        case (.followsWrongLeader, .notice(.viewEntered(let view, let leader, let entrance))):
            let other = MemberIndex(Int(leader.rawValue) % committee.size + 1)
            return [.notice(.viewEntered(view, leader: other, entrance))]
        case (.trimsCertificates, .persist(.view(var record), let ticket)):
            guard var certificate = record.viewCertificate.first else { break }
            certificate.wishes = SSZList(Array(certificate.wishes.prefix(1))) ?? SSZList()
            record.viewCertificate = SSZList([certificate]) ?? SSZList()
            return [.persist(.view(record), ticket)]
        case (.votesBeforeDurable, .persist(.votes, let ticket)), (.losesLogs, .persist(.log, let ticket)):
            return altered(honest.handle(.persisted(ticket), at: now), at: now)
        case (.accusesInnocent, .notice(.linkUp(let peer))):
            return [action, .penalize(peer, .greeting)]
        case (.misreadsChain, .notice(.anchored(var record, let stage))):
            record.leader = Address()
            return [.notice(.anchored(record, stage))]
        case (.fallsMute, .send), (.keepsElections, .submit(.election)),
            (.keepsAnchors, .submit(.proofAnchor)):
            return []
        case (.leadsThenFallsMute, .send):
            // For good, else it would find its voice when its lease ends.
            isMute = isMute || now > Instant(sinceStart: .seconds(8)) && honest.snapshot()?.isLeading == true
            if isMute { return [] }
        case (.floods, .send(_, let peer)):
            guard !hasFlooded else { break }
            hasFlooded = true
            let message = LinkMessage(.range, body: [UInt8](repeating: 0, count: 60_000))
            return [action, .send(Array(repeating: message, count: 100), to: peer)]
        case (.overworks, .notice(.linkUp)): return Array(repeating: action, count: 20_001)
        default: break
        }
        return [action]
    }
}
