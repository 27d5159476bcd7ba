import Consensus
import Primitives
import Testing

/// A cluster of view-change machines over a simulated network, disk and signing group, all from one seed.
///
/// Messages between two members arrive in order. What a lost packet costs is time, as with TCP. A cut link
/// swallows what is sent; when it comes up again both ends exchange hello and all registers.
final class World {
    struct Network {
        var roundTrip: Duration = .milliseconds(50)
        var jitter: Duration = .milliseconds(1)
        /// Lost packets of 1,000.
        var loss = 0
        var fsync: ClosedRange<Duration> = .milliseconds(1) ... .milliseconds(8)
    }

    let committee: Committee
    let schedule: HeartbeatSchedule
    let seed: UInt64
    var network: Network
    var random: SplitMix64
    private(set) var now = Instant.start
    private var heap = EventHeap()
    private(set) var nodes: [SimNode] = []
    private var delays: [[Duration]]
    private var lastArrival: [[Instant]]
    /// Whether messages from one (row) to another (column) get through.
    var isCut: [[Bool]]
    /// Whether a link between the two is up.
    private(set) var isLinked: [[Bool]]
    let checks = Checks()
    /// Which members signed the election of a view.
    var shares: [View: Set<MemberIndex>] = [:]
    var hasGroupKey = true
    /// Says what happens, when somebody wants to know.
    var trace: ((String) -> Void)?

    init(
        size: Int,
        seed: UInt64,
        network: Network = Network(),
        interval: Duration = .milliseconds(250),
        liars: [MemberIndex: Liar] = [:]
    ) {
        committee = SimCommittee.make(size: size, salt: UInt8(truncatingIfNeeded: seed))
        schedule = HeartbeatSchedule(interval: interval, size: size)
        self.seed = seed
        self.network = network
        random = SplitMix64(seed: seed)
        delays = Array(repeating: Array(repeating: .zero, count: size), count: size)
        lastArrival = Array(repeating: Array(repeating: .start, count: size), count: size)
        isCut = Array(repeating: Array(repeating: false, count: size), count: size)
        isLinked = Array(repeating: Array(repeating: false, count: size), count: size)
        for first in 0..<size {
            for second in 0..<first {
                let delay = network.roundTrip / 2 * Int.random(in: 80...120, using: &random) / 100
                delays[first][second] = delay
                delays[second][first] = delay
            }
        }
        for member in committee.indices {
            nodes.append(SimNode(member, in: self, liar: liars[member]))
        }
        for node in nodes {
            at(now.advanced(by: draw(.zero ... .milliseconds(100)))) { node.boot() }
        }
    }

    subscript(member: MemberIndex) -> SimNode { nodes[member.offset] }
    var honest: [SimNode] { nodes.filter { $0.liar == nil } }
    var live: [SimNode] { honest.filter(\.isAlive) }

    func draw(_ range: ClosedRange<Duration>) -> Duration {
        let span = Int((range.upperBound - range.lowerBound) / .microseconds(1))
        return range.lowerBound + .microseconds(span == 0 ? 0 : Int.random(in: 0...span, using: &random))
    }

    func chance(_ percent: Int) -> Bool { Int.random(in: 0..<100, using: &random) < percent }

    func note(_ text: @autoclosure () -> String) { trace?("\(now)  \(text())") }

    // MARK: Time

    func at(_ moment: Instant, _ happen: @escaping () -> Void) { heap.add(at: moment, happen) }

    func after(_ span: Duration, _ happen: @escaping () -> Void) { at(now.advanced(by: span), happen) }

    func run(until end: Instant) {
        while let next = heap.next, next <= end, let happen = heap.popFirst() {
            now = next
            happen()
        }
        now = end
    }

    func run(for span: Duration) { run(until: now.advanced(by: span)) }

    /// Runs until the condition holds after some event; answers when, or `nil` when `span` passed before.
    func run(for span: Duration, until condition: () -> Bool) -> Duration? {
        let start = now
        let end = now.advanced(by: span)
        if condition() { return .zero }
        while let next = heap.next, next <= end, let happen = heap.popFirst() {
            now = next
            happen()
            if condition() { return start.duration(to: now) }
        }
        now = end
        return nil
    }

    // MARK: Network

    func delay(_ from: MemberIndex, _ to: MemberIndex) -> Duration { delays[from.offset][to.offset] }

    func isUp(_ one: MemberIndex, _ other: MemberIndex) -> Bool { isLinked[one.offset][other.offset] }

    private func setLink(_ one: MemberIndex, _ other: MemberIndex, _ isUp: Bool) {
        isLinked[one.offset][other.offset] = isUp
        isLinked[other.offset][one.offset] = isUp
    }

    func send(_ message: Message, from: MemberIndex, to: MemberIndex) {
        guard isUp(from, to), !isCut[from.offset][to.offset] else { return }
        var delay = delay(from, to) + draw(.zero...network.jitter)
        var resend: Duration = .milliseconds(200) + delay * 2
        while network.loss > 0, resend < .seconds(10) {
            guard Int.random(in: 0..<1_000, using: &random) < network.loss else { break }
            delay += resend
            resend = resend * 2
        }
        let last = lastArrival[from.offset][to.offset]
        let arrival = max(now.advanced(by: delay), last.advanced(by: .nanoseconds(1)))
        lastArrival[from.offset][to.offset] = arrival
        let boot = self[to].incarnation
        at(arrival) { [self] in
            let receiver = self[to]
            guard receiver.isAlive, receiver.incarnation == boot else { return }
            receiver.deliver(.message(message, from: from))
        }
    }

    /// Brings up all links that can be, one and a half round trips from now.
    func dial(_ one: MemberIndex) {
        for other in committee.indices where other != one { dial(one, other) }
    }

    func dial(_ one: MemberIndex, _ other: MemberIndex) {
        after(delay(one, other) * 3) { [self] in
            let cut = isCut[one.offset][other.offset] || isCut[other.offset][one.offset]
            guard self[one].isAlive, self[other].isAlive, !cut, !isUp(one, other) else { return }
            setLink(one, other, true)
            self[one].deliver(.linkUp(other))
            self[other].deliver(.linkUp(one))
        }
    }

    // MARK: Faults

    /// Ends a process.
    ///
    /// With `closing`, its kernel closes the sockets and refuses new ones, else it just hangs.
    func kill(_ member: MemberIndex, closing: Bool = true) {
        guard self[member].isAlive else { return }
        note("\(member) dies\(closing ? "" : " hanging")")
        self[member].die()
        for other in committee.indices where isUp(member, other) {
            if closing {
                let cut = isCut[member.offset][other.offset]
                let boot = self[other].incarnation
                after(delay(member, other)) { [self] in
                    setLink(member, other, false)
                    if !cut { closed(member, seenBy: other, boot: boot) }
                }
            } else {
                after(.seconds(3)) { [self] in
                    guard !self[member].isAlive, isUp(member, other) else { return }
                    setLink(member, other, false)
                    self[other].deliver(.linkClosed(member, byPeer: false))
                }
            }
        }
    }

    private func closed(_ member: MemberIndex, seenBy other: MemberIndex, boot: UInt64) {
        guard self[other].isAlive, self[other].incarnation == boot else { return }
        self[other].deliver(.linkClosed(member, byPeer: true))
        after(delay(member, other) * 2) { [self] in
            let cut = isCut[member.offset][other.offset]
            if !self[member].isAlive, !cut { self[other].deliver(.refused(member)) }
        }
    }

    func restart(_ member: MemberIndex) {
        guard !self[member].isAlive else { return }
        for other in committee.indices { setLink(member, other, false) }
        note("\(member) restarts")
        self[member].boot()
    }

    /// Cuts all pairs that are not in one group; links notice after a while.
    func partition(_ groups: [[MemberIndex]]) {
        note("partition \(groups)")
        for one in committee.indices {
            for other in committee.indices where one != other {
                let together = groups.contains { $0.contains(one) && $0.contains(other) }
                isCut[one.offset][other.offset] = !together
            }
        }
        after(.seconds(2)) { [self] in
            for one in committee.indices {
                for other in committee.indices where one < other && isCut[one.offset][other.offset] {
                    drop(one, other)
                }
            }
        }
    }

    /// Ends a link by the network's fault.
    func drop(_ one: MemberIndex, _ other: MemberIndex) {
        guard isUp(one, other) else { return }
        setLink(one, other, false)
        if self[one].isAlive { self[one].deliver(.linkClosed(other, byPeer: false)) }
        if self[other].isAlive { self[other].deliver(.linkClosed(one, byPeer: false)) }
    }

    /// Mends every cut; links that had gone quiet are renewed.
    func heal() {
        note("the network heals")
        for one in committee.indices {
            for other in committee.indices where one < other {
                let wasCut = isCut[one.offset][other.offset] || isCut[other.offset][one.offset]
                isCut[one.offset][other.offset] = false
                isCut[other.offset][one.offset] = false
                if wasCut { drop(one, other) }
                dial(one, other)
            }
        }
    }

    // MARK: Looking

    /// The view in which all live honest members are, if it is one and the same.
    var commonView: View? {
        let views = Set(live.map(\.durableView))
        return views.count == 1 ? views.first : nil
    }

    /// Whether all live members follow one live leader whose election all of them hold.
    var isSettled: Bool {
        guard let view = commonView else { return false }
        let leader = self[committee.leader(of: view)]
        return leader.isAlive && leader.isLeading && live.allSatisfy { $0.highestElection ?? View(0) >= view }
    }

    /// Whether it is settled in a view above this.
    func hasSettled(after view: View) -> Bool { isSettled && commonView ?? view > view }

    /// Whether it is settled and no live member would have it otherwise.
    var isContent: Bool {
        isSettled
            && live.allSatisfy {
                !$0.isPaused && $0.suspicion == nil && $0.disk?.wishedView == $0.durableView
            }
    }
}
