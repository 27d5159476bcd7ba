package import Cryptography
package import Primitives

/// A deal with its dealer's name.
package struct DealtDeal: Hashable, Sendable {
    /// Who dealt.
    package let dealer: MemberIndex
    /// The deal, as its log entry holds it.
    package let deal: Deal
}

/// An order to open this member's share of an attempt: decrypt, check, and keep it under the transcript.
///
/// The same order comes again after every restart. The shell may answer from what it has stored.
package struct ShareOpening: Hashable, Sendable {
    /// The attempt.
    package let plan: AttemptPlan
    /// Its session.
    package let session: KeyGenerationID
    /// The deals of all dealers in the plan's order, each publicly valid.
    package let deals: [DealtDeal]
    /// T, under which the share is kept.
    package let transcript: Digest
}

/// An order to approve a group key with the member's account, for an attempt that its share is good for.
package struct ApprovalOrder: Hashable, Sendable {
    /// The attempt's session.
    package let session: KeyGenerationID
    /// The key that is approved.
    package let statement: GroupKeyStatement
}

/// A group key with all that is public about it.
package struct GroupKeyRecord: Sendable {
    /// The key, its size, threshold and transcript.
    package let statement: GroupKeyStatement
    /// What shares and signatures are checked with.
    package let key: any SigningKey
    /// Whether this member holds a sound share of it and can sign.
    package let hasShare: Bool
}

/// What a member has done against the rules of the ceremony, short of a proof.
package enum CeremonyOffence: Hashable, Sendable {
    /// A log entry whose body is no statement of its topic.
    case malformed
    /// A proposal by a member that does not lead the view it names, or with a plan that nobody can follow.
    case badProposal
    /// A confirmation whose approval is not its account's.
    case badApproval
}
