package import Consensus

/// What the status server asks of a running node.
package protocol NodeInspector: Sendable {
    /// Where the node stands.
    func status() async -> NodeStatus

    /// Where the node's events come from.
    var events: NodeEventBroadcaster { get }

    /// What others need to check the committee's certificates; `nil` before it has a group key.
    func committee() async -> CommitteeFile?

    /// The same of an epoch; `nil` when the node does not know it.
    func committee(of epoch: UInt64) async throws -> CommitteeFile?

    /// What convicts members: at most one finding for each member and crime.
    func evidence() async -> [EvidenceFinding]

    /// The proof with this id as others can check it; `nil` when the node holds none such.
    func evidence(_ id: String) async -> EvidenceFile?

    /// The newest entries of each log, or of one member's, or only what members publish, and which of them are anchored.
    func proofs(of member: UInt16?, last count: Int, published: Bool) async throws -> [ProofItem]

    /// An entry with all that proves it, or why there is none.
    ///
    /// The member is named by its position in the committee in office, or in that of the epoch if one is given.
    func proof(
        of member: UInt16,
        _ sequence: UInt64,
        in epoch: UInt64?
    ) async throws -> Result<ProofBundle, ProofRefusal>

    /// Has the node publish something in its log, or says why it does not.
    func publish(_ order: PublicationOrder) async throws(PublicationError) -> PublicationReport

    /// What has become of an order; `nil` when the node does not know of it.
    func publication(_ ticket: UInt64) async throws -> PublicationReport?

    /// Asks the node to hand over leadership and to take none, from now or no more.
    func drain(_ isDraining: Bool) async
}
