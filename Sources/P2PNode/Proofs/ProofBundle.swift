package import Consensus
package import Primitives

/// All that shows to anybody, without a node, that a member has said something and that its committee stands behind it:
/// the file of `oracle proof export`.
///
/// ```
/// entry --> its author's log tree --> list of all logs --> group's signature --> ProofAnchored on the chain
///       inclusion              checkpoint             root                  number
/// ```
package struct ProofBundle: Hashable, Sendable {
    /// Where the anchor is said to be on the chain: a help for who looks, and nothing that counts.
    package struct Place: Hashable, Sendable {
        /// The block's number.
        package var block: UInt64
        /// The transaction's hash.
        package var transaction: Digest

        /// A place.
        package init(block: UInt64, transaction: Digest) {
            self.block = block
            self.transaction = transaction
        }
    }

    /// The committee that attests.
    package var committee: CommitteeRecord
    /// Whose log the entry is of, by its position in that committee.
    package var author: MemberIndex
    /// The entry.
    package var entry: SignedObject
    /// That the entry stands in the log.
    package var inclusion: InclusionProof
    /// What all logs came to.
    package var logs: AttestedLogs
    /// The group's signature over the ``ProofAnchor`` of the list.
    package var signature: GroupSignature
    /// Where the anchor is on the chain, if the node that wrote the file knew.
    package var place: Place?

    /// Joins the parts; ``ProofVerdict`` checks them.
    package init(
        committee: CommitteeRecord,
        author: MemberIndex,
        entry: SignedObject,
        inclusion: InclusionProof,
        logs: AttestedLogs,
        signature: GroupSignature,
        place: Place?
    ) {
        self.committee = committee
        self.author = author
        self.entry = entry
        self.inclusion = inclusion
        self.logs = logs
        self.signature = signature
        self.place = place
    }

    /// What the chain has of it.
    package var anchor: ProofAnchor {
        ProofAnchor(epoch: logs.epoch, number: logs.number, root: logs.hashTreeRoot(), signature: signature)
    }
}
