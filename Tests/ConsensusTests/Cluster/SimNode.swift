import Consensus
import Primitives
import Testing

/// One simulated process: the machine, its disk, and as much of gossip and signing as it needs around it.
final class SimNode {
    let member: MemberIndex
    unowned let world: World
    let liar: Liar?
    let authenticator: SimAuthenticator

    private(set) var isAlive = false
    private(set) var isPaused = false
    private(set) var incarnation: UInt64 = 0
    private(set) var disk: ViewRecord?
    private var diskFree = Instant.start
    private(set) var machine: ViewChangeMachine
    private var inbox: [Input] = []
    private var wake: Instant?
    private var beatNumber = 0

    private(set) var durableView = View(0)
    private(set) var isLeading = false
    private(set) var suspicion: WishReason?
    /// The election that the process knows of.
    private(set) var highestElection: View?
    private(set) var heartbeats: [HeartbeatFact?]
    private(set) var objects: [[SignedObject?]]
    private var heardAt: [Instant?]
    private var relays: [[Bool]]
    private var wants: [Bool]
    private var beatSequence: UInt64 = 0
    private var lastSequence: [ObjectKind: UInt64] = [:]
    private var readyAt = Instant.start
    /// Who was ready for a view before this process came to it.
    private var earlyReady: [(view: View, sender: MemberIndex)] = []
    private var lockedView = View(0)
    var isDraining = false { didSet { deliverDrain() } }
    /// Beats only reach those for which this holds.
    var beatsReach: (MemberIndex) -> Bool = { _ in true }

    init(_ member: MemberIndex, in world: World, liar: Liar?) {
        self.member = member
        self.world = world
        self.liar = liar
        authenticator = SimCommittee.authenticator(of: member, in: world.committee)
        let size = world.committee.size
        heartbeats = Array(repeating: nil, count: size)
        objects = Array(repeating: [nil, nil], count: size)
        heardAt = Array(repeating: nil, count: size)
        relays = Array(repeating: Array(repeating: false, count: size), count: size)
        wants = Array(repeating: false, count: size)
        machine = Self.machine(member, in: world, incarnation: 1, record: nil, authenticator: authenticator)
    }

    private static func machine(
        _ member: MemberIndex,
        in world: World,
        incarnation: UInt64,
        record: ViewRecord?,
        authenticator: SimAuthenticator
    ) -> ViewChangeMachine {
        try! ViewChangeMachine(
            ViewChangeMachine.Setting(
                committee: world.committee,
                member: member,
                incarnation: incarnation,
                firstView: View(1),
                schedule: world.schedule
            ),
            domains: SimCommittee.domains,
            authenticator: authenticator,
            record: record,
            at: world.now
        )
    }

    // MARK: Life

    func boot() {
        isAlive = true
        isPaused = false
        incarnation += 1
        inbox = []
        wake = nil
        let size = world.committee.size
        heartbeats = Array(repeating: nil, count: size)
        objects = Array(repeating: [nil, nil], count: size)
        heardAt = Array(repeating: nil, count: size)
        relays = Array(repeating: Array(repeating: false, count: size), count: size)
        wants = Array(repeating: false, count: size)
        beatSequence = 0
        lastSequence = [:]
        isLeading = false
        suspicion = nil
        highestElection = disk?.electionCertificate.first?.view
        machine = Self.machine(
            member,
            in: world,
            incarnation: incarnation,
            record: disk,
            authenticator: authenticator
        )
        feed(.started)
        if world.hasGroupKey { feed(.groupKeyActivated(SimGroupVerifier())) }
        if isDraining { feed(.drainRequested(true)) }
        scheduleBeat()
        world.dial(member)
    }

    func die() {
        isAlive = false
        isLeading = false
        isPaused = false
    }

    func pause(for span: Duration) {
        guard isAlive, !isPaused else { return }
        isPaused = true
        world.note("\(member) pauses for \(span)")
        let boot = incarnation
        world.after(span) { [self] in
            guard isAlive, isPaused, incarnation == boot else { return }
            isPaused = false
            var waiting = inbox
            inbox = []
            // Which the process serves first, its timers or its sockets, is the scheduler's whim.
            if world.chance(50) {
                waiting = waiting.filter(\.isTimer) + waiting.filter { !$0.isTimer }
            }
            for input in waiting { deliver(input) }
        }
    }

    func deliver(_ input: Input) {
        guard isAlive else { return }
        if isPaused { return inbox.append(input) }
        switch input {
        case .message(let message, let sender): take(message, from: sender)
        case .linkUp(let peer): linkUp(peer)
        case .linkClosed(let peer, let byPeer):
            relays[peer.offset] = Array(repeating: false, count: relays.count)
            feed(.linkClosed(peer, byPeer: byPeer))
            updateWants()
        case .refused(let peer): feed(.redialRefused(peer))
        case .persisted(let ticket): feed(.persisted(ticket))
        case .machineDeadline: if isAlive { perform(machine.expired(at: world.now)) }
        case .beatDue: beat()
        }
    }

    private func deliverDrain() {
        guard isAlive else { return }
        feed(.drainRequested(isDraining))
        beat()
    }

    func feed(_ event: ViewChangeMachine.Event) {
        perform(machine.handle(event, at: world.now))
    }

    private func armMachine() {
        guard let deadline = machine.nextDeadline, deadline != wake else { return }
        wake = deadline
        let boot = incarnation
        world.at(max(deadline, world.now)) { [self] in
            guard isAlive, incarnation == boot, wake == deadline else { return }
            wake = nil
            deliver(.machineDeadline)
        }
    }

    // MARK: Heartbeats

    private func scheduleBeat() {
        beatNumber += 1
        let (number, boot) = (beatNumber, incarnation)
        let leads = world.committee.leader(of: machine.heartbeatContent.view) == member
        world.after(world.schedule.interval(leading: leads)) { [self] in
            if isAlive, incarnation == boot, beatNumber == number { deliver(.beatDue) }
        }
    }

    private func beat() {
        beatSequence += 1
        let content = machine.heartbeatContent
        let fact = HeartbeatFact(
            author: member,
            order: Order(incarnation: incarnation, sequence: beatSequence),
            view: content.view,
            leaderSeen: liar?.acknowledges == false ? .zero : content.leaderSeen,
            isDraining: content.isDraining,
            lacksQuorum: content.lacksQuorum
        )
        scheduleBeat()
        heartbeats[member.offset] = fact
        feed(.beat(fact.order))
        for peer in linked where beatsReach(peer) && liar?.beats(to: peer, fact, in: world) ?? true {
            world.send(.registers(heartbeats: [fact], objects: []), from: member, to: peer)
        }
        updateWants()
        offerReady(unlessSince: world.schedule.interval * 2)
        liar?.act(as: self)
    }

    var linked: [MemberIndex] { world.committee.indices.filter { $0 != member && world.isUp(member, $0) } }

    /// Asks the others to relay whom this process does not hear directly, when that changes.
    private func updateWants() {
        let now = world.now
        var news = wants
        for author in world.committee.indices where author != member {
            let due = heardAt[author.offset]?.advanced(by: world.schedule.followerInterval * 3 / 2)
            news[author.offset] = !world.isUp(member, author) || due.map { $0 < now } ?? true
        }
        guard news != wants else { return }
        wants = news
        for peer in linked { world.send(.wanted(wants), from: member, to: peer) }
    }

    // MARK: Messages

    private func linkUp(_ peer: MemberIndex) {
        world.send(.hello(durableView), from: member, to: peer)
        let held = objects.flatMap { $0 }.compactMap { $0 }
        let facts = heartbeats.compactMap { $0 }
        world.send(.registers(heartbeats: facts, objects: held), from: member, to: peer)
        world.send(.wanted(wants), from: member, to: peer)
    }

    private func take(_ message: Message, from sender: MemberIndex) {
        switch message {
        case .registers(let facts, let objects):
            for fact in facts { take(fact) }
            for object in objects { take(object) }
        case .wanted(let authors):
            let before = relays[sender.offset]
            relays[sender.offset] = authors
            relayHeld(to: sender, where: { authors[$0] && !before[$0] })
        case .viewCertificate(let certificate): feed(.viewCertificateReceived(certificate, from: sender))
        case .electionCertificate(let certificate):
            feed(.electionCertificateReceived(certificate, from: sender))
        case .request(let request): feed(.certificatesRequested(request, by: sender))
        case .hello(let view):
            feed(.linkUp(sender, view: view))
            offerReady(unlessSince: .zero)
        case .ready(let view): ready(view, from: sender)
        case .signRequest(let view): sign(view, for: sender)
        case .share(let view): share(of: view, from: sender)
        }
    }

    private func relayHeld(to peer: MemberIndex, where isWanted: (Int) -> Bool) {
        let places = objects.indices.filter { isWanted($0) && $0 != peer.offset }
        let facts = places.compactMap { heartbeats[$0] }
        let held = places.flatMap { objects[$0].compactMap { $0 } }
        guard !facts.isEmpty || !held.isEmpty else { return }
        world.send(.registers(heartbeats: facts, objects: held), from: member, to: peer)
    }

    private func take(_ fact: HeartbeatFact) {
        let known = heartbeats[fact.author.offset]?.order ?? .zero
        guard fact.author != member, fact.order > known else { return }
        heartbeats[fact.author.offset] = fact
        heardAt[fact.author.offset] = world.now
        feed(.heard(fact))
        relay(.registers(heartbeats: [fact], objects: []), of: fact.author)
    }

    func take(_ signed: SignedObject) {
        let author = signed.object.author
        let slot = signed.object.kind == .wish ? 0 : 1
        let known = objects[author.offset][slot]?.object.order ?? .zero
        guard author != member, signed.object.order > known else { return }
        guard world.checks.isSigned(signed) else { return }
        objects[author.offset][slot] = signed
        liar?.hoard(signed)
        feed(.received(signed))
        relay(.registers(heartbeats: [], objects: [signed]), of: author)
    }

    private func relay(_ message: Message, of author: MemberIndex) {
        for peer in linked where peer != author && relays[peer.offset][author.offset] {
            world.send(message, from: member, to: peer)
        }
    }

    // MARK: Signing

    private func offerReady(unlessSince span: Duration) {
        let leader = world.committee.leader(of: durableView)
        guard leader != member, durableView > View(0), highestElection ?? View(0) < durableView,
            readyAt.duration(to: world.now) >= span, liar?.signs ?? true
        else { return }
        readyAt = world.now
        world.send(.ready(durableView), from: member, to: leader)
    }

    private func ready(_ view: View, from sender: MemberIndex) {
        guard world.committee.leader(of: view) == member, liar?.certifies ?? true else { return }
        if view > durableView { return earlyReady.append((view, sender)) }
        guard view == durableView else { return }
        world.send(.signRequest(view), from: member, to: sender)
    }

    private func sign(_ view: View, for sender: MemberIndex) {
        guard view == durableView, view >= lockedView, world.committee.leader(of: view) == sender,
            liar?.signs ?? true
        else { return }
        lockedView = view
        world.send(.share(view), from: member, to: sender)
    }

    private func share(of view: View, from sender: MemberIndex) {
        guard view == durableView, world.committee.leader(of: view) == member else { return }
        world.shares[view, default: [member]].insert(sender)
        guard let signers = world.shares[view], signers.count >= world.committee.quorum,
            highestElection ?? View(0) < view
        else { return }
        let account = world.committee[member]!.account
        let epoch = world.committee.epoch
        let signature = SimGroupVerifier.signature(epoch: epoch, view: view, leader: account)
        let certificate = ElectionCertificate(epoch: epoch, view: view, leader: member, signature: signature)
        feed(.electionCertificateReceived(certificate, from: nil))
    }

    // MARK: Actions

    private func perform(_ actions: [ViewChangeMachine.Action]) {
        for action in actions { perform(action) }
        if isAlive { armMachine() }
    }

    private func perform(_ action: ViewChangeMachine.Action) {
        world.checks.seen(action, by: self)
        switch action {
        case .persist(let record, let ticket): persist(record, ticket)
        case .publish(let signed):
            guard liar == nil else { return }
            objects[member.offset][signed.object.kind == .wish ? 0 : 1] = signed
            for peer in linked {
                world.send(.registers(heartbeats: [], objects: [signed]), from: member, to: peer)
            }
        case .sendViewCertificate(let certificate, let peer):
            world.send(.viewCertificate(certificate), from: member, to: peer)
        case .sendElectionCertificate(let certificate, let peer):
            world.send(.electionCertificate(certificate), from: member, to: peer)
        case .spreadElectionCertificate(let certificate, let sender):
            for peer in linked where peer != sender {
                world.send(.electionCertificate(certificate), from: member, to: peer)
            }
        case .request(let request, let peer): world.send(.request(request), from: member, to: peer)
        case .forwardHeartbeat(let author, let peer):
            guard let fact = heartbeats[author.offset] else { return }
            world.send(.registers(heartbeats: [fact], objects: []), from: member, to: peer)
        case .entered(let view, _, _):
            durableView = view
            beat()
            offerReady(unlessSince: .zero)
            let early = earlyReady
            earlyReady = []
            for ready in early { self.ready(ready.view, from: ready.sender) }
        case .learned(let certificate): highestElection = certificate.view
        case .leadershipChanged(let leads): isLeading = leads
        case .suspicionChanged(let reason): suspicion = reason
        case .penalize: break
        }
    }

    private func persist(_ record: ViewRecord, _ ticket: UInt64) {
        diskFree = max(diskFree, world.now.advanced(by: world.draw(world.network.fsync)))
        let boot = incarnation
        world.at(diskFree) { [self] in
            guard isAlive, incarnation == boot else { return }
            disk = record
            deliver(.persisted(ticket: ticket))
        }
    }
}

extension Input {
    var isTimer: Bool {
        switch self {
        case .machineDeadline, .beatDue: true
        case .message, .linkUp, .linkClosed, .refused, .persisted: false
        }
    }
}
