import Cryptography
import Primitives

/// What is known about one attempt at a group key: facts from the logs, and how far this node has come itself.
struct CeremonyAttempt: Sendable {
    /// Something this node says once in an attempt.
    enum OwnWord: Hashable, Sendable {
        /// Not yet.
        case open
        /// Ordered from the shell, or handed out to be logged.
        case underway
        /// In this node's log.
        case logged
    }

    /// What this node knows of its own share.
    enum OwnShare: Hashable, Sendable {
        case unknown, opening, sound, faulty
    }

    /// A deal that has passed all public checks.
    struct TakenDeal: Sendable {
        let deal: Deal
        let digest: Digest
        /// The log entry with it; `nil` of a deal that came by a copy, about which others judge.
        let object: SignedObject?
    }

    /// A complaint whose deal has not come.
    struct OpenGrievance: Sendable {
        let accuser: MemberIndex
        let grievance: Grievance
        let object: SignedObject
    }

    let plan: AttemptPlan
    let id: KeyGenerationID
    var session: any CeremonySession
    /// Whether a dealer was known as guilty when it was taken up.
    var isStillborn = false

    // From the logs.
    /// Who has proposed it; nobody has to propose attempt 0.
    var proposers: Set<MemberIndex> = []
    var deals: [MemberIndex: TakenDeal] = [:]
    /// Who has missed which dealer's deal.
    var absences: [MemberIndex: Set<MemberIndex>] = [:]
    /// The complaints about each dealer that are not decided.
    var grievances: [MemberIndex: [OpenGrievance]] = [:]
    /// The dealers that each member has complained about.
    var heard: [MemberIndex: Set<MemberIndex>] = [:]
    var confirms: [MemberIndex: (confirm: Confirm, object: SignedObject)] = [:]

    // What follows from them.
    var outcome: CeremonyOutcome?
    /// The deals are all there and make no key; one attempt in 2^127.
    var isUnusable = false
    /// The valid approvals of this node's outcome.
    var approvals: [MemberIndex: FixedBytes<ByteTag.Signature, 64>] = [:]
    var certificate: KeyCertificate?

    // This node's own part.
    var began: Instant?
    var completed: Instant?
    /// The time for deals is over.
    var isOverdue = false
    /// The time in which a quorum of confirmations is not enough is over.
    var isSettled = false
    var ownDeal = OwnWord.open
    var ownConfirm = OwnWord.open
    var ownShare = OwnShare.unknown
    /// The dealers this node has called absent.
    var missed: Set<MemberIndex> = []
    /// The dealers this node has complained about.
    var accused: Set<MemberIndex> = []
    /// The certified statement has been handed to signing and not been taken back.
    var isEndorsed = false

    init(plan: AttemptPlan, session: any CeremonySession) {
        self.plan = plan
        self.session = session
        id = session.id
    }

    /// The dealers whose deals have not come, in rising order.
    var missingDealers: [MemberIndex] {
        plan.dealers.filter { deals[$0] == nil }
    }

    /// The dealers that a quorum has missed, in rising order.
    ///
    /// What members with forked logs have said some know and others never will: they count as having missed everybody
    /// whom anybody has missed, lest honest members differ about it for ever.
    func absentees(quorum: Int, forked: Set<MemberIndex>) -> [MemberIndex] {
        plan.dealers.filter { dealer in
            absences[dealer].map { $0.union(forked).count >= quorum } ?? false
        }
    }

    /// The taken deals in the plan's order, once they are complete.
    var completeDeals: [DealtDeal]? {
        guard missingDealers.isEmpty else { return nil }
        return plan.dealers.compactMap { dealer in
            deals[dealer].map { DealtDeal(dealer: dealer, deal: $0.deal) }
        }
    }

    /// Puts the deals of the registered key in the place of what was known, and lets all be computed anew.
    mutating func replaceDeals(by deals: [MemberIndex: TakenDeal], in session: any CeremonySession) {
        self.session = session
        self.deals = deals
        outcome = nil
        completed = nil
        isUnusable = false
        approvals = [:]
        ownShare = .unknown
    }
}
