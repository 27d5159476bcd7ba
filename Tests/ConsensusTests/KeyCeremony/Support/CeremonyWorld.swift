import Consensus
import Cryptography
import Primitives

/// A committee that makes a key over its logs, in virtual time, with disks, crashes and mischief, from one seed.
struct CeremonyWorld {
    /// What a run is like.
    struct Setting {
        var mischief: [MemberIndex: Mischief] = [:]
        /// Before one in so many actions the node crashes.
        var crashOneIn: Int?
        /// No crashes from then on.
        var calmAfter: Duration = .seconds(30)
        /// Who is away from the beginning, and until when.
        var away: [MemberIndex: Duration] = [:]
        /// Whom the leader of a view dies with, when it has proposed: it is away for so long.
        var leaderDiesAfterProposal: Duration?
        /// How long a leader has until the next view.
        var viewLength: Duration = .seconds(25)
        var timing = CeremonyTiming()
        var limit: Duration = .seconds(3600)
    }

    enum Happening {
        /// The next entry of an author comes to a member.
        case arrive(of: MemberIndex, at: MemberIndex)
        case timer(MemberIndex, boot: UInt64)
        case restart(MemberIndex)
        case view(View)
        case ordered(AttemptPlan, MemberIndex, boot: UInt64)
        case convicted(Conviction, MemberIndex)
        case registered(MemberIndex)
        case final(MemberIndex)
    }

    struct Node {
        var machine: KeyCeremonyMachine
        var shell: any CeremonyShell
        var isUp: Bool
        var boot: UInt64
        /// What the node has stored of each log, its own among them.
        var stored: [MemberIndex: [SignedObject]] = [:]
        var timer: Instant?
        var certified: [Digest: KeyCertificate] = [:]
        var adopted: GroupKeyRecord?
        var kept: Digest?
    }

    let cast: Cast
    var setting: Setting
    let verifier: any CeremonyVerifier
    let makeShell: (MemberIndex, UInt64) -> any CeremonyShell
    var mischiefs: Mischiefs
    var random: RepeatableRandom
    var now = Instant.start
    var view = View(1)
    var agenda = Agenda<Happening>()
    var nodes: [MemberIndex: Node] = [:]
    /// What each author has logged; the second branch is for the members of even position.
    var logs: [MemberIndex: [[SignedObject]]] = [:]
    /// What everybody's book of evidence holds.
    var convictions: [Conviction] = []
    var registered: KeyCertificate?
    var registeredAt: Instant?
    var isFinal = false
    var audit: CeremonyAudit
    var actions = 0

    init(
        _ cast: Cast,
        _ setting: Setting,
        seed: UInt64,
        verifier: (any CeremonyVerifier)? = nil,
        shell: ((MemberIndex, UInt64) -> any CeremonyShell)? = nil
    ) {
        self.cast = cast
        self.setting = setting
        self.verifier = verifier ?? HashCeremonyVerifier(cast: cast)
        makeShell =
            shell ?? { HashCeremonyShell(cast: cast, member: $0, number: $1 * 1_000 + seed * 1_000_000) }
        mischiefs = Mischiefs(cast: cast)
        random = RepeatableRandom(seed)
        audit = CeremonyAudit(
            cast: cast,
            verifier: self.verifier,
            honest: Set(cast.committee.indices).subtracting(setting.mischief.keys)
        )
        for member in cast.committee.indices {
            logs[member] = [[], []]
            nodes[member] = Node(
                machine: makeMachine(member),
                shell: makeShell(member, 1),
                isUp: false,
                boot: 0
            )
        }
    }

    static func real(_ cast: Cast, _ setting: Setting, seed: UInt64) -> CeremonyWorld {
        CeremonyWorld(
            cast,
            setting,
            seed: seed,
            verifier: CurveCeremonyVerifier(committee: cast.committee, deployment: cast.deployment)
        ) { member, boot in
            let random = RepeatableRandom(seed &* 1_000 &+ UInt64(member.rawValue) &* 50 &+ boot)
            return RealCeremonyShell(cast: cast, member: member, random: random)
        }
    }

    private func makeMachine(_ member: MemberIndex) -> KeyCeremonyMachine {
        KeyCeremonyMachine(
            committee: cast.committee,
            member: member,
            membersHash: HashWorld.digest("members"),
            timing: setting.timing,
            verifier: verifier
        )
    }

    var honest: [MemberIndex] { cast.committee.indices.filter { setting.mischief[$0] == nil } }

    var isDone: Bool {
        isFinal && honest.allSatisfy { nodes[$0]?.kept != nil }
    }

    /// Runs until every honest member has the registered key, or time is up.
    mutating func run() {
        for member in cast.committee.indices {
            let delay = setting.away[member] ?? random.milliseconds(0...50)
            agenda.plan(.restart(member), at: now.advanced(by: delay))
        }
        agenda.plan(.view(view), at: now)
        while !isDone, let (moment, item) = agenda.next(), moment.sinceStart < setting.limit {
            now = moment
            happen(item)
        }
    }

    private mutating func happen(_ item: Happening) {
        switch item {
        case .arrive(let author, let member): arrive(of: author, at: member)
        case .timer(let member, let boot):
            guard nodes[member]?.boot == boot, nodes[member]?.isUp == true else { return }
            nodes[member]?.timer = nil
            perform(nodes[member]?.machine.expired(at: now) ?? [], member)
        case .restart(let member): restart(member)
        case .view(let next):
            guard registered == nil else { return }
            view = next
            for member in cast.committee.indices { feed(member, .enteredView(next)) }
            agenda.plan(.view(next.advanced(by: 1)), at: now.advanced(by: setting.viewLength))
        case .ordered(let plan, let member, let boot):
            guard nodes[member]?.boot == boot, nodes[member]?.isUp == true else { return }
            deal(plan, member)
        case .convicted(let conviction, let member): feed(member, .convicted(conviction))
        case .registered(let member):
            if let registered { feed(member, .registered(transcript: registered.transcript)) }
        case .final(let member):
            isFinal = true
            feed(member, .registrationFinal)
        }
    }
}

// MARK: - Lives

extension CeremonyWorld {
    mutating func feed(_ member: MemberIndex, _ event: KeyCeremonyMachine.Event) {
        guard nodes[member]?.isUp == true else { return }
        perform(nodes[member]?.machine.handle(event, at: now) ?? [], member)
    }

    /// Sets the node's one timer to the machine's deadline.
    mutating func setTimer(_ member: MemberIndex) {
        guard let node = nodes[member], node.isUp, let deadline = node.machine.nextDeadline else { return }
        if let timer = node.timer, timer <= deadline { return }
        nodes[member]?.timer = deadline
        agenda.plan(.timer(member, boot: node.boot), at: max(deadline, now))
    }

    mutating func crash(_ member: MemberIndex, for time: Duration) {
        nodes[member]?.isUp = false
        agenda.plan(.restart(member), at: now.advanced(by: time))
    }

    /// Replays what is stored, the own log before the start, the others' in any interleaving.
    private mutating func restart(_ member: MemberIndex) {
        guard setting.mischief[member] != .silent, let old = nodes[member], !old.isUp else { return }
        nodes[member] = Node(
            machine: makeMachine(member),
            shell: makeShell(member, old.boot + 1),
            isUp: true,
            boot: old.boot + 1,
            stored: old.stored
        )
        for entry in old.stored[member, default: []] { feed(member, .entry(entry)) }
        var rest = old.stored.filter { $0.key != member }
        if random.oneIn(2) { feed(member, .started) }
        while !rest.isEmpty {
            let authors = rest.keys.sorted()
            let author = authors[random.below(authors.count)]
            if let entry = rest[author]?.first { feed(member, .entry(entry)) }
            rest[author]?.removeFirst()
            if rest[author]?.isEmpty == true { rest[author] = nil }
        }
        feed(member, .started)
        feed(member, .enteredView(view))
        for conviction in convictions { feed(member, .convicted(conviction)) }
        if let registered { feed(member, .registered(transcript: registered.transcript)) }
        if isFinal { feed(member, .registrationFinal) }
        for author in cast.committee.indices where author != member {
            for _ in branch(of: author, for: member).dropFirst(old.stored[author]?.count ?? 0) {
                let delay = random.milliseconds(1...200)
                agenda.plan(.arrive(of: author, at: member), at: now.advanced(by: delay))
            }
        }
    }

    func branch(of author: MemberIndex, for member: MemberIndex) -> [SignedObject] {
        logs[author]?[Int(member.rawValue) % 2] ?? []
    }

    private mutating func arrive(of author: MemberIndex, at member: MemberIndex) {
        guard let node = nodes[member], node.isUp else { return }
        let known = node.stored[author]?.count ?? 0
        let log = branch(of: author, for: member)
        guard known < log.count else { return }
        nodes[member]?.stored[author, default: []].append(log[known])
        feed(member, .entry(log[known]))
    }
}
