import Consensus
import Cryptography
import Primitives

/// Watches a world and notes every breach of what must hold.
struct SigningAudit {
    let cast: Cast
    let honest: Set<MemberIndex>
    private(set) var breaches: [String] = []
    private(set) var convicted: Set<MemberIndex> = []
    private(set) var blamed: Set<MemberIndex> = []
    /// For each commitment the request that it was spent on, over all boots.
    private var spent: [NonceCommitment: Digest] = [:]
    private var votes: [MemberIndex: [View: Digest]] = [:]

    init(cast: Cast, honest: Set<MemberIndex>) {
        self.cast = cast
        self.honest = honest
    }

    /// A share is about to be made.
    mutating func signs(_ order: ShareOrder, _ member: MemberIndex, disk: VoteLock?) {
        guard let own = order.request.commitment(of: member) else {
            breaches.append("\(member) signs a request without itself")
            return
        }
        if let other = spent.updateValue(order.root, forKey: own), other != order.root {
            breaches.append("\(member) uses a nonce pair twice")
        }
        if disk?.statement != order.context.statement.digest || disk?.view != order.request.view {
            breaches.append("\(member) makes a share before its vote is durable")
        }
    }

    /// An object leaves an honest member.
    mutating func sees(_ object: SignedObject, _ message: DirectMessage, disk: VoteLock) {
        let author = object.object.author
        guard honest.contains(author), case .signShare(let share) = message else { return }
        if disk.statement != share.statement || disk.view != share.view {
            breaches.append("a share of \(author) leaves before its vote is durable")
        }
        if let other = votes[author, default: [:]][share.view], other != share.statement {
            breaches.append("\(author) votes for two statements in view \(share.view)")
        }
        if let highest = votes[author]?.keys.max(), highest > share.view {
            breaches.append("\(author) votes in view \(share.view) after \(highest)")
        }
        votes[author, default: [:]][share.view] = share.statement
    }

    mutating func blames(_ culprit: MemberIndex, _ offence: SigningOffence, by member: MemberIndex) {
        guard honest.contains(member) else { return }
        blamed.insert(culprit)
        if honest.contains(culprit) { breaches.append("\(member) blames honest \(culprit) for \(offence)") }
    }

    mutating func publishes(
        _ evidence: Evidence,
        by member: MemberIndex,
        key: any SigningKey,
        transcript: Digest
    ) {
        let judge = EvidenceJudge(
            committee: cast.committee,
            deployment: cast.deployment,
            authenticator: cast.authenticator,
            ceremony: CurveCeremonyVerifier(committee: cast.committee, deployment: cast.deployment)
        )
        switch judge.judge(evidence, key: { $0 == transcript ? key : nil }) {
        case .guilty(let conviction):
            convicted.insert(conviction.member)
            if honest.contains(conviction.member) { breaches.append("honest \(conviction.member) is framed") }
        case .unfounded, .undecided:
            breaches.append("\(member) publishes a proof that does not convince")
        }
    }
}
