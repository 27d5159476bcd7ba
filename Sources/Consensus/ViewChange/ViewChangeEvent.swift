package import Primitives

extension ViewChangeMachine {
    /// What can happen to a node's view.
    package enum Event: Sendable {
        /// The node runs. The first event, once.
        case started

        /// A heartbeat newer than its author's last arrived, by any path.
        case heard(HeartbeatFact)
        /// The node sent a heartbeat of its own with this order.
        case beat(Order)
        /// A wish or lost-link report newer than its author's last arrived; its signature is valid.
        case received(SignedObject)

        /// The handshake with a member is done; its hello named the view it is in.
        case linkUp(MemberIndex, view: View)
        /// The link to a member ended, by its doing (closed, reset) or not (our close, timeout, local failure).
        case linkClosed(MemberIndex, byPeer: Bool)
        /// A dial to a member was refused: its machine answers, but nothing listens.
        case redialRefused(MemberIndex)
        /// A later dial to a member was neither refused nor successful, so it is not known to be down any more.
        case linkRefusedEnded(MemberIndex)
        /// A round trip over the link to a member took so long.
        case roundTripMeasured(MemberIndex, Duration)

        /// A member handed over a view certificate.
        case viewCertificateReceived(ViewCertificate, from: MemberIndex)
        /// A member handed over an election certificate; `nil` if the node found it on chain or made it itself.
        case electionCertificateReceived(ElectionCertificate, from: MemberIndex?)
        /// A member asked for certificates.
        case certificatesRequested(CertificateRequest, by: MemberIndex)

        /// A quorum confirms this group key: others may see it registered, now or for a while.
        case groupKeyCertified(any GroupVerifier)
        /// The epoch's group key is registered and confirmed; from now elections are certified.
        ///
        /// Comes again only when another key has taken its place.
        case groupKeyActivated(any GroupVerifier)
        /// Something is to be done that only the leader can do, whoever leads; or there is nothing any more.
        case dutyOwed(Bool)
        /// A valid proof of this member's misbehaviour is held.
        case misbehaviourProven(MemberIndex)
        /// The operator wants this node not to lead, from now or no more.
        case drainRequested(Bool)

        /// All records up to this ticket are durable.
        case persisted(UInt64)
        /// A record could not be made durable. The machine falls silent for good.
        case storeFailed
    }
}
