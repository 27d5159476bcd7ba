import Primitives

@testable import Gossip

/// Gossip machines of a whole committee in one virtual world: time, links, losses and stores, all from one seed.
struct VirtualMesh {
    /// What the world does to the nodes.
    struct Weather {
        /// Messages lost, of a thousand.
        var lostPerMille: UInt64 = 0
        var leastDelay = Duration.milliseconds(1)
        var delaySpread = Duration.milliseconds(4)
        var storeDelay = Duration.milliseconds(2)
    }

    private enum Happening {
        case message(LinkMessage, from: Int, to: Int, generation: Int)
        case stored(Int, UInt64)
    }

    private struct Item {
        let time: Instant
        let number: Int
        let happening: Happening
    }

    let cast: TestCommittee
    var nodes: [TestNode]
    var weather = Weather()
    private(set) var now = Instant.start
    var random: SplitMix64
    /// Messages handed to the links so far, by type.
    private(set) var sent: [MessageType: Int] = [:]
    /// Bytes handed to the links so far, with what the layers below add.
    private(set) var sentBytes = 0
    /// What becomes of a message from one member to another before it counts as sent; `nil` keeps it back.
    var intercept: (_ from: Int, _ to: Int, LinkMessage) -> LinkMessage? = { $2 }
    private var agenda: [Item] = []
    private var counter = 0
    private var isDead: [Bool]
    /// The number of the link's present connection, or `nil` while there is none.
    private var connections: [[Int?]]
    private var generation = 0
    /// When the last message of each direction arrives: links keep the order.
    private var lastArrival: [[Instant]]

    var size: Int { nodes.count }

    init(size: Int, seed: UInt64, store: (Int, TestCommittee) -> TestStore = { _, _ in TestStore() }) {
        let cast = TestCommittee(size: size)
        self.cast = cast
        var random = SplitMix64(seed: seed)
        nodes = (1...size).map { TestNode(cast, $0, seed: random.next(), store: store($0, cast)) }
        self.random = random
        isDead = Array(repeating: false, count: size)
        connections = Array(repeating: Array(repeating: nil, count: size), count: size)
        lastArrival = Array(repeating: Array(repeating: .start, count: size), count: size)
        for index in nodes.indices {
            nodes[index].storesAtOnce = false
            nodes[index].keepsHeartbeats = false
        }
    }

    // MARK: Links, by member number from 1

    func isLinked(_ one: Int, _ other: Int) -> Bool { connections[one - 1][other - 1] != nil }

    mutating func linkAll() {
        for one in 1...size {
            for other in (one + 1)..<(size + 1) { link(one, other) }
        }
    }

    mutating func link(_ one: Int, _ other: Int) {
        guard one != other, !isLinked(one, other), !isDead[one - 1], !isDead[other - 1] else { return }
        generation += 1
        connections[one - 1][other - 1] = generation
        connections[other - 1][one - 1] = generation
        let digests = (nodes[one - 1].machine.frontierDigest, nodes[other - 1].machine.frontierDigest)
        feed(one, .linkUp(MemberIndex(other), frontierDigest: digests.1))
        feed(other, .linkUp(MemberIndex(one), frontierDigest: digests.0))
    }

    mutating func cut(_ one: Int, _ other: Int) {
        guard isLinked(one, other) else { return }
        connections[one - 1][other - 1] = nil
        connections[other - 1][one - 1] = nil
        if !isDead[one - 1] { feed(one, .linkDown(MemberIndex(other), .other)) }
        if !isDead[other - 1] { feed(other, .linkDown(MemberIndex(one), .other)) }
    }

    /// Cuts all links between the members named and the others.
    mutating func partition(_ part: Set<Int>) {
        for one in part.sorted() {
            for other in 1...size where !part.contains(other) { cut(one, other) }
        }
    }

    /// Ends a member; of what its store is writing, some is durable and the rest is lost.
    mutating func kill(_ member: Int) {
        nodes[member - 1].complete(Int(random.next() % 3))
        isDead[member - 1] = true
        for other in 1...size { cut(member, other) }
    }

    /// Starts a killed member again with what is durable of its store.
    mutating func restart(_ member: Int, incarnation: UInt64) {
        isDead[member - 1] = false
        var node = TestNode(
            cast,
            member,
            seed: random.next(),
            incarnation: incarnation,
            store: nodes[member - 1].durable,
            at: now
        )
        node.storesAtOnce = false
        node.keepsHeartbeats = false
        nodes[member - 1] = node
        collect(member)
        for other in 1...size { link(member, other) }
    }

    // MARK: Time

    mutating func feed(_ member: Int, _ event: GossipMachine.Event) {
        nodes[member - 1].feed(event, at: now)
        collect(member)
    }

    mutating func publish(_ member: Int, _ kind: ObjectKind, _ payload: [UInt8]) {
        nodes[member - 1].publish(kind, payload, at: now)
        collect(member)
    }

    mutating func run(for duration: Duration) {
        let end = now.advanced(by: duration)
        while let next = nextTime(), next <= end {
            now = max(now, next)
            if let item = agenda.first, item.time <= now {
                popAgenda()
                perform(item.happening)
            } else {
                for member in 1...size where isDue(member) {
                    nodes[member - 1].expire(at: now)
                    collect(member)
                }
            }
        }
        now = end
    }

    private func isDue(_ member: Int) -> Bool {
        !isDead[member - 1] && (nodes[member - 1].machine.nextDeadline.map { $0 <= now } ?? false)
    }

    private func nextTime() -> Instant? {
        var next = agenda.first?.time
        for (node, dead) in zip(nodes, isDead) where !dead {
            guard let deadline = node.machine.nextDeadline else { continue }
            next = next.map { min($0, deadline) } ?? deadline
        }
        return next
    }

    private mutating func perform(_ happening: Happening) {
        switch happening {
        case .message(let message, let from, let to, let generation):
            guard connections[from - 1][to - 1] == generation, !isDead[to - 1] else { return }
            feed(to, .received(message, from: MemberIndex(from)))
        case .stored(let member, let ticket):
            guard !isDead[member - 1] else { return }
            feed(member, .persisted(ticket: ticket))
        }
    }

    private mutating func collect(_ member: Int) {
        for (original, to) in nodes[member - 1].takeSent() {
            let other = Int(to.rawValue)
            guard let message = intercept(member, other, original) else { continue }
            guard let connection = connections[member - 1][other - 1] else { continue }
            sent[message.type, default: 0] += 1
            sentBytes += message.body.count + GossipSchedule.messageOverheadBytes
            guard random.next() % 1_000 >= weather.lostPerMille else { continue }
            let spread = weather.delaySpread * Int(random.next() % 1_000) / 1_000
            let arrival = now.advanced(by: weather.leastDelay + spread)
            lastArrival[member - 1][other - 1] = max(arrival, lastArrival[member - 1][other - 1])
            schedule(
                .message(message, from: member, to: other, generation: connection),
                at: lastArrival[member - 1][other - 1]
            )
        }
        for ticket in nodes[member - 1].takeUnanswered() {
            schedule(.stored(member, ticket), at: now.advanced(by: weather.storeDelay))
        }
        for (other, _) in nodes[member - 1].takeDisconnected() { cut(member, Int(other.rawValue)) }
    }

    // MARK: A binary heap by time, then by number

    private mutating func schedule(_ happening: Happening, at time: Instant) {
        counter += 1
        agenda.append(Item(time: time, number: counter, happening: happening))
        var index = agenda.count - 1
        while index > 0, isBefore(index, (index - 1) / 2) {
            agenda.swapAt(index, (index - 1) / 2)
            index = (index - 1) / 2
        }
    }

    private mutating func popAgenda() {
        agenda.swapAt(0, agenda.count - 1)
        agenda.removeLast()
        var index = 0
        while true {
            var least = index
            for child in [2 * index + 1, 2 * index + 2] where child < agenda.count && isBefore(child, least) {
                least = child
            }
            guard least != index else { return }
            agenda.swapAt(index, least)
            index = least
        }
    }

    private func isBefore(_ one: Int, _ other: Int) -> Bool {
        (agenda[one].time, agenda[one].number) < (agenda[other].time, agenda[other].number)
    }
}
