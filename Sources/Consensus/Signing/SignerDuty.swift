import Cryptography
import Primitives

/// What a signer has done, and has yet to do, for one statement in one view.
///
/// At any time at most one nonce commitment is on offer, and at most one request is in hand.
struct SignerDuty: Sendable {
    /// A request that has passed all checks, on its way through lock and vault.
    struct Work: Sendable {
        enum Stage: Hashable, Sendable {
            /// The vote is being made durable.
            case locking(ticket: UInt64)
            /// The vault computes the share.
            case signing
            /// The share is there; the commitment for the next session is not.
            case committing(Scalar)
        }

        let request: SignRequest
        let root: Digest
        /// The coordinator's boot in which it asked.
        let incarnation: UInt64
        var stage: Stage
    }

    let endorsement: Endorsement
    /// `false` after a retraction; what is known is kept, because spent pairs stay spent.
    var stands = true
    /// Whether the vault has been asked for a pair and has not answered.
    var awaitsNonces = false
    /// The commitment that the coordinator has been offered and has not used.
    var offered: NonceCommitment?
    var work: Work?
    /// The answers given, each with the commitment that it spent and the coordinator's boot in which it asked.
    var answers: [(spent: NonceCommitment, incarnation: UInt64, share: SignShare)] = []

    init(_ endorsement: Endorsement) {
        self.endorsement = endorsement
    }

    /// The answer given to this very request.
    func answer(to root: Digest) -> SignShare? {
        answers.first { $0.share.request == root }?.share
    }

    /// The coordinator's boot whose request a commitment was used for, or is being used for.
    func incarnation(spending spent: NonceCommitment, of signer: MemberIndex) -> UInt64? {
        if let work, work.request.commitment(of: signer) == spent { return work.incarnation }
        return answers.first { $0.spent == spent }?.incarnation
    }
}
