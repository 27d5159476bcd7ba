import Consensus
import Primitives

/// One machine under test among members that a test speaks for.
///
/// The others beat when told to. Records become durable at once unless a test holds them back.
struct Bench {
    let committee: Committee
    let me: MemberIndex
    let leader: MemberIndex
    /// Neither the machine's member nor the first leader.
    let others: [MemberIndex]
    let interval: Duration = .milliseconds(250)
    private(set) var machine: ViewChangeMachine
    private(set) var now: Instant
    private(set) var actions: [ViewChangeMachine.Action] = []
    private var sequences: [MemberIndex: UInt64] = [:]
    private var wishSequences: [MemberIndex: UInt64] = [:]
    var holdsRecords = false
    private(set) var held: [UInt64] = []
    private(set) var disk: ViewRecord?

    /// A machine not started yet; with `leading` its member is the leader of view 1.
    init(
        size: Int = 4,
        leading: Bool = false,
        record: ViewRecord? = nil,
        incarnation: UInt64 = 1,
        at start: Instant = .start
    ) {
        committee = SimCommittee.make(size: size)
        let first = committee.leader(of: View(1))
        let me = leading ? first : committee.indices.first { $0 != first }!
        self.me = me
        leader = first
        others = committee.indices.filter { $0 != me && $0 != first }
        now = start
        disk = record
        machine = try! ViewChangeMachine(
            ViewChangeMachine.Setting(
                committee: committee,
                member: me,
                incarnation: incarnation,
                firstView: View(1)
            ),
            domains: SimCommittee.domains,
            authenticator: SimCommittee.authenticator(of: me, in: committee),
            record: record,
            at: start
        )
    }

    /// A machine that has heard everybody for long enough to judge, with all links up.
    static func steady(size: Int = 4, leading: Bool = false) -> Bench {
        var bench = Bench(size: size, leading: leading)
        bench.feed(.started)
        for member in bench.committee.indices where member != bench.me {
            bench.feed(.linkUp(member, view: View(1)))
        }
        for _ in 0..<12 { bench.beatAll() }
        bench.clear()
        return bench
    }

    // MARK: Time and facts

    mutating func feed(_ event: ViewChangeMachine.Event) {
        take(machine.handle(event, at: now))
    }

    private mutating func take(_ new: [ViewChangeMachine.Action]) {
        actions += new
        for case .persist(let record, let ticket) in new {
            disk = record
            if holdsRecords { held.append(ticket) } else { feed(.persisted(ticket)) }
        }
    }

    mutating func releaseRecords() {
        guard let last = held.last else { return }
        held = []
        feed(.persisted(last))
    }

    /// Lets time pass with every deadline kept.
    mutating func advance(by span: Duration) {
        let end = now.advanced(by: span)
        while let deadline = machine.nextDeadline, deadline <= end {
            now = max(now, deadline)
            take(machine.expired(at: now))
        }
        now = end
    }

    /// Lets time pass without the machine being called.
    mutating func sleep(for span: Duration) { now = now.advanced(by: span) }

    mutating func clear() { actions = [] }

    /// Lets one interval pass and everybody beat, but for some.
    mutating func beatAll(except silent: [MemberIndex] = []) {
        advance(by: interval)
        for member in committee.indices where !silent.contains(member) { beat(member) }
    }

    mutating func beat(
        _ member: MemberIndex,
        view: View = View(1),
        acknowledging: Bool = true,
        isDraining: Bool = false,
        lacksQuorum: Bool = false,
        skipping: UInt64 = 0
    ) {
        sequences[member, default: 0] += 1 + skipping
        let order = order(of: member)
        if member == me { return feed(.beat(order)) }
        let fact = HeartbeatFact(
            author: member,
            order: order,
            view: view,
            leaderSeen: acknowledging ? self.order(of: committee.leader(of: view)) : .zero,
            isDraining: isDraining,
            lacksQuorum: lacksQuorum
        )
        feed(.heard(fact))
    }

    /// The order of a member's newest heartbeat.
    func order(of member: MemberIndex) -> Order {
        sequences[member].map { Order(incarnation: 1, sequence: $0) } ?? .zero
    }

    // MARK: What others say

    mutating func wish(
        _ author: MemberIndex,
        from: View = View(1),
        to: View = View(2),
        _ reason: WishReason = .silence,
        seen: Order? = nil
    ) -> SignedObject {
        wishSequences[author, default: 0] += 1
        let seen = seen ?? order(of: committee.leader(of: from))
        let wish =
            to > from
            ? Wish(from: from, to: to, reason: reason, leaderSeen: seen)
            : Wish(withdrawingIn: from, leaderSeen: seen)
        return signed(wish.sszBytes, .wish, by: author, sequence: wishSequences[author]!)
    }

    mutating func hearWish(
        _ author: MemberIndex,
        from: View = View(1),
        to: View = View(2),
        _ reason: WishReason = .silence,
        seen: Order? = nil
    ) {
        feed(.received(wish(author, from: from, to: to, reason, seen: seen)))
    }

    /// Brings a certificate by which the machine enters a view.
    mutating func move(to view: View) {
        let from = machine.heartbeatContent.view
        let wishes = committee.indices.filter { $0 != me }.map { wish($0, from: from, to: view, .duty) }
        let certificate = ViewCertificate(epoch: committee.epoch, view: view, wishes: SSZList(wishes)!)
        feed(.viewCertificateReceived(certificate, from: others[0]))
    }

    func signed(
        _ payload: [UInt8],
        _ kind: ObjectKind,
        by author: MemberIndex,
        sequence: UInt64
    ) -> SignedObject {
        let object = Object(
            epoch: committee.epoch,
            author: author,
            kind: kind,
            order: Order(incarnation: 1, sequence: sequence),
            payload: ByteList(payload)!
        )
        let root = SigningRoot(of: object, in: SimCommittee.domains)
        let authenticator = SimCommittee.authenticator(of: author, in: committee)
        return SignedObject(object: object, signature: authenticator.sign(root))
    }

    func election(of view: View) -> ElectionCertificate {
        let leader = committee.leader(of: view)
        let account = committee[leader]!.account
        return ElectionCertificate(
            epoch: committee.epoch,
            view: view,
            leader: leader,
            signature: SimGroupVerifier.signature(epoch: committee.epoch, view: view, leader: account)
        )
    }

    // MARK: What the machine said

    /// The wishes it published, oldest first.
    var wishes: [Wish] { published(.wish).compactMap { try? Wish(ssz: $0.object.payload.bytes) } }

    func published(_ kind: ObjectKind) -> [SignedObject] {
        actions.compactMap {
            if case .publish(let signed) = $0, signed.object.kind == kind { signed } else { nil }
        }
    }

    var enteredViews: [View] {
        actions.compactMap { if case .entered(let view, _, _) = $0 { view } else { nil } }
    }

    var suspicions: [WishReason?] {
        actions.compactMap { if case .suspicionChanged(let reason) = $0 { .some(reason) } else { nil } }
    }
}
