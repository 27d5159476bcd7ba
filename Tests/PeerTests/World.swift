import Consensus
import Cryptography
import Gossip
import HeapModule
import Peer
import Primitives
import Testing

/// A committee of real machines with real keys in virtual time, over a network and a chain that are simulated.
struct World {
    /// What is to happen, and when.
    struct Happening: Comparable {
        enum What {
            case event(MemberIndex, life: Int, PeerMachine.Event)
            case message(to: MemberIndex, from: MemberIndex, link: Int, [LinkMessage])
            case stored(MemberIndex, life: Int, PeerRecord, PersistTicket)
            case block(Submission)
            case wake(MemberIndex, life: Int)
        }

        let at: Instant
        let number: Int
        let what: What

        static func < (left: Self, right: Self) -> Bool { (left.at, left.number) < (right.at, right.number) }
        static func == (left: Self, right: Self) -> Bool { left.number == right.number }
    }

    let committee: Committee
    let deployment = Deployment(chainId: 31_337, genesis: SHA256.hash([1]), registry: Address())
    var nodes: [TestNode] = []
    var chain = TestChain()
    var notices: [(at: Instant, member: MemberIndex, notice: Notice)] = []
    /// What members' owners were told that the committee attests.
    var attested: [(member: MemberIndex, list: AttestedLogs, signature: GroupSignature)] = []
    /// What members' overseers of operations were told.
    var overseen: [(at: Instant, member: MemberIndex, news: OperationsNews)] = []
    /// What members do not say although their machines would.
    var withholds: (MemberIndex, LinkMessage) -> Bool = { _, _ in false }
    /// What members say in place of what their machines would.
    var rewrites: (MemberIndex, LinkMessage) -> LinkMessage = { $1 }
    private(set) var now = Instant.start
    private var heap = Heap<Happening>()
    private var count = 0
    /// The generation of the link of each pair; odd while it is up.
    private var links: [Int: Int] = [:]
    private var random: SplitMix64
    private let attestationInterval: Duration
    private let operations: Address?

    init(
        size: Int,
        seed: UInt64,
        attestationInterval: Duration = .seconds(600),
        operations: Address? = nil
    ) throws {
        self.operations = operations
        self.attestationInterval = attestationInterval
        random = SplitMix64(seed: seed)
        let keys = (1...size).map { MemberKeys(seed: seed &* 1_000 &+ UInt64($0)) }
        let members = keys.enumerated().map { $1.record(port: 9_000 + $0) }
        committee = try Committee(Roster(epoch: Epoch(1), members: SSZList(members)!))
        for (offset, keys) in keys.enumerated() {
            let (machine, custodian) = boot(keys, MemberIndex(offset + 1), Disk(), incarnation: 1)
            nodes.append(TestNode(keys: keys, machine: machine, custodian: custodian))
        }
    }

    private mutating func boot(
        _ keys: MemberKeys,
        _ member: MemberIndex,
        _ disk: Disk,
        incarnation: UInt64
    ) -> (PeerMachine, Custodian<SeededRandom>) {
        let machine = PeerMachine(
            PeerMachine.Setting(
                identity: keys.identity.identity,
                incarnation: incarnation,
                deployment: deployment,
                stagger: .seconds(3),
                attestationInterval: attestationInterval,
                operations: operations,
                software: SoftwareVersion(1, 0, 0),
                wallTimeAtStart: UnixMilliseconds(rawValue: 1_700_000_000_000),
                seed: random.next()
            ),
            authenticator: Ed25519Authenticator(key: keys.identity),
            cryptography: CurveCryptography(deployment: deployment)
        )
        let custodian = Custodian(
            committee: committee,
            member: member,
            deployment: deployment,
            account: keys.account,
            encryptionKey: keys.encryption,
            storedShares: [:],
            random: SeededRandom(seed: random.next())
        )
        return (machine, custodian)
    }

    // MARK: What the test does

    /// A member's overseer wants something.
    mutating func wish(_ wish: OperationsWish, of member: MemberIndex) { feed(member, .operations(wish)) }

    mutating func start(_ member: MemberIndex) {
        let offset = member.offset
        nodes[offset].disk.incarnation += 1
        let disk = nodes[offset].disk
        (nodes[offset].machine, nodes[offset].custodian) =
            boot(nodes[offset].keys, member, disk, incarnation: disk.incarnation)
        nodes[offset].isUp = true
        nodes[offset].wake = nil
        let logs = committee.indices.map { author in
            StoredLog(author: committee[author]!.identity, entries: disk.log(of: author))
        }
        let beginning = EpochBeginning(
            committee: committee,
            membersHash: SHA256.hash([2]),
            firstView: View(1),
            viewRecord: disk.view,
            votes: disk.votes,
            logs: logs,
            entries: disk.entries,
            evidence: disk.evidence
        )
        feed(member, .epochBegan(beginning))
        for fact in chain.facts { feed(member, .chain(fact)) }
        for other in committee.indices where other != member && nodes[other.offset].isUp {
            connect(member, other)
        }
    }

    mutating func startAll() {
        for member in committee.indices { start(member) }
    }

    /// Kills a member's process: its sockets close, and its host refuses new ones.
    mutating func crash(_ member: MemberIndex) {
        nodes[member.offset].isUp = false
        nodes[member.offset].life += 1
        for other in committee.indices where other != member && isLinked(member, other) {
            links[pair(member, other), default: 0] += 1
            guard nodes[other.offset].isUp else { continue }
            let identity = committee[member]!.identity
            let life = nodes[other.offset].life
            let closed = now.advanced(by: .microseconds(500))
            schedule(at: closed, .event(other, life: life, .linkDown(identity, .closedByPeer)))
            schedule(
                at: closed.advanced(by: .milliseconds(1)),
                .event(other, life: life, .redialRefused(identity, closedAt: closed))
            )
        }
    }

    /// An object with the signature of its author.
    func signed(_ object: Object) -> SignedObject {
        let root = SigningRoot(of: object, in: SigningDomains(deployment))
        return SignedObject(object: object, signature: nodes[object.author.offset].keys.identity.sign(root))
    }

    /// Brings a message to a member at once, as if it had come over the link to the other.
    mutating func bring(_ message: LinkMessage, to member: MemberIndex, from sender: MemberIndex) {
        feed(member, .received([message], from: committee[sender]!.identity))
    }

    /// An endpoint tells a member something of the chain, whether it is so or not.
    mutating func tell(_ fact: ChainFact, to member: MemberIndex) {
        feed(member, .chain(fact))
    }

    /// The operator wants a member not to lead, or does not mind any more.
    mutating func drain(_ member: MemberIndex, _ isWanted: Bool) {
        feed(member, .drainRequested(isWanted))
    }

    /// The operator wants a member to say something.
    mutating func publish(_ request: PublicationRequest, by member: MemberIndex) {
        feed(member, .publicationRequested(request))
    }

    mutating func run(until end: Instant) {
        while let next = heap.min, next.at <= end {
            heap.removeMin()
            now = next.at
            happen(next.what)
        }
        now = end
    }

    /// Runs until a condition holds; answers when, or `nil` if it does not within the time.
    mutating func run(for patience: Duration, until condition: (World) -> Bool) -> Instant? {
        let end = now.advanced(by: patience)
        while !condition(self) {
            guard let next = heap.min, next.at <= end else { return nil }
            heap.removeMin()
            now = next.at
            happen(next.what)
        }
        return now
    }

    // MARK: The mechanics

    private func pair(_ one: MemberIndex, _ other: MemberIndex) -> Int {
        Int(min(one, other).rawValue) * 1_000 + Int(max(one, other).rawValue)
    }

    private func isLinked(_ one: MemberIndex, _ other: MemberIndex) -> Bool {
        !(links[pair(one, other)] ?? 0).isMultiple(of: 2)
    }

    private mutating func connect(_ one: MemberIndex, _ other: MemberIndex) {
        links[pair(one, other), default: 0] += 1
        for (end, peer) in [(one, other), (other, one)] {
            let event = PeerMachine.Event.linkUp(committee[peer]!.identity)
            schedule(at: now.advanced(by: delay()), .event(end, life: nodes[end.offset].life, event))
        }
    }

    private mutating func delay() -> Duration {
        .microseconds(Int64(300 + random.next() % 700))
    }

    private mutating func schedule(at moment: Instant, _ what: Happening.What) {
        count += 1
        heap.insert(Happening(at: moment, number: count, what: what))
    }

    private mutating func happen(_ what: Happening.What) {
        switch what {
        case .event(let member, let life, let event):
            guard nodes[member.offset].life == life else { return }
            feed(member, event)
        case .message(let member, let sender, let link, let messages):
            guard links[pair(member, sender)] == link, nodes[member.offset].isUp else { return }
            feed(member, .received(messages, from: committee[sender]!.identity))
        case .stored(let member, let life, let record, let ticket):
            guard nodes[member.offset].life == life else { return }
            nodes[member.offset].disk.write(record)
            feed(member, .persisted(ticket))
        case .block(let submission):
            guard let fact = chain.take(submission) else { return }
            for member in committee.indices where nodes[member.offset].isUp {
                for stage in [ChainStage.included, .confirmed] { feed(member, .chain(fact(stage))) }
            }
        case .wake(let member, let life):
            guard nodes[member.offset].life == life, nodes[member.offset].wake == now else { return }
            nodes[member.offset].wake = nil
            let actions = nodes[member.offset].machine.expired(at: now)
            perform(actions, of: member)
        }
    }

    private mutating func feed(_ member: MemberIndex, _ event: PeerMachine.Event) {
        guard nodes[member.offset].isUp else { return }
        let actions = nodes[member.offset].machine.handle(event, at: now)
        perform(actions, of: member)
    }

    private mutating func perform(_ actions: [PeerMachine.Action], of member: MemberIndex) {
        let life = nodes[member.offset].life
        var waiting = actions[...]
        while let action = waiting.popFirst() {
            switch action {
            case .send(let messages, let identity):
                let peer = committee.index(of: identity)!
                guard isLinked(member, peer) else { continue }
                let link = links[pair(member, peer)]!
                let messages = messages.filter { !withholds(member, $0) }.map { rewrites(member, $0) }
                guard !messages.isEmpty else { continue }
                // One link keeps its order: the delay is the same for all.
                schedule(
                    at: now.advanced(by: .milliseconds(1)),
                    .message(to: peer, from: member, link: link, messages)
                )
            case .persist(let record, let ticket):
                let done = now.advanced(by: .microseconds(200))
                schedule(at: done, .stored(member, life: life, record, ticket))
            case .readLog(let read):
                let author = committee.index(of: read.author)!
                let entries = nodes[member.offset].disk.log(of: author)
                    .filter { $0.object.order.sequence >= read.first }.prefix(read.count)
                let event = PeerMachine.Event.logRead(id: read.id, entries: Array(entries))
                schedule(at: now.advanced(by: .microseconds(200)), .event(member, life: life, event))
            case .order(let order):
                if let answer = nodes[member.offset].custodian.perform(order).answer {
                    // What follows from the answer comes after what was ordered before it.
                    waiting += nodes[member.offset].machine.handle(.secretsAnswered(answer), at: now)
                }
            case .submit(let submission):
                schedule(at: now.advanced(by: .seconds(1)), .block(submission))
            case .notice(let notice): notices.append((now, member, notice))
            case .close(let identity, _, _): close(member, committee.index(of: identity)!)
            case .penalize(let culprit, let offence):
                Issue.record("member \(member) accuses \(culprit): \(offence)")
            case .setPeers, .signOfLife, .cancelSubmission, .count: break
            case .operations(let news): overseen.append((now, member, news))
            case .logsAttested(let list, let signature): attested.append((member, list, signature))
            }
        }
        setAlarm(of: member)
    }

    /// Of the wakes that are scheduled for a member only the newest counts.
    private mutating func setAlarm(of member: MemberIndex) {
        guard let due = nodes[member.offset].machine.nextDeadline.map({ max($0, now) }) else { return }
        guard nodes[member.offset].wake != due else { return }
        nodes[member.offset].wake = due
        schedule(at: due, .wake(member, life: nodes[member.offset].life))
    }

    private mutating func close(_ member: MemberIndex, _ peer: MemberIndex) {
        guard isLinked(member, peer) else { return }
        links[pair(member, peer), default: 0] += 1
        for (end, other) in [(member, peer), (peer, member)] {
            let event = PeerMachine.Event.linkDown(committee[other]!.identity, .other)
            schedule(at: now.advanced(by: delay()), .event(end, life: nodes[end.offset].life, event))
        }
    }
}
