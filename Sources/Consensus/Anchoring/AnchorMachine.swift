package import Primitives

/// Sees to it that the committee's statements reach the chain, though whoever should bring them may fail.
///
/// The leader submits at once; the member of rank r behind it waits r staggers for the chain or the pool of
/// pending transactions to show the statement, then submits too. Submitting twice is harmless: the contract
/// takes the first and refuses the rest cheaply, and the owner asks it before it sends. Of two elections only
/// the newer counts, so an older one that is not on chain yet is dropped; of two anchors of the logs with one number
/// the contract takes the first, and the other is dropped. A statement is followed until its block is final; if a
/// reorganisation drops it before, it is submitted again.
///
/// ```
/// waiting --own turn--> submitted --+--> included --> confirmed --> final (forgotten)
///    |                     ^        |       |             |
///    +--> pending ---------+--------+       +--- reorganised away ---> waiting
/// ```
package struct AnchorMachine: Machine {
    /// Who submits for whom, and how patiently.
    package struct Setting: Hashable, Sendable {
        /// The committee whose statements these are.
        package var committee: Committee
        /// The member this machine acts for.
        package var member: MemberIndex
        /// By how much later each rank submits; longer than a block takes.
        package var stagger: Duration

        /// The setting of a member.
        package init(committee: Committee, member: MemberIndex, stagger: Duration = .seconds(15)) {
            self.committee = committee
            self.member = member
            self.stagger = stagger
        }
    }

    /// What can happen to a statement.
    package enum Event: Hashable, Sendable {
        /// The statement's signature is complete and verified.
        case proven(ChainStatement)
        /// The node is in this view; whose turn it is to bring what is of no view follows it.
        case entered(View)
        /// The contract names this as its newest view, in the newest block.
        case chainReached(View)
        /// The contract names this as its newest anchor of the logs, in the newest block.
        case chainAnchored(LatestProof)
        /// Some transaction with the statement waits in the pool.
        case pending(ChainStatement.Key)
        /// The statement is in a block.
        case included(ChainStatement.Key)
        /// Its block is as deep as the node asks for.
        case confirmed(ChainStatement.Key)
        /// Its block can never be reorganised away.
        case finalized(ChainStatement.Key)
        /// The transaction left the pool, or its block the chain.
        case vanished(ChainStatement.Key)
        /// The contract will never take the statement, by this node's or anybody's hand.
        case refused(ChainStatement.Key)
    }

    /// What is to be done about a statement.
    package enum Action: Hashable, Sendable {
        /// Ask the contract whether it still wants the statement, and if so send it.
        case submit(ChainStatement)
        /// Cease to push an own transaction with the statement.
        case cancel(ChainStatement.Key)
        /// Take note: the statement is on chain as deep as the node asks for.
        case noteAnchored(ChainStatement.Key)
    }

    /// How long, in staggers, a pending transaction of somebody is trusted to get into a block.
    static let pendingPatience = 3
    /// How many statements are followed at most; beyond it the oldest that is on chain is forgotten.
    static let capacity = 32
    /// How many anchors of the logs wait for the chain at most; while it takes none, each leader may have one signed.
    static let waitingAnchors = 8

    private let setting: Setting
    private var view = View(0)
    private var chainView = View(0)
    /// The number of the newest anchor that the chain has shown, and its root if that is known.
    private var chainProof: (number: UInt64, root: Digest?) = (0, nil)
    private var items: [AnchorItem] = []

    /// A machine that knows of no statement.
    package init(_ setting: Setting) {
        self.setting = setting
    }

    /// The statements still followed, oldest first, for display.
    package var followed: [(key: ChainStatement.Key, phase: AnchorPhase)] {
        items.map { ($0.statement.key, $0.phase) }
    }

    package var nextDeadline: Instant? {
        var deadline = Deadline()
        for item in items { if let due = item.phase.due { deadline.note(due) } }
        return deadline.moment
    }

    package mutating func handle(_ event: Event, at now: Instant) -> [Action] {
        var actions: [Action] = []
        take(event, at: now, into: &actions)
        submitDue(at: now, into: &actions)
        return actions
    }

    package mutating func expired(at now: Instant) -> [Action] {
        var actions: [Action] = []
        submitDue(at: now, into: &actions)
        return actions
    }

    private mutating func take(_ event: Event, at now: Instant, into actions: inout [Action]) {
        let stagger = setting.stagger
        switch event {
        case .proven(let statement): add(statement, at: now, into: &actions)
        case .entered(let entered): enter(entered, at: now)
        case .chainReached(let reached):
            chainView = reached
            dropOvertaken(into: &actions)
            for place in items.indices where items[place].statement.electedView == reached {
                let patience = stagger * (Self.pendingPatience + rank(for: items[place].statement))
                items[place].seePending(at: now, patience: patience)
            }
        case .chainAnchored(let newest):
            chainProof = (newest.number, newest.root)
            dropOvertaken(into: &actions)
            update(.proofAnchor(number: newest.number, root: newest.root)) {
                $0.seePending(at: now, patience: stagger * (Self.pendingPatience + $1))
            }
        case .pending(let key):
            update(key) { $0.seePending(at: now, patience: stagger * (Self.pendingPatience + $1)) }
        case .included(let key):
            note(key)
            update(key) { item, _ in item.seeIncluded() }
            dropOvertaken(into: &actions)
        case .confirmed(let key): confirm(key, into: &actions)
        case .finalized(let key):
            confirm(key, into: &actions)
            remove { $0.statement.key == key }
        case .vanished(let key):
            if case .proofAnchor(let number, _) = key, number > 0, number <= chainProof.number {
                // Numbers have no gaps: with it all that come after it are gone.
                chainProof = (number - 1, nil)
            }
            update(key) { $0.vanish(turn: now.advanced(by: stagger * $1)) }
            dropOvertaken(into: &actions)
        case .refused(let key):
            cancel(into: &actions) { $0.statement.key == key }
        }
    }

    // MARK: Statements

    private mutating func add(_ statement: ChainStatement, at now: Instant, into actions: inout [Action]) {
        if let place = items.firstIndex(where: { $0.statement.key == statement.key }) {
            // The group may have signed one anchor twice; the signature at hand is as good as the other.
            guard items[place].statement != statement, statement.claimedPlace == nil,
                !items[place].phase.isOnChain
            else { return }
            // Signed by another key, which a reorganisation has put in the place of the first.
            cancel(into: &actions) { $0.statement.key == statement.key }
        }
        let turn = now.advanced(by: setting.stagger * rank(for: statement))
        items.append(AnchorItem(statement: statement, turn: turn))
        dropOvertaken(into: &actions)
        limitAnchors(into: &actions)
        if items.count > Self.capacity, let place = items.firstIndex(where: { $0.phase.isOnChain }) {
            items.remove(at: place)
        }
    }

    /// The leader of the moment is to bring what is of no view; one who waits for that waits anew.
    private mutating func enter(_ entered: View, at now: Instant) {
        guard entered > view else { return }
        view = entered
        for place in items.indices where items[place].statement.electedView == nil {
            let turn = now.advanced(by: setting.stagger * rank(for: items[place].statement))
            items[place].turnChanged(to: turn)
        }
    }

    private mutating func confirm(_ key: ChainStatement.Key, into actions: inout [Action]) {
        note(key)
        defer { dropOvertaken(into: &actions) }
        update(key) { item, _ in
            guard item.phase != .confirmed else { return }
            if item.isOwnSubmitted { actions.append(.cancel(key)) }
            item.seeConfirmed()
            actions.append(.noteAnchored(key))
        }
    }

    /// An anchor that is in a block is the newest, unless a later one is known.
    private mutating func note(_ key: ChainStatement.Key) {
        guard case .proofAnchor(let number, let root) = key, number >= chainProof.number else { return }
        chainProof = (number, root)
    }

    /// Drops what is not on chain and will not be: elections of which a newer one is known or there already, and
    /// anchors whose number is taken.
    private mutating func dropOvertaken(into actions: inout [Action]) {
        let newest = max(items.compactMap(\.statement.electedView).max() ?? View(0), chainView)
        cancel(into: &actions) { item in
            guard let elected = item.statement.electedView, !item.phase.isOnChain else { return false }
            return elected < newest
        }
        let newestProof = chainProof
        cancel(into: &actions) { item in
            guard let place = item.statement.claimedPlace, !item.phase.isOnChain else { return false }
            if place.number == newestProof.number, let root = newestProof.root { return place.root != root }
            return place.number < newestProof.number
        }
    }

    /// Drops one of too many anchors that wait for the chain: of the highest number, which has longest to wait, the oldest.
    private mutating func limitAnchors(into actions: inout [Action]) {
        let waiting = items.filter { $0.statement.claimedPlace != nil && !$0.phase.isOnChain }
        guard waiting.count > Self.waitingAnchors else { return }
        let numbers = waiting.compactMap(\.statement.claimedPlace?.number)
        guard let highest = numbers.max(), let place = numbers.firstIndex(of: highest) else { return }
        let key = waiting[place].statement.key
        cancel(into: &actions) { $0.statement.key == key }
    }

    private mutating func submitDue(at now: Instant, into actions: inout [Action]) {
        for place in items.indices {
            guard let due = items[place].phase.due, due <= now else { continue }
            items[place].submit(again: now.advanced(by: setting.stagger * Self.pendingPatience))
            actions.append(.submit(items[place].statement))
        }
    }

    // MARK: Helpers of bookkeeping

    private func rank(for statement: ChainStatement) -> Int {
        setting.committee.rank(of: setting.member, in: statement.electedView ?? view)
    }

    private mutating func update(_ key: ChainStatement.Key, _ change: (inout AnchorItem, Int) -> Void) {
        guard let place = items.firstIndex(where: { $0.statement.key == key }) else { return }
        let rank = rank(for: items[place].statement)
        change(&items[place], rank)
    }

    private mutating func cancel(into actions: inout [Action], where isVoid: (AnchorItem) -> Bool) {
        for item in items where isVoid(item) && item.isOwnSubmitted {
            actions.append(.cancel(item.statement.key))
        }
        remove(where: isVoid)
    }

    private mutating func remove(where isVoid: (AnchorItem) -> Bool) {
        items.removeAll(where: isVoid)
    }
}
