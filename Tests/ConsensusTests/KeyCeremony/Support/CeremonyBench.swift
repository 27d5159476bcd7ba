import Cryptography
import Primitives

@testable import Consensus

/// One ceremony machine on a bench: the others' logs as the test writes them, the shell as the product's.
struct CeremonyBench {
    typealias Action = KeyCeremonyMachine.Action

    let cast: Cast
    let member: MemberIndex
    var machine: KeyCeremonyMachine
    private var places: [MemberIndex: UInt64] = [:]

    init(_ member: Int = 2, size: Int = 4) {
        cast = Cast.hashed(size)
        self.member = MemberIndex(member)
        machine = Self.machine(cast, self.member)
    }

    static func machine(_ cast: Cast, _ member: MemberIndex) -> KeyCeremonyMachine {
        KeyCeremonyMachine(
            committee: cast.committee,
            member: member,
            membersHash: HashWorld.digest("members"),
            verifier: HashCeremonyVerifier(cast: cast)
        )
    }

    var plan: AttemptPlan { .first(for: cast.committee) }
    var session: KeyGenerationID { HashCeremony.session(plan) }
    var others: [MemberIndex] { cast.committee.indices.filter { $0 != member } }

    mutating func feed(_ event: KeyCeremonyMachine.Event, after seconds: Int = 0) -> [Action] {
        machine.handle(event, at: Instant(sinceStart: .seconds(seconds)))
    }

    mutating func expire(after seconds: Int) -> [Action] {
        machine.expired(at: Instant(sinceStart: .seconds(seconds)))
    }

    /// Writes an entry into a log and brings it.
    mutating func entry(
        by author: MemberIndex,
        _ topic: LogTopic,
        _ body: [UInt8],
        after seconds: Int = 0
    ) -> [Action] {
        places[author, default: 0] += 1
        let entry = cast.entry(by: author, topic, body, at: places[author, default: 1])
        return feed(.entry(entry), after: seconds)
    }

    func deal(by dealer: MemberIndex, _ plan: AttemptPlan? = nil, number: UInt64 = 1) -> Deal {
        HashCeremony.deal(plan ?? self.plan, by: dealer, number: number, in: cast.committee)
    }

    mutating func deals(by dealers: [MemberIndex], _ plan: AttemptPlan? = nil, after seconds: Int = 0)
        -> [Action]
    {
        dealers.flatMap { entry(by: $0, .deal, deal(by: $0, plan).sszBytes, after: seconds) }
    }

    func absent(_ dealers: Int..., in plan: AttemptPlan? = nil) -> [UInt8] {
        let list = SSZList<MemberIndex, 128>(dealers.map { MemberIndex($0) })!
        return Absent(session: HashCeremony.session(plan ?? self.plan), dealers: list).sszBytes
    }

    func confirm(by member: MemberIndex, _ statement: GroupKeyStatement, _ plan: AttemptPlan? = nil)
        -> [UInt8]
    {
        let digest = cast.domain.digest(of: statement)
        let approval = HashCeremony.approval(of: digest, by: cast.committee[member]!.account)
        return Confirm(
            session: HashCeremony.session(plan ?? self.plan),
            transcript: statement.transcript,
            approval: approval
        ).sszBytes
    }

    func proposal(
        in view: View,
        _ attempt: UInt16,
        guilty: [Int] = [],
        absent: [Int] = []
    ) -> Proposal {
        let left = Set((guilty + absent).map { MemberIndex($0) })
        let dealers = cast.committee.indices.filter { !left.contains($0) }
        return Proposal(
            view: view,
            plan: AttemptPlan(attempt: attempt, dealers: SSZList(dealers)!),
            guilty: SSZList(guilty.map { MemberIndex($0) })!,
            absent: SSZList(absent.map { MemberIndex($0) })!
        )
    }

    /// A view that a member leads.
    func view(of leader: MemberIndex) -> View {
        (1...UInt64(cast.committee.size)).map { View($0) }.first { cast.committee.leader(of: $0) == leader }!
    }

    /// Brings the machine to where its share of attempt 0 is open and its own confirmation is logged.
    mutating func confirmOwn() -> GroupKeyStatement {
        _ = feed(.started)
        _ = deals(by: cast.committee.indices)
        let order = feed(.shareOpened(session)).compactMap(\.approval)[0]
        _ = entry(by: member, .confirm, confirm(by: member, order.statement))
        return order.statement
    }
}

extension KeyCeremonyMachine.Action {
    func body(_ topic: LogTopic) -> [UInt8]? {
        if case .append(topic, let body) = self { body } else { nil }
    }

    var plan: AttemptPlan? {
        if case .deal(let plan) = self { plan } else { nil }
    }

    var opening: ShareOpening? {
        if case .openShare(let opening) = self { opening } else { nil }
    }

    var approval: ApprovalOrder? {
        if case .approve(let order) = self { order } else { nil }
    }

    var certificate: KeyCertificate? {
        if case .certified(let certificate, _) = self { certificate } else { nil }
    }

    var adopted: GroupKeyRecord? {
        if case .adopt(let record) = self { record } else { nil }
    }

    var evidence: Evidence? {
        if case .convict(let evidence) = self { evidence } else { nil }
    }

    var offence: CeremonyOffence? {
        if case .penalize(_, let offence) = self { offence } else { nil }
    }

    var withdrawn: Digest? {
        if case .withdraw(let transcript) = self { transcript } else { nil }
    }

    var kept: Digest? {
        if case .eraseSecrets(let transcript) = self { transcript } else { nil }
    }
}

extension KeyCeremonyMachine {
    /// How many entries of an author wait, and how many deals are among them.
    func waitingCount(of author: MemberIndex) -> (all: Int, deals: Int) {
        let held = waiting[author, default: []]
        return (held.count, held.count(where: \.isDeal))
    }
}
