import Consensus
import Cryptography
import Gossip
import Peer
import Primitives
import Simulation

/// What the honest members of a simulated committee do, in the words of `docs/model/traces.c`.
///
/// It sees what their machines order and what they are told, and nothing of how they come to it. A record that
/// became durable while its process died shows when the next process reads the disk, and is noted then: until then
/// nobody can have seen it.
final class StepLog {
    private enum Reason: String {
        case soft, hard, joined, joinedHard

        init(_ reason: WishReason) {
            self =
                switch reason {
                case .joined: .joined
                case .joinedHard: .joinedHard
                default: reason.isHard ? .hard : .soft
                }
        }
    }

    /// The part of a view record that the model knows.
    private struct Standing: Hashable {
        var view = View(1)
        var wished = View(1)
        var reason = Reason.soft

        init(_ record: ViewRecord?) {
            guard let record else { return }
            (view, wished, reason) = (record.view, record.wishedView, Reason(record.reason))
        }
    }

    /// The newest vote of a lock.
    private struct Vote: Hashable {
        var view: View
        var statement: Digest

        init?(_ lock: VoteLock?) {
            guard let lock, !lock.statement.isZero else { return nil }
            (view, statement) = (lock.view, lock.statement)
        }
    }

    private struct Member {
        var isUp = false
        var standing = Standing(nil)
        var vote: Vote?
        var standings: [(ticket: PersistTicket, value: Standing)] = []
        var votes: [(ticket: PersistTicket, value: Vote)] = []
        var newestWish = Order.zero
    }

    private(set) var lines: [String] = []
    private var members: [MemberIndex: Member] = [:]
    /// The statements that anybody has voted for in each view, in that order.
    private var statements: [View: [Digest]] = [:]
    private var certified: Set<View> = []

    var text: String { lines.joined(separator: "\n") + "\n" }

    private func note(_ member: MemberIndex, _ words: String) { lines.append("\(member) \(words)") }

    // MARK: Beginning and end

    func began(_ beginning: EpochBeginning, as member: MemberIndex) {
        var state = members[member] ?? Member()
        let standing = Standing(beginning.viewRecord)
        if let last = state.standings.lastIndex(where: { $0.value == standing }), standing != state.standing {
            for record in state.standings[...last] { store(record.value, member) }
        }
        let vote = Vote(beginning.votes)
        if vote != state.vote, let last = state.votes.lastIndex(where: { $0.value == vote }) {
            for record in state.votes[...last] { note(member, "locks \(words(record.value))") }
        }
        if state.isUp { note(member, "crashes") }
        note(member, "starts \(standing.view)")
        state = Member()
        state.isUp = true
        state.standing = standing
        state.vote = vote
        members[member] = state
    }

    // MARK: The disk

    func hands(_ record: PeerRecord, _ ticket: PersistTicket, _ member: MemberIndex) {
        guard let state = members[member] else { return }
        switch record {
        case .view(let record):
            let last = state.standings.last?.value ?? state.standing
            let next = Standing(record)
            guard next != last else { return }
            members[member]?.standings.append((ticket, next))
            if next.view > last.view {
                // Its own wish may be in the certificate before it is on any link.
                for signed in record.viewCertificate.first?.wishes.elements ?? [] { says(signed, member) }
                note(member, "enters \(next.view) \(entrance(record))")
            } else if next.wished > next.view {
                note(member, "wishes \(next.view) \(next.wished) \(next.reason.rawValue)")
            } else {
                note(member, "withdraws \(next.view)")
            }
        case .votes(let lock):
            guard let next = Vote(lock), next != state.votes.last?.value ?? state.vote else { return }
            members[member]?.votes.append((ticket, next))
            note(member, "votes \(words(next))")
        case .log, .evidence: break
        }
    }

    private func entrance(_ record: ViewRecord) -> String {
        guard let certificate = record.viewCertificate.first, certificate.view == record.view,
            let first = certificate.wishes.first, let wish = try? Wish(ssz: first.object.payload.bytes)
        else { return "elected" }
        let authors = certificate.wishes.map { "\($0.object.author)" }.joined(separator: " ")
        return "from \(wish.from) by \(authors)"
    }

    func stored(_ ticket: PersistTicket, _ member: MemberIndex) {
        guard var state = members[member] else { return }
        if let place = state.standings.firstIndex(where: { $0.ticket == ticket }) {
            for record in state.standings[...place] { store(record.value, member) }
            state.standing = state.standings[place].value
            state.standings.removeFirst(place + 1)
        }
        if let place = state.votes.firstIndex(where: { $0.ticket == ticket }) {
            for record in state.votes[...place] { note(member, "locks \(words(record.value))") }
            state.vote = state.votes[place].value
            state.votes.removeFirst(place + 1)
        }
        members[member] = state
    }

    private func store(_ standing: Standing, _ member: MemberIndex) {
        note(member, "stores \(standing.view) \(standing.wished) \(standing.reason.rawValue)")
    }

    // MARK: What leaves

    func sends(_ message: LinkMessage, _ member: MemberIndex) {
        guard message.type == .objects, let batch = try? ObjectBatch(ssz: message.body) else { return }
        for signed in batch { says(signed, member) }
    }

    private func says(_ signed: SignedObject, _ member: MemberIndex) {
        guard signed.object.author == member, signed.object.kind == .wish,
            signed.object.order > members[member]?.newestWish ?? .zero,
            let wish = try? Wish(ssz: signed.object.payload.bytes)
        else { return }
        members[member]?.newestWish = signed.object.order
        note(member, "publishes \(wish.from) \(wish.to) \(Reason(wish.reason).rawValue)")
    }

    func tells(_ notice: Notice, _ member: MemberIndex) {
        switch notice {
        case .viewEntered(let view, _, _): note(member, "announces \(view)")
        case .certified(let certificate):
            if certified.insert(certificate.view).inserted { note(member, "certifies \(certificate.view)") }
        default: break
        }
    }

    func signs(_ order: ShareOrder, _ member: MemberIndex) {
        let digest = order.context.statement.digest
        // Shares under a new group key are none of the view change's business.
        guard let number = statements[order.request.view]?.firstIndex(of: digest) else { return }
        note(member, "shares \(order.request.view) \(number + 1)")
    }

    private func words(_ vote: Vote) -> String {
        var known = statements[vote.view] ?? []
        if !known.contains(vote.statement) { known.append(vote.statement) }
        statements[vote.view] = known
        return "\(vote.view) \((known.firstIndex(of: vote.statement) ?? 0) + 1)"
    }
}

/// An honest member whose steps are noted.
final class WatchedPlayer: Player {
    private let player: HonestPlayer
    private let member: MemberIndex
    private let log: StepLog

    init(_ seat: Seat, _ log: StepLog) {
        player = HonestPlayer(seat)
        member = seat.member
        self.log = log
    }

    var nextDeadline: Instant? { player.nextDeadline }

    func handle(_ event: PeerMachine.Event, at now: Instant) -> [PeerMachine.Action] {
        switch event {
        case .epochBegan(let beginning): log.began(beginning, as: member)
        case .persisted(let ticket): log.stored(ticket, member)
        default: break
        }
        return noted(player.handle(event, at: now))
    }

    func expired(at now: Instant) -> [PeerMachine.Action] { noted(player.expired(at: now)) }

    private func noted(_ actions: [PeerMachine.Action]) -> [PeerMachine.Action] {
        for action in actions {
            switch action {
            case .persist(let record, let ticket): log.hands(record, ticket, member)
            case .send(let messages, _): for message in messages { log.sends(message, member) }
            case .notice(let notice): log.tells(notice, member)
            default: break
            }
        }
        return actions
    }

    func perform(_ order: SecretOrder) -> KeeperOutcome {
        if case .signShare(let order) = order { log.signs(order, member) }
        return player.perform(order)
    }

    func snapshot() -> PeerSnapshot? { player.snapshot() }
}
