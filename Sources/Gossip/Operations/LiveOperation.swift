import Primitives

/// One operation under way, as an exchange of items sees it.
struct LiveOperation: Sendable {
    /// What is known of one item that a peer has offered.
    struct Offered: Sendable {
        /// Who has offered it, the first one first; remembered over the ends of links.
        var offerers: [Identity] = []
        /// Who has been asked for it since all were last asked in vain.
        var tried: Set<Identity> = []
        /// The attempt to get it that is under way.
        var attempt: Attempt?
        /// What is known of its bytes.
        var standing = Standing.lacking
    }

    /// What is known of an item's bytes.
    enum Standing: Sendable {
        /// Nothing yet.
        case lacking
        /// They are at the owner's.
        case held
        /// They are not what the name says.
        case isFalse
    }

    /// A link that has been asked.
    struct Attempt: Sendable {
        let peer: Identity
        /// Tells it from earlier ones.
        let number: UInt64
    }

    /// Who takes part at the other ends of links.
    var peers: Set<Identity>
    /// What peers have offered.
    var offered: [ItemName: Offered] = [:]
    /// How much of it is whose.
    var counts: [Identity: Int] = [:]
    /// What is offered here, in the order it came.
    var own: [OperationItem] = []

    /// Nothing said yet.
    init(peers: Set<Identity>) {
        self.peers = peers
    }

    /// Forgets what those say who take part no more, but not the items that are held.
    mutating func forget(_ gone: Set<Identity>) {
        for (name, item) in offered {
            var item = item
            item.offerers.removeAll { gone.contains($0) }
            item.tried.subtract(gone)
            offered[name] = item.offerers.isEmpty && item.standing == .lacking ? nil : item
        }
        for peer in gone { counts[peer] = nil }
    }
}

/// What one link of an exchange has under way.
struct ExchangeLink: Sendable {
    /// What it may send, and have repeated.
    var receiving: TokenBucket
    var repeating: TokenBucket
    /// What is sent to it.
    var sending: TokenBucket
    /// The names, wishes and questions that wait to be sent; names at most once each.
    var toOffer = FIFO<ItemName>()
    var isToOffer: Set<ItemName> = []
    var toWant: [Digest] = []
    var toAsk: [Digest] = []
    /// What it is asked for and has time left to bring.
    var asked: [Digest: ItemName] = [:]
    /// What it was asked for and has not brought in time.
    var late: [Digest: LateItem] = [:]
    /// What it was asked for so long ago that it does not count any more.
    var forgiven = RecencyTable<Digest, Bool>(limit: 256)
    /// How often it was late since it last was not.
    var lateness = 0
    /// What it has offered and could be asked for once it has brought something else; each at most once.
    var waiting = FIFO<ItemName>()
    var isWaiting: Set<ItemName> = []
    /// What it wants; each at most once.
    var serving = FIFO<Digest>()
    var isServing: Set<Digest> = []
    var servingBudget: TokenBucket

    /// A wish that was not fulfilled in time.
    struct LateItem: Sendable {
        let name: ItemName
        let until: Instant
    }

    /// A fresh link.
    init(_ limits: OperationLimits) {
        receiving = limits.receiving
        repeating = limits.repeating
        sending = limits.sending
        servingBudget = limits.servingLink
    }

    /// Whether there is something to say.
    var hasNews: Bool { !toAsk.isEmpty || !toWant.isEmpty || !toOffer.isEmpty }

    /// Notes a name to be offered.
    mutating func offer(_ name: ItemName) {
        if isToOffer.insert(name).inserted { toOffer.append(name) }
    }

    /// Notes what it could be asked for later.
    mutating func keepWaiting(_ name: ItemName) {
        if isWaiting.insert(name).inserted { waiting.append(name) }
    }

    /// The next that it could be asked for.
    mutating func popWaiting() -> ItemName? {
        guard let name = waiting.popFirst() else { return nil }
        isWaiting.remove(name)
        return name
    }

    /// Whether it may be asked for an item, now or when it has brought another.
    func canBeAsked(for name: ItemName, _ limits: OperationLimits) -> Bool {
        late[name.digest]?.name == name || asked.count + late.count < limits.unansweredWants
    }

    /// Whether it may be asked for one thing more now.
    func isFree(_ limits: OperationLimits) -> Bool {
        asked.count < limits.openWants && asked.count + late.count < limits.unansweredWants
    }

    /// Gives up waiting for an item; it may come yet.
    mutating func giveUp(_ digest: Digest, until: Instant) {
        guard let name = asked.removeValue(forKey: digest) else { return }
        late[digest] = LateItem(name: name, until: until)
    }

    /// Lets what was late for long count no more.
    mutating func forgive(at now: Instant) {
        for (digest, item) in late where item.until <= now {
            late[digest] = nil
            forgiven.write(true, for: digest)
        }
    }
}
