import Primitives

@testable import Gossip

/// Oracles and operators that exchange items over links which lose some, break, and are slow.
///
/// An oracle that is brought a message tells all others of it a moment later, as the mesh does.
struct OperationWorld {
    /// What a liar does.
    enum Lie: CaseIterable {
        /// Offers what it has, and brings nothing.
        case silence
        /// Brings other bytes.
        case otherBytes
        /// Offers what does not exist.
        case inventions
        /// Says what is no message.
        case garbage
    }

    private enum Arrival {
        case message(LinkMessage, from: Int, to: Int, link: UInt64)
        case linkUp(Int, Int)
        case mesh(OperationItem, Int)
    }

    let oracles: Int
    let operators: Int
    let operation = OperationBench.operation
    var random: SplitMix64
    private(set) var now = Instant.start
    private var machines: [OperationExchange] = []
    private var arrivals: [(at: Instant, order: UInt64, arrival: Arrival)] = []
    private var order: UInt64 = 0
    private var linkNumbers: [UInt64] = []
    private var queued: [Instant] = []
    /// What each end has, and has said or been brought.
    private(set) var shelves: [[ItemName: OperationItem]] = []
    /// How often each end was brought an item that it had.
    private(set) var repetitions = 0
    private(set) var vouchers: [[ItemName: Set<Identity>]] = []
    private(set) var offences: [(of: Int, by: Int, OperationOffence)] = []
    private(set) var itemsSent = 0
    private(set) var broken: Set<[Int]> = []
    var liars: [Int: Lie] = [:]
    /// One item message in so many is lost; none if 0.
    var losses: UInt64 = 0

    init(oracles: Int, operators: Int, seed: UInt64) {
        self.oracles = oracles
        self.operators = operators
        random = SplitMix64(seed: seed)
        let count = oracles + operators
        linkNumbers = Array(repeating: 0, count: count * count)
        queued = Array(repeating: .start, count: count * count)
        machines = (0..<count).map { _ in OperationExchange() }
        shelves = Array(repeating: [:], count: count)
        vouchers = Array(repeating: [:], count: count)
        for end in 0..<count { open(end) }
        for oracle in 0..<oracles { for guest in oracles..<count { connect(oracle, guest) } }
    }

    private var count: Int { oracles + operators }

    private func others(of end: Int) -> Range<Int> { end < oracles ? oracles..<count : 0..<oracles }

    private func name(_ end: Int) -> Identity { OperationBench.peer(end) }

    private func end(_ name: Identity) -> Int { Int(name[0]) << 8 | Int(name[1]) }

    private mutating func open(_ end: Int) {
        feed(end, .opened(operation, peers: Set(others(of: end).map { name($0) })))
    }

    private mutating func schedule(_ arrival: Arrival, at moment: Instant) {
        order += 1
        arrivals.append((moment, order, arrival))
    }

    private mutating func connect(_ one: Int, _ other: Int) {
        for (from, to) in [(one, other), (other, one)] {
            linkNumbers[from * count + to] += 1
            queued[from * count + to] = now
        }
        let delay = Duration.milliseconds(Int64(random.next() % 300))
        schedule(.linkUp(one, other), at: now.advanced(by: delay))
    }

    // MARK: What happens

    /// Somebody says something.
    mutating func say(_ end: Int, _ item: OperationItem) {
        shelves[end][item.name] = item
        feed(end, .offered([item]))
    }

    /// Breaks the link between two; they have another a moment later.
    mutating func breakLink(_ one: Int, _ other: Int) {
        feed(one, .linkDown(name(other)))
        feed(other, .linkDown(name(one)))
        connect(one, other)
    }

    /// Starts one end anew: it knows what it had taken, and links come up again.
    mutating func restart(_ end: Int) {
        for other in others(of: end) { feed(other, .linkDown(name(end))) }
        machines[end] = OperationExchange()
        open(end)
        feed(end, .offered(shelves[end].values.sorted { $0.name.digest < $1.name.digest }))
        for other in others(of: end) { connect(end, other) }
    }

    private mutating func feed(_ end: Int, _ event: OperationExchange.Event) {
        carryOut(machines[end].handle(event, at: now), of: end)
    }

    private mutating func carryOut(_ actions: [OperationExchange.Action], of end: Int) {
        for action in actions {
            switch action {
            case .send(let messages, let peer):
                for message in messages { send(message, from: end, to: self.end(peer)) }
            case .close(let peer, let offence):
                offences.append((self.end(peer), end, offence))
                broken.insert([end, self.end(peer)])
                linkNumbers[end * count + self.end(peer)] += 1
                feed(self.end(peer), .linkDown(name(end)))
            case .deliver(let item, _): take(item, end)
            case .vouched(let name, let peer): vouchers[end][name, default: []].insert(peer)
            case .refused, .tooManyOperations, .count: break
            }
        }
    }

    private mutating func take(_ item: OperationItem, _ end: Int) {
        if shelves[end].updateValue(item, forKey: item.name) != nil { repetitions += 1 }
        guard end < oracles, item.name.kind == .message else { return }
        feed(end, .offered([item]))
        for oracle in 0..<oracles where oracle != end {
            let delay = Duration.milliseconds(Int64(50 + random.next() % 400))
            schedule(.mesh(item, oracle), at: now.advanced(by: delay))
        }
    }

    private mutating func send(_ message: LinkMessage, from: Int, to: Int) {
        var message = message
        if message.type == .operationItems {
            itemsSent += 1
            if losses > 0, random.next() % losses == 0 { return }
        }
        if let lie = liars[from] {
            guard let told = told(message, by: lie) else { return }
            message = told
        }
        let place = from * count + to
        // What is sent over one link arrives in its order.
        let moment = max(queued[place], now.advanced(by: .milliseconds(Int64(5 + random.next() % 60))))
        queued[place] = moment
        schedule(.message(message, from: from, to: to, link: linkNumbers[place]), at: moment)
    }

    private mutating func told(_ message: LinkMessage, by lie: Lie) -> LinkMessage? {
        switch (lie, message.type) {
        case (.silence, .operationItems): return nil
        case (.otherBytes, .operationItems): return OperationBench.items([[1, 2, 3]])
        case (.inventions, .operationOffer):
            let invented = (0..<100).map { OperationBench.item("\(random.next()) \($0)").name }
            return OperationBench.offer(invented)
        case (.garbage, _):
            let bytes = (0..<random.next() % 60).map { _ in UInt8(truncatingIfNeeded: random.next()) }
            return LinkMessage(message.type, body: bytes)
        default: return message
        }
    }

    // MARK: Time

    mutating func run(_ duration: Duration) {
        let end = now.advanced(by: duration)
        while let next = nextMoment, next <= end {
            now = max(now, next)
            for machine in machines.indices {
                guard let due = machines[machine].nextDeadline, due <= now else { continue }
                carryOut(machines[machine].expired(at: now), of: machine)
            }
            let due = arrivals.filter { $0.at <= now }.sorted { ($0.at, $0.order) < ($1.at, $1.order) }
            arrivals.removeAll { $0.at <= now }
            for arrival in due { arrive(arrival.arrival) }
        }
        now = end
    }

    private var nextMoment: Instant? {
        [machines.compactMap(\.nextDeadline).min(), arrivals.map(\.at).min()].compactMap(\.self).min()
    }

    private mutating func arrive(_ arrival: Arrival) {
        switch arrival {
        case .message(let message, let from, let to, let link):
            guard linkNumbers[from * count + to] == link else { return }
            feed(to, .received(message, from: name(from)))
        case .linkUp(let one, let other):
            feed(one, .linkUp(name(other)))
            feed(other, .linkUp(name(one)))
        case .mesh(let item, let oracle):
            guard shelves[oracle][item.name] == nil else { return }
            shelves[oracle][item.name] = item
            feed(oracle, .offered([item]))
        }
    }
}
