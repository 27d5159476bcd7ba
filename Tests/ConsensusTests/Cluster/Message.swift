import Consensus
import Primitives

/// What simulated members send each other.
enum Message {
    /// The newest heartbeats, wishes and lost-link reports that a member holds.
    case registers(heartbeats: [HeartbeatFact], objects: [SignedObject])
    /// The authors whose registers the sender lacks a path to.
    case wanted([Bool])
    case viewCertificate(ViewCertificate)
    case electionCertificate(ElectionCertificate)
    case request(CertificateRequest)
    /// The sender would sign the election of the view.
    case ready(View)
    case signRequest(View)
    case share(View)
    case hello(View)
}

/// What reaches a simulated process.
enum Input {
    case message(Message, from: MemberIndex)
    case linkUp(MemberIndex)
    case linkClosed(MemberIndex, byPeer: Bool)
    case refused(MemberIndex)
    case persisted(ticket: UInt64)
    case machineDeadline
    case beatDue
}
