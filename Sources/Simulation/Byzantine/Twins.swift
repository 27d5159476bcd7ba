import Gossip
import Peer
import Primitives

/// Two processes with one identity: some members are linked with one, the rest with the other.
///
/// Only the first has the disk; the second's writes are done at once and forgotten.
final class Twins: Player {
    private let first: any Player
    private let second: any Player
    private let committee: Committee
    private var entries: [SignedObject] = []

    init(_ first: any Player, _ second: any Player, _ committee: Committee) {
        self.first = first
        self.second = second
        self.committee = committee
    }

    var nextDeadline: Instant? { [first.nextDeadline, second.nextDeadline].compactMap(\.self).min() }

    func handle(_ event: PeerMachine.Event, at now: Instant) -> [PeerMachine.Action] {
        switch event {
        case .epochBegan, .chain, .drainRequested, .publicationRequested, .operations, .storeFailed:
            first.handle(event, at: now) + filtered(second.handle(event, at: now), at: now)
        case .linkUp(let peer), .linkDown(let peer, _), .redialRefused(let peer, _),
            .redialRefusedEnded(let peer), .received(_, let peer):
            isSeconds(peer) ? filtered(second.handle(event, at: now), at: now) : first.handle(event, at: now)
        case .persisted, .logRead, .logsCut, .secretsAnswered: first.handle(event, at: now)
        }
    }

    private func isSeconds(_ peer: Identity) -> Bool {
        committee.index(of: peer)?.rawValue.isMultiple(of: 2) ?? false
    }

    func expired(at now: Instant) -> [PeerMachine.Action] {
        first.expired(at: now) + filtered(second.expired(at: now), at: now)
    }

    /// What the second process orders, with everything that is not words done here.
    private func filtered(_ actions: [PeerMachine.Action], at now: Instant) -> [PeerMachine.Action] {
        var done: [PeerMachine.Action] = []
        for action in actions {
            switch action {
            case .send, .close, .signOfLife: done.append(action)
            case .persist(let record, let ticket):
                if case .log(.entries(of: _, let new)) = record { entries += new }
                done += filtered(second.handle(.persisted(ticket), at: now), at: now)
            case .readLog(let read):
                let author = committee.index(of: read.author)
                let found = entries.filter {
                    $0.object.author == author && $0.object.order.sequence >= read.first
                }
                let event = PeerMachine.Event.logRead(id: read.id, entries: Array(found.prefix(read.count)))
                done += filtered(second.handle(event, at: now), at: now)
            case .order(let order):
                guard let answer = second.perform(order).answer else { continue }
                done += filtered(second.handle(.secretsAnswered(answer), at: now), at: now)
            case .setPeers, .submit, .cancelSubmission, .notice, .penalize, .count, .logsAttested,
                .operations:
                break
            }
        }
        return done
    }

    func perform(_ order: SecretOrder) -> KeeperOutcome { first.perform(order) }

    func standing() -> PeerStanding? { first.standing() }

    func snapshot() -> PeerSnapshot? { first.snapshot() }
}
