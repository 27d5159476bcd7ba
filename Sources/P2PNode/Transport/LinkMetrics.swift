internal import Gossip
internal import Metrics

/// The counters of connections: those that became links, and why the others did not.
struct LinkMetrics: Sendable {
    /// Which end of a connection this node is.
    enum End: String {
        /// It has accepted the connection.
        case accepted
        /// It has dialed.
        case dialed
    }

    private let factory = MetricsSystem.factory

    /// Counts what did not reach the peer because a lane of the link was full.
    func count(_ outcome: OutboundQueue.Outcome, on stream: LinkStream) {
        let dropped =
            switch outcome {
            case .queued: 0
            case .displaced(let older): older
            case .refused, .overflowed: 1
            }
        guard dropped > 0 else { return }
        counter("oracle_link_messages_dropped_total", [("stream", "\(stream)")]).increment(by: dropped)
    }

    /// Counts a connection that was closed unheard.
    func count(_ refusal: AdmissionControl.Refusal) {
        counter("oracle_connections_refused_total", [("reason", "\(refusal)")]).increment()
    }

    /// Counts a connection that was closed by the other end before it could be taken.
    func countGone() {
        counter("oracle_connections_refused_total", [("reason", "gone")]).increment()
    }

    /// Counts a connection that has become a link.
    func countLink(_ end: End) {
        counter("oracle_links_total", [("end", end.rawValue)]).increment()
    }

    /// Counts how a connection that has or has not become a link ended, where the peer may be to blame.
    func count(_ end: LinkEnd, _ own: End, wasLink: Bool) {
        switch end {
        case .handshake(let failure): countFailure(failure.name, own)
        case .closedByPeer where !wasLink, .failed where !wasLink:
            // So soon that the handshake had not begun.
            countFailure(HandshakeFailure.closedByPeer.name, own)
        case .offence:
            counter("oracle_offences_total", [("part", "framing")]).increment()
        case .farewell, .closedByPeer, .closedHere, .silent, .overflowed, .failed: break
        }
    }

    private func countFailure(_ reason: String, _ own: End) {
        counter("oracle_handshakes_failed_total", [("end", own.rawValue), ("reason", reason)]).increment()
    }

    private func counter(_ label: String, _ dimensions: [(String, String)]) -> Counter {
        Counter(label: label, dimensions: dimensions, factory: factory)
    }
}

extension HandshakeFailure {
    /// What kind of failure it is, without the particulars that come from outside.
    var name: String {
        switch self {
        case .otherProtocol: "otherProtocol"
        case .otherVersion: "otherVersion"
        case .unknownFlags: "unknownFlags"
        case .otherNetwork: "otherNetwork"
        case .messageLength: "messageLength"
        case .notAuthentic: "notAuthentic"
        case .smallOrderKey: "smallOrderKey"
        case .malformedPayload: "malformedPayload"
        case .badSignature: "badSignature"
        case .unexpectedIdentity: "unexpectedIdentity"
        case .ownIdentity: "ownIdentity"
        case .notAdmitted: "notAdmitted"
        case .timedOut: "timedOut"
        case .closedByPeer: "closedByPeer"
        }
    }
}
