import Consensus
import Cryptography
import Primitives

/// A committee that signs elections, in virtual time, with links, disks, crashes and saboteurs, from one seed.
struct SigningWorld {
    /// What a run is like.
    struct Setting {
        var sabotage: [MemberIndex: Sabotage] = [:]
        /// Before one in so many actions the node crashes.
        var crashOneIn: Int?
        /// No crashes from then on.
        var calmAfter: Duration = .seconds(20)
        /// Saboteurs' messages are the fastest.
        var isRigged = false
        var views = 12
    }

    enum Happening {
        case deliver(SignedObject, to: MemberIndex, boot: UInt64)
        case stored(VoteLock, ticket: UInt64, at: MemberIndex, boot: UInt64)
        case enter(View, MemberIndex, boot: UInt64)
        case linked(MemberIndex, with: MemberIndex, boot: UInt64)
        case restart(MemberIndex)
        case nextView(View)
    }

    struct Node {
        var signer: SignerMachine
        var coordination: CoordinationMachine
        var vault: any SignerVault
        var disk: VoteLock
        var isUp = true
        var boot: UInt64 = 1
        var sent: [ObjectKind: UInt64] = [:]
    }

    let cast: Cast
    let setting: Setting
    let key: any SigningKey
    private let transcript: Digest
    private let makeVault: (MemberIndex, UInt64) -> any SignerVault
    private var random: RepeatableRandom
    private var now = Instant.start
    private var view = View(1)
    private var agenda = Agenda<Happening>()
    private var nodes: [MemberIndex: Node] = [:]
    private var conspiracy: Conspiracy
    private var lastDelivery: [[MemberIndex]: Instant] = [:]
    private(set) var audit: SigningAudit
    /// The certificates, with the number of sessions each took.
    private(set) var certificates: [(endorsement: Endorsement, signature: GroupSignature, sessions: Int)] = []

    init(
        _ cast: Cast,
        _ setting: Setting,
        seed: UInt64,
        key: (any SigningKey)? = nil,
        transcript: Digest = HashKey.transcript,
        vault: @escaping (MemberIndex, UInt64) -> any SignerVault = { member, boot in
            HashVault(member: member, number: Int(boot) * 10_000)
        }
    ) {
        self.cast = cast
        self.setting = setting
        self.key = key ?? HashKey(size: cast.committee.size)
        self.transcript = transcript
        makeVault = vault
        random = RepeatableRandom(seed)
        conspiracy = Conspiracy(setting.sabotage)
        audit = SigningAudit(
            cast: cast,
            honest: Set(cast.committee.indices).subtracting(setting.sabotage.keys)
        )
        for member in cast.committee.indices {
            nodes[member] = makeNode(member, disk: VoteLock(epoch: cast.committee.epoch), boot: 1)
        }
    }

    private func makeNode(_ member: MemberIndex, disk: VoteLock, boot: UInt64) -> Node {
        Node(
            signer: SignerMachine(committee: cast.committee, member: member, lock: disk),
            coordination: CoordinationMachine(committee: cast.committee, member: member),
            vault: makeVault(member, boot),
            disk: disk,
            boot: boot
        )
    }

    /// Runs until a view is certified, or the views are used up.
    mutating func run() {
        agenda.plan(.nextView(view), at: now)
        while let (moment, item) = agenda.next() {
            now = moment
            happen(item)
        }
    }

    private mutating func happen(_ item: Happening) {
        switch item {
        case .nextView(let next): beginView(next)
        case .enter(let view, let member, let boot):
            guard isAlive(member, boot) else { return }
            enter(view, member)
        case .deliver(let object, let member, let boot):
            guard isAlive(member, boot) else { return }
            feed(member, signer: .received(object), coordination: .received(object))
        case .stored(let lock, let ticket, let member, let boot):
            guard isAlive(member, boot) else { return }
            nodes[member]?.disk = lock
            feed(member, signer: .persisted(ticket: ticket))
        case .linked(let member, let peer, let boot):
            guard isAlive(member, boot) else { return }
            feed(member, signer: .linkOpened(peer), coordination: .linkOpened(peer))
        case .restart(let member): restart(member)
        }
    }

    private func isAlive(_ member: MemberIndex, _ boot: UInt64) -> Bool {
        nodes[member].map { $0.isUp && $0.boot == boot } ?? false
    }
}

// MARK: - Views and lives

extension SigningWorld {
    private mutating func beginView(_ next: View) {
        guard certificates.isEmpty, next.rawValue <= UInt64(setting.views) else { return }
        view = next
        for member in cast.committee.indices {
            guard let node = nodes[member], node.isUp else { continue }
            let delay = random.milliseconds(0...200)
            agenda.plan(.enter(next, member, boot: node.boot), at: now.advanced(by: delay))
        }
        agenda.plan(.nextView(next.advanced(by: 1)), at: now.advanced(by: .seconds(5)))
    }

    /// Endorsement and entrance come in either order.
    private mutating func enter(_ view: View, _ member: MemberIndex) {
        let election = cast.election(in: view, key: transcript)
        let endorsed = (
            SignerMachine.Event.endorsed(election), CoordinationMachine.Event.endorsed(election, key: key)
        )
        if random.oneIn(2) { feed(member, signer: endorsed.0, coordination: endorsed.1) }
        feed(member, signer: .enteredView(view), coordination: .enteredView(view))
        feed(member, signer: endorsed.0, coordination: endorsed.1)
    }

    private mutating func crash(_ member: MemberIndex) {
        nodes[member]?.isUp = false
        agenda.plan(.restart(member), at: now.advanced(by: random.milliseconds(10...3000)))
    }

    private mutating func restart(_ member: MemberIndex) {
        guard let old = nodes[member], !old.isUp else { return }
        nodes[member] = makeNode(member, disk: old.disk, boot: old.boot + 1)
        enter(view, member)
        for peer in cast.committee.indices where peer != member {
            guard let node = nodes[peer], node.isUp, isAlive(member, old.boot + 1) else { continue }
            agenda.plan(.linked(member, with: peer, boot: old.boot + 1), at: now)
            agenda.plan(.linked(peer, with: member, boot: node.boot), at: now)
        }
    }
}

// MARK: - Doing what the machines order

extension SigningWorld {
    private mutating func feed(
        _ member: MemberIndex,
        signer: SignerMachine.Event,
        coordination: CoordinationMachine.Event? = nil
    ) {
        guard let actions = nodes[member]?.signer.handle(signer, at: now) else { return }
        for action in actions where !strikes(member) { perform(action, member) }
        guard let coordination, nodes[member]?.isUp == true else { return }
        guard let orders = nodes[member]?.coordination.handle(coordination, at: now) else { return }
        for order in orders where !strikes(member) { perform(order, member) }
    }

    /// Whether the node crashes before its next action, or has crashed.
    private mutating func strikes(_ member: MemberIndex) -> Bool {
        guard nodes[member]?.isUp == true else { return true }
        guard let odds = setting.crashOneIn, now.sinceStart < setting.calmAfter, random.oneIn(odds) else {
            return false
        }
        crash(member)
        return true
    }

    private mutating func perform(_ action: SignerMachine.Action, _ member: MemberIndex) {
        switch action {
        case .commitNonces(let context, _):
            if let commitment = nodes[member]?.vault.promise(context) {
                feed(member, signer: .noncesCommitted(context, commitment))
            } else {
                feed(member, signer: .noncesRefused(context))
            }
        case .signShare(let order):
            audit.signs(order, member, disk: nodes[member]?.disk)
            switch nodes[member]?.vault.share(for: order) {
            case .success(let share): feed(member, signer: .shareSigned(order, share))
            case .failure(let error): feed(member, signer: .shareRefused(order, error))
            case nil: return
            }
        case .forgetNonces(let view):
            nodes[member]?.vault.leave(before: view)
        case .persist(let lock, let ticket):
            guard let boot = nodes[member]?.boot else { return }
            let item = Happening.stored(lock, ticket: ticket, at: member, boot: boot)
            agenda.plan(item, at: now.advanced(by: random.milliseconds(1...20)))
        case .send(let message, let peer):
            send(message, from: member, to: peer)
        case .penalize(let culprit, let offence):
            audit.blames(culprit, offence, by: member)
        }
    }

    private mutating func perform(_ action: CoordinationMachine.Action, _ member: MemberIndex) {
        switch action {
        case .send(let message, let peer): send(message, from: member, to: peer)
        case .penalize(let culprit, let offence): audit.blames(culprit, offence, by: member)
        case .publish(let evidence): audit.publishes(evidence, by: member, key: key, transcript: transcript)
        case .certified(let endorsement, let signature):
            let sessions = nodes[member]?.coordination.progress.map(\.sessions).max() ?? 0
            certificates.append((endorsement, signature, sessions))
        }
    }

    /// Links keep their order; what is under way to a node that dies is lost.
    private mutating func send(_ message: DirectMessage, from member: MemberIndex, to peer: MemberIndex) {
        for twisted in conspiracy.twist(message, of: member) {
            nodes[member]?.sent[twisted.kind, default: 0] += 1
            guard let node = nodes[member], let receiver = nodes[peer], receiver.isUp else { continue }
            let order = Order(incarnation: node.boot, sequence: node.sent[twisted.kind, default: 1])
            let object = cast.object(by: member, twisted.kind, twisted.payload, order: order)
            audit.sees(object, twisted, disk: node.disk)
            let isFast = setting.isRigged && setting.sabotage[member] != nil
            let delay = isFast ? Duration.milliseconds(1) : random.milliseconds(2...60)
            let earliest = lastDelivery[[member, peer]] ?? now
            let moment = max(earliest, now.advanced(by: delay))
            lastDelivery[[member, peer]] = moment
            agenda.plan(.deliver(object, to: peer, boot: receiver.boot), at: moment)
        }
    }
}
