package import Cryptography
package import Primitives

/// The public-key cryptography of a ceremony, none of which needs a secret.
///
/// The product's implementation is ``CurveCeremonyVerifier``; simulations may count instead of computing.
package protocol CeremonyVerifier: Sendable {
    /// The arithmetic of one attempt, or `nil` when no key can be generated under the plan.
    func session(for plan: AttemptPlan) -> (any CeremonySession)?

    /// What a member's account signs to approve a group key.
    func digest(of statement: GroupKeyStatement) -> StatementDigest

    /// Whether a signature is the account's over the statement.
    func isValid(
        _ approval: FixedBytes<ByteTag.Signature, 64>,
        of statement: StatementDigest,
        by account: Address
    ) -> Bool
}

/// One attempt's deals as they are checked and added up.
package protocol CeremonySession: Sendable {
    /// sid: binds every message of the attempt to its plan.
    var id: KeyGenerationID { get }

    /// Checks a deal as far as everyone can, and keeps it.
    ///
    /// - Throws: ``DealFault``; every honest node finds the same.
    mutating func take(_ deal: Deal, from dealer: MemberIndex) throws(DealFault)

    /// Decides a complaint about a deal that has been taken; `nil` when there is none.
    func verdict(on complaint: Complaint, by accuser: MemberIndex) -> ComplaintVerdict?

    /// What the deals add up to.
    ///
    /// - Throws: ``KeyGenerationError`` when one is missing or they make no usable key.
    func outcome() throws(KeyGenerationError) -> CeremonyOutcome
}

/// What an attempt's deals add up to, for everyone to see.
package struct CeremonyOutcome: Sendable {
    /// T: two nodes with one transcript hold the same key and public shares.
    package let transcript: Digest
    /// The key.
    package let groupKey: CompressedPoint
    /// What shares and signatures are checked with.
    package let key: any SigningKey

    /// Joins the three.
    package init(transcript: Digest, groupKey: CompressedPoint, key: any SigningKey) {
        self.transcript = transcript
        self.groupKey = groupKey
        self.key = key
    }
}

/// Ceremonies over secp256k1.
package struct CurveCeremonyVerifier: CeremonyVerifier {
    private let committee: Committee
    private let deployment: Deployment
    private let domain: StatementDomain

    /// The verifier of one committee's ceremony.
    package init(committee: Committee, deployment: Deployment) {
        self.committee = committee
        self.deployment = deployment
        domain = StatementDomain(deployment)
    }

    /// An attempt over secp256k1; `nil` also when a member has registered a key that is no point.
    package func session(for plan: AttemptPlan) -> (any CeremonySession)? {
        guard
            let terms = KeyGenerationTerms(
                committee: committee,
                deployment: deployment,
                attempt: plan.attempt,
                dealers: plan.dealers.elements
            )
        else { return nil }
        do throws(KeyGenerationError) {
            return CurveCeremonySession(session: try KeyGenerationSession(terms))
        } catch {
            return nil
        }
    }

    /// The EIP-712 digest in the deployment's domain.
    package func digest(of statement: GroupKeyStatement) -> StatementDigest {
        domain.digest(of: statement)
    }

    /// Recovers the signer of the EIP-2098 signature and compares accounts.
    package func isValid(
        _ approval: FixedBytes<ByteTag.Signature, 64>,
        of statement: StatementDigest,
        by account: Address
    ) -> Bool {
        AccountSignature(eip2098: approval)?.isValid(of: statement, by: account) ?? false
    }
}

/// One attempt over secp256k1.
private struct CurveCeremonySession: CeremonySession {
    let session: KeyGenerationSession
    private var deals: [MemberIndex: CheckedDeal] = [:]

    init(session: KeyGenerationSession) {
        self.session = session
    }

    var id: KeyGenerationID { session.id }

    mutating func take(_ deal: Deal, from dealer: MemberIndex) throws(DealFault) {
        deals[dealer] = try session.check(deal, from: dealer)
    }

    func verdict(on complaint: Complaint, by accuser: MemberIndex) -> ComplaintVerdict? {
        deals[complaint.dealer].flatMap { session.verdict(on: complaint, by: accuser, about: $0) }
    }

    func outcome() throws(KeyGenerationError) -> CeremonyOutcome {
        let transcript = try session.transcript(of: session.terms.dealers.compactMap { deals[$0] })
        return CeremonyOutcome(
            transcript: transcript.digest,
            groupKey: transcript.key.publicKey.compressed,
            key: transcript.key
        )
    }
}
