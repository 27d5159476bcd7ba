import Consensus
import Cryptography
import Primitives

/// What a node's shell does for its ceremony with the secrets that the machine does not see.
protocol CeremonyShell: Sendable {
    /// A fresh deal each time.
    mutating func deal(_ plan: AttemptPlan) -> Deal
    /// Keeps the share, or complains.
    mutating func open(_ opening: ShareOpening) -> [Complaint]
    func approve(_ order: ApprovalOrder) -> FixedBytes<ByteTag.Signature, 64>
    /// A complaint about a good share, with a proof that is valid.
    mutating func lie(about dealer: MemberIndex, in opening: ShareOpening) -> Complaint?
}

/// The product's cryptography, with a repeatable generator.
struct RealCeremonyShell: CeremonyShell {
    let cast: Cast
    let member: MemberIndex
    var random: RepeatableRandom
    private(set) var shares: [Digest: (share: SecretShare, key: GroupKey)] = [:]

    init(cast: Cast, member: MemberIndex, random: RepeatableRandom) {
        self.cast = cast
        self.member = member
        self.random = random
    }

    private func session(_ plan: AttemptPlan) -> KeyGenerationSession {
        let terms = KeyGenerationTerms(
            committee: cast.committee,
            deployment: cast.deployment,
            attempt: plan.attempt,
            dealers: plan.dealers.elements
        )
        return try! KeyGenerationSession(terms!)
    }

    mutating func deal(_ plan: AttemptPlan) -> Deal {
        try! session(plan).deal(as: member, random: &random)
    }

    mutating func open(_ opening: ShareOpening) -> [Complaint] {
        let session = session(opening.plan)
        let deals = opening.deals.map { try! session.check($0.deal, from: $0.dealer) }
        let transcript = try! session.transcript(of: deals)
        let key = cast.encryptionKeys[member.offset]
        do throws(ShareFault) {
            let share = try session.share(from: deals, transcript: transcript, with: key, as: member)
            shares[transcript.digest] = (share, transcript.key)
            return []
        } catch {
            return deals.filter { error.dealers.contains($0.dealer) }.map {
                session.complaint(about: $0, with: key, as: member, random: &random)
            }
        }
    }

    func approve(_ order: ApprovalOrder) -> FixedBytes<ByteTag.Signature, 64> {
        cast.accounts[member.offset].sign(cast.domain.digest(of: order.statement)).eip2098
    }

    mutating func lie(about dealer: MemberIndex, in opening: ShareOpening) -> Complaint? {
        let session = session(opening.plan)
        guard let dealt = opening.deals.first(where: { $0.dealer == dealer }) else { return nil }
        let deal = try! session.check(dealt.deal, from: dealer)
        return session.complaint(
            about: deal,
            with: cast.encryptionKeys[member.offset],
            as: member,
            random: &random
        )
    }
}

/// Hashes in the place of the curve.
struct HashCeremonyShell: CeremonyShell {
    let cast: Cast
    let member: MemberIndex
    /// Different in each boot.
    var number: UInt64

    mutating func deal(_ plan: AttemptPlan) -> Deal {
        number += 1
        return HashCeremony.deal(plan, by: member, number: number, in: cast.committee)
    }

    func open(_ opening: ShareOpening) -> [Complaint] {
        opening.deals.filter { !HashCeremony.isGood($0.deal, from: $0.dealer, for: member) }.map {
            HashCeremony.complaint(about: $0.dealer, in: opening.session, by: member)
        }
    }

    func approve(_ order: ApprovalOrder) -> FixedBytes<ByteTag.Signature, 64> {
        let account = cast.committee[member]!.account
        return HashCeremony.approval(of: cast.domain.digest(of: order.statement), by: account)
    }

    func lie(about dealer: MemberIndex, in opening: ShareOpening) -> Complaint? {
        HashCeremony.complaint(about: dealer, in: opening.session, by: member)
    }
}
