package import Primitives

/// Brings the items of operations from one end of a link to the other: offers what is had here, gets what is lacked.
///
/// It is the same at both ends, an oracle's and an operator's. Items are named by the hash of their bytes, so it does
/// not matter who brings them: each is wanted of one link at a time, of another when that is late, and handed to the
/// owner once. That a peer has offered an item is told whether or not it brings it, because an oracle that offers an
/// order vouches for it.
///
/// What is held here is what the owner has offered, and names. All that peers can make it hold is limited by
/// ``OperationLimits``: of a peer, the names of `itemsPerOperation` items in each of `operations`, and what few wishes
/// are open. A peer that is silent costs each item `patience` once, since who was late is asked last.
///
/// A link must lose nothing of offers and wishes while it lasts; it may lose items.
package struct OperationExchange: Machine {
    /// What happens to it.
    package enum Event: Sendable {
        /// An operation is under way, or those who take part in it at the other ends of links are others now.
        case opened(Digest, peers: Set<Identity>)
        /// An operation is over: all of it is forgotten.
        case closed(Digest)
        /// There is something to offer to all who take part; also what has come by another way, and is not wanted.
        case offered([OperationItem])
        /// The bytes of an item that was delivered can never have been what the name says.
        case foundFalse(ItemName)
        /// A link is there, perhaps in the place of another.
        case linkUp(Identity)
        /// The link has ended.
        case linkDown(Identity)
        /// A message has come.
        case received(LinkMessage, from: Identity)
    }

    /// What its owner is to do.
    package enum Action: Hashable, Sendable {
        /// Send these in order.
        case send([LinkMessage], to: Identity)
        /// End the link; nothing more is expected from it.
        case close(Identity, OperationOffence)
        /// Take what somebody has said; the bytes are those of its name.
        case deliver(OperationItem, from: Identity)
        /// Note that a peer has offered this, for the first time; an order of an operation that is not open, each time.
        case vouched(ItemName, by: Identity)
        /// An item of one's own is not offered.
        case refused(ItemName, OperationRefusal)
        /// An operation cannot be opened: too many are under way.
        case tooManyOperations(Digest)
        /// Count it.
        case count(OperationMetric, Int)
    }

    /// When to turn to another link for an item.
    private struct Patience: Sendable {
        let name: ItemName
        let attempt: LiveOperation.Attempt
        let until: Instant
    }

    /// When a link's lateness counts less.
    private struct Forgiveness: Sendable {
        let peer: Identity
        let until: Instant
    }

    let limits: OperationLimits
    var operations: [Digest: LiveOperation] = [:]
    var links: [Identity: ExchangeLink] = [:]
    /// What is offered here, by its digest.
    var held: [Digest: OperationItem] = [:]
    private(set) var heldBytes = 0
    /// Links with something to say that the pace has held back.
    var pending: Set<Identity> = []
    /// Links that want something, each once, in the order in which they are served.
    var hungry = FIFO<Identity>()
    var isHungry: Set<Identity> = []
    var serving: TokenBucket
    /// When the pace allows more to be sent.
    var serveAt: Instant?
    var speakAt: Instant?
    private var patience = FIFO<Patience>()
    private var forgiveness = FIFO<Forgiveness>()
    private var attempts: UInt64 = 0
    private var out: [Action] = []

    /// Nothing under way.
    package init(_ limits: OperationLimits = OperationLimits()) {
        self.limits = limits
        serving = limits.serving
    }

    package var nextDeadline: Instant? {
        [patience.first?.until, forgiveness.first?.until, serveAt, speakAt].compactMap(\.self).min()
    }

    package mutating func handle(_ event: Event, at now: Instant) -> [Action] {
        switch event {
        case .opened(let operation, let peers): open(operation, peers, at: now)
        case .closed(let operation): close(operation, at: now)
        case .offered(let items): for item in items { take(item, at: now) }
        case .foundFalse(let name): condemn(name, at: now)
        case .linkUp(let peer): linkUp(peer, at: now)
        case .linkDown(let peer): drop(peer, at: now)
        case .received(let message, let peer): receive(message, from: peer, at: now)
        }
        return finish(at: now)
    }

    package mutating func expired(at now: Instant) -> [Action] {
        while let next = patience.first, next.until <= now {
            _ = patience.popFirst()
            timeOut(next.name, next.attempt, at: now)
        }
        while let next = forgiveness.first, next.until <= now {
            _ = forgiveness.popFirst()
            refill(next.peer, at: now)
        }
        return finish(at: now)
    }

    private mutating func finish(at now: Instant) -> [Action] {
        speak(at: now)
        serve(at: now)
        defer { out = [] }
        return out
    }

    mutating func act(_ action: Action) {
        out.append(action)
    }

    // MARK: Operations

    private mutating func open(_ operation: Digest, _ peers: Set<Identity>, at now: Instant) {
        guard let known = operations[operation] else {
            guard operations.count < limits.operations else { return act(.tooManyOperations(operation)) }
            operations[operation] = LiveOperation(peers: peers)
            // What they have offered before has been ignored.
            for peer in peers where links[peer] != nil { ask(operation, of: peer) }
            return
        }
        let (gone, new) = (known.peers.subtracting(peers), peers.subtracting(known.peers))
        operations[operation]?.peers = peers
        let broken = known.offered.filter { $0.value.attempt.map { gone.contains($0.peer) } ?? false }
        for name in inOrder(broken.keys) { abandon(name, at: now) }
        operations[operation]?.forget(gone)
        for name in inOrder(broken.keys) { seek(name, at: now) }
        for peer in new where links[peer] != nil {
            for item in known.own { links[peer]?.offer(item.name) }
            ask(operation, of: peer)
        }
    }

    /// The same order in every run.
    private func inOrder(_ names: some Sequence<ItemName>) -> [ItemName] {
        names.sorted { ($0.digest, $0.kind.rawValue, $0.bytes) < ($1.digest, $1.kind.rawValue, $1.bytes) }
    }

    private mutating func ask(_ operation: Digest, of peer: Identity) {
        links[peer]?.toAsk.append(operation)
        pending.insert(peer)
    }

    private mutating func close(_ operation: Digest, at now: Instant) {
        guard let gone = operations[operation] else { return }
        for name in inOrder(gone.offered.filter { $0.value.attempt != nil }.keys) { abandon(name, at: now) }
        operations[operation] = nil
        for item in gone.own {
            held[item.name.digest] = nil
            heldBytes -= item.bytes.count
        }
        for peer in gone.peers.sorted() {
            links[peer]?.toAsk.removeAll { $0 == operation }
            refill(peer, at: now)
        }
    }

    private mutating func take(_ item: OperationItem, at now: Instant) {
        let name = item.name
        guard let operation = operations[name.operation] else { return act(.refused(name, .notOpen)) }
        guard held[name.digest] == nil else { return }
        guard operation.own.count < limits.itemsPerOperation else { return act(.refused(name, .tooMany)) }
        guard heldBytes + item.bytes.count <= limits.heldBytes else { return act(.refused(name, .noRoom)) }
        heldBytes += item.bytes.count
        held[name.digest] = item
        operations[name.operation]?.own.append(item)
        settle(name, at: now)
        for peer in operation.peers where links[peer] != nil {
            links[peer]?.offer(name)
            pending.insert(peer)
        }
    }

    private mutating func condemn(_ name: ItemName, at now: Instant) {
        guard let item = operations[name.operation]?.offered[name], item.standing != .isFalse else { return }
        operations[name.operation]?.offered[name]?.standing = .isFalse
        for peer in item.offerers.sorted() where links[peer] != nil { offend(peer, .falseItem, at: now) }
    }

    // MARK: Links

    private mutating func linkUp(_ peer: Identity, at now: Instant) {
        drop(peer, at: now)
        var link = ExchangeLink(limits)
        for operation in operations.keys.sorted() {
            guard let live = operations[operation], live.peers.contains(peer) else { continue }
            for item in live.own { link.offer(item.name) }
        }
        links[peer] = link
        pending.insert(peer)
    }

    /// Forgets a link; what it was asked for is sought elsewhere.
    private mutating func drop(_ peer: Identity, at now: Instant) {
        guard let link = links.removeValue(forKey: peer) else { return }
        pending.remove(peer)
        for name in inOrder(link.asked.values)
        where operations[name.operation]?.offered[name]?.attempt?.peer == peer {
            operations[name.operation]?.offered[name]?.attempt = nil
            seek(name, at: now)
        }
        // What only this link had time for, others may have.
        var waiting = link.waiting
        while let name = waiting.popFirst() { seek(name, at: now) }
    }

    mutating func offend(_ peer: Identity, _ offence: OperationOffence, at now: Instant) {
        drop(peer, at: now)
        act(.close(peer, offence))
    }

    // MARK: Getting what is lacked

    /// Asks the link that is likeliest to bring an item soon, or notes it with all that could be asked.
    mutating func seek(_ name: ItemName, at now: Instant) {
        guard let item = operations[name.operation]?.offered[name], item.standing == .lacking,
            item.attempt == nil
        else { return }
        let able = item.offerers.filter { links[$0]?.canBeAsked(for: name, limits) ?? false }
        var untried = able.filter { !item.tried.contains($0) }
        if untried.isEmpty {
            operations[name.operation]?.offered[name]?.tried = []
            untried = able
        }
        let free = untried.filter { links[$0].map { $0.asked.count < limits.openWants } ?? false }
        guard let best = free.min(by: { burden($0) < burden($1) }) else {
            for peer in untried.isEmpty ? item.offerers : untried { links[peer]?.keepWaiting(name) }
            return
        }
        want(name, of: best, at: now)
    }

    /// How unlikely a link is to bring something soon.
    private func burden(_ peer: Identity) -> (Int, Int) {
        (links[peer]?.lateness ?? 0, links[peer]?.asked.count ?? 0)
    }

    private mutating func want(_ name: ItemName, of peer: Identity, at now: Instant) {
        links[peer]?.forgive(at: now)
        let under = links[peer]?.asked[name.digest] ?? links[peer]?.late[name.digest]?.name
        guard under == nil || under == name else {
            offend(peer, .twoNames, at: now)
            return seek(name, at: now)
        }
        attempts += 1
        let attempt = LiveOperation.Attempt(peer: peer, number: attempts)
        links[peer]?.late[name.digest] = nil
        links[peer]?.asked[name.digest] = name
        links[peer]?.toWant.append(name.digest)
        pending.insert(peer)
        operations[name.operation]?.offered[name]?.attempt = attempt
        operations[name.operation]?.offered[name]?.tried.insert(peer)
        patience.append(Patience(name: name, attempt: attempt, until: now.advanced(by: limits.patience)))
    }

    private mutating func timeOut(_ name: ItemName, _ attempt: LiveOperation.Attempt, at now: Instant) {
        let current = operations[name.operation]?.offered[name]?.attempt
        guard current?.number == attempt.number else { return }
        act(.count(.lostWant, 1))
        links[attempt.peer]?.lateness += 1
        abandon(name, at: now)
        // What the link has not been asked for yet comes before what it was late with.
        refill(attempt.peer, at: now)
        seek(name, at: now)
    }

    /// An item is at the owner's: nobody is asked for it any more.
    mutating func settle(_ name: ItemName, at now: Instant) {
        guard let item = operations[name.operation]?.offered[name] else { return }
        abandon(name, at: now)
        operations[name.operation]?.offered[name]?.standing = .held
        if let peer = item.attempt?.peer { refill(peer, at: now) }
    }

    /// Waits no longer for the link that was asked, if one was.
    mutating func abandon(_ name: ItemName, at now: Instant) {
        guard let attempt = operations[name.operation]?.offered[name]?.attempt else { return }
        operations[name.operation]?.offered[name]?.attempt = nil
        let until = now.advanced(by: limits.memoryOfLate)
        links[attempt.peer]?.giveUp(name.digest, until: until)
        forgiveness.append(Forgiveness(peer: attempt.peer, until: until))
    }

    /// Asks a link for what it has and there was no time for.
    mutating func refill(_ peer: Identity, at now: Instant) {
        links[peer]?.forgive(at: now)
        while links[peer]?.isFree(limits) ?? false, let name = links[peer]?.popWaiting() {
            seek(name, at: now)
        }
    }
}
