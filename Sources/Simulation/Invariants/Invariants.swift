import Consensus
import Cryptography
import Ethereum
import Gossip
import Peer
import Primitives

/// Holds every step of every honest member to the protocol's properties.
///
/// Each property is a value of its own that keeps just enough to judge the next step in constant time.
struct Invariants {
    /// The most violations kept; one is bad enough.
    private static let limit = 20

    let committee: Committee
    let isHonest: [Bool]
    private(set) var violations: [Report.Violation] = []
    private var leadership: LeadershipCheck
    private var rising: RisingCheck
    private var certificates: CertificateCheck
    private var durability: DurabilityCheck
    private var nonces = NonceCheck()
    private var anchors = AnchorCheck()
    private var logs: LogCheck
    private var attestation: AttestationCheck
    private var bounds: BoundsCheck
    private var spending = LedgerCheck()

    init(committee: Committee, honest: [Bool], domain: StatementDomain) {
        self.committee = committee
        isHonest = honest
        leadership = LeadershipCheck(committee: committee)
        rising = RisingCheck(size: committee.size)
        certificates = CertificateCheck(committee: committee, honest: honest, domain: domain)
        durability = DurabilityCheck(size: committee.size)
        logs = LogCheck(honest: honest)
        attestation = AttestationCheck(committee: committee, honest: honest, domain: domain)
        bounds = BoundsCheck(size: committee.size)
    }

    mutating func fail(_ property: Property, _ what: String, at now: WorldTime) {
        guard violations.count < Self.limit else { return }
        violations.append(Report.Violation(property: property, at: now, what: what))
    }

    private mutating func note(
        _ property: Property,
        _ member: MemberIndex,
        _ fault: String?,
        _ now: WorldTime
    ) {
        if let fault { fail(property, "member \(member) \(fault)", at: now) }
    }

    // MARK: Views and leaders

    /// A member enters a view; answers whether it is the first to enter it.
    mutating func enters(
        _ view: View,
        _ leader: MemberIndex,
        _ member: MemberIndex,
        _ disk: DiskContents,
        at now: WorldTime
    ) -> Bool {
        note(.oneLeaderPerView, member, leadership.enters(view, leader, member), now)
        note(.viewsOnlyRise, member, rising.enters(view, member), now)
        note(.noVoteWithoutDurableLock, member, durability.enters(view, disk), now)
        return rising.isNew(view)
    }

    mutating func leads(_ member: MemberIndex, at now: WorldTime) {
        note(.oneLeaderPerView, member, leadership.leads(member), now)
    }

    mutating func persists(_ record: ViewRecord, _ member: MemberIndex, at now: WorldTime) {
        note(.viewsOnlyRise, member, rising.persists(record, member), now)
        note(.certificateNeedsQuorum, member, certificates.persists(record, member), now)
    }

    /// A member sends objects on receipt; wishes of its own must be durable.
    mutating func says(_ message: LinkMessage, _ member: MemberIndex, _ disk: DiskContents, at now: WorldTime)
    {
        note(.noVoteWithoutDurableLock, member, durability.says(message, member, disk), now)
    }

    /// Whether rule-breakers may hold a certificate that leads out of a view, made of what honest members once wished.
    func mayBeLeft(_ view: View) -> Bool {
        certificates.wishers(leaving: view) + isHonest.count { !$0 } >= committee.quorum
    }

    // MARK: Signatures

    mutating func signs(_ order: ShareOrder, _ member: MemberIndex, _ disk: DiskContents, at now: WorldTime) {
        let statement = order.context.statement.digest
        if attestation.isList(statement) {
            note(.attestsTruth, member, attestation.signs(statement, disk), now)
        } else {
            note(.noVoteWithoutDurableLock, member, durability.signs(order, disk), now)
        }
        certificates.signs(order, member)
    }

    mutating func signed(_ order: ShareOrder, _ share: Scalar, _ member: MemberIndex, at now: WorldTime) {
        note(.nonceUsedOnce, member, nonces.signed(order, share, member), now)
    }

    /// A member holds an election certificate; answers whether it is the first for its view.
    mutating func certified(_ certificate: ElectionCertificate, _ member: MemberIndex, at now: WorldTime)
        -> Bool
    {
        note(.certificateNeedsQuorum, member, certificates.certified(certificate), now)
        return certificates.isNew(certificate.view)
    }

    mutating func anchored(_ record: ElectionRecord, _ member: MemberIndex, at now: WorldTime) {
        note(.agreementOnAnchored, member, anchors.anchored(record, committee), now)
    }

    /// The newest list that the contract keeps.
    var anchoredList: AttestedLogs? { attestation.newest }

    /// The contract takes an anchor, while these are the disks of honest members.
    mutating func anchors(
        _ epoch: Epoch,
        _ number: UInt64,
        _ root: Digest,
        _ disks: [DiskContents],
        at now: WorldTime
    ) {
        guard let fault = attestation.anchors(epoch, number, root, disks) else { return }
        fail(.attestsTruth, fault, at: now)
    }

    // MARK: The chain client

    mutating func signs(_ transaction: Transaction, _ member: MemberIndex, at now: WorldTime) {
        guard let account = committee[member]?.account else { return }
        note(.spendsWithinBounds, member, spending.signs(transaction, account: account), now)
    }

    mutating func sends(_ hash: Digest, _ member: MemberIndex, _ memory: ChainMemory, at now: WorldTime) {
        note(.spendsWithinBounds, member, spending.sends(hash, memory), now)
    }

    mutating func tells(
        _ outcome: SubmissionOutcome,
        _ member: MemberIndex,
        _ ledger: Ledger?,
        at now: WorldTime
    ) {
        guard let ledger else { return }
        note(.spendsWithinBounds, member, spending.tells(outcome, member, ledger), now)
    }

    mutating func learns(_ fact: ChainFact, _ member: MemberIndex, _ ledger: Ledger?, at now: WorldTime) {
        guard let ledger else { return }
        note(.believesNoLie, member, spending.learns(fact, ledger), now)
    }

    // MARK: Blame

    mutating func convicts(_ conviction: Conviction, _ member: MemberIndex, at now: WorldTime) {
        guard isHonest[conviction.member.offset] else { return }
        fail(
            .noFraming,
            "member \(member) convicts honest \(conviction.member) of \(conviction.crime)",
            at: now
        )
    }

    mutating func penalizes(
        _ culprit: MemberIndex,
        _ offence: PeerOffence,
        _ member: MemberIndex,
        at now: WorldTime
    ) {
        guard committee[culprit] != nil, isHonest[culprit.offset] else { return }
        fail(.noFraming, "member \(member) blames honest \(culprit): \(offence)", at: now)
    }

    // MARK: Logs and bounds

    mutating func stored(
        _ errands: [SimulatedDisk.Errand],
        by member: MemberIndex,
        _ disk: DiskContents,
        at now: WorldTime
    ) {
        for errand in errands {
            if case .write(.view(let record), _) = errand { durability.stored(record, by: member) }
            guard case .write(.log(.entries(let author, let entries)), _) = errand,
                let author = committee.index(of: author)
            else { continue }
            attestation.stored(entries)
            note(.nothingDurableLost, member, logs.stored(entries, of: author), now)
            note(.bounded, member, bounds.stored(entries, of: author, by: member, at: now), now)
        }
    }

    mutating func compareLogs(_ disks: [(member: MemberIndex, contents: DiskContents)], at now: WorldTime) {
        for (member, contents) in disks { note(.nothingDurableLost, member, logs.lacks(contents), now) }
    }

    mutating func sent(_ bytes: Int, by member: MemberIndex, to peer: MemberIndex, at now: WorldTime) {
        if let fault = bounds.sent(bytes, by: member, at: now) { note(.bounded, member, fault, now) }
    }

    mutating func stepped(_ member: MemberIndex, actions: Int, at now: WorldTime) {
        if let fault = bounds.stepped(actions) { note(.bounded, member, fault, now) }
    }
}
