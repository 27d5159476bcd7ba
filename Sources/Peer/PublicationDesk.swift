import Consensus
import Cryptography
package import Gossip
package import Primitives

/// Takes what the operator has the member publish, and keeps what has become of each.
///
/// ```
/// requested ──> waiting ──> said, with its place in the log
///     └────────────┴──────> refused, with the reason
/// ```
///
/// What waits and what is remembered is bounded, and the pace is far below what gossip takes of an author, so that an
/// operator's script neither fills the queue that the protocol's own entries need nor spends the quota of the log.
struct PublicationDesk: Sendable {
    /// How many may wait for their place in the log.
    static let waitingLimit = 16
    /// Of how many it is remembered what has become of them.
    static let keptLimit = 64

    private struct Kept: Sendable {
        let ticket: UInt64
        let digest: Digest
        var state: PublicationState
    }

    private var kept: [Kept] = []
    private var pace = TokenBucket(interval: .seconds(32), burst: 32)
    private var lastTime = UnixMilliseconds(rawValue: 0)

    /// The body of the entry to append; `nil` when the request is refused.
    ///
    /// No two bodies of a run are the same, because their times are not.
    mutating func take(
        _ request: PublicationRequest,
        wallTime: UnixMilliseconds,
        at now: Instant
    ) -> [UInt8]? {
        guard kept.count(where: { $0.state == .waiting }) < Self.waitingLimit else {
            keep(request.ticket, Digest(), .refused(.tooMany))
            return nil
        }
        guard pace.take(at: now) else {
            keep(request.ticket, Digest(), .refused(.tooFast))
            return nil
        }
        lastTime = max(wallTime, UnixMilliseconds(rawValue: lastTime.rawValue &+ 1))
        let body = Publication(time: lastTime, title: request.title, content: request.content).sszBytes
        keep(request.ticket, SHA256.hash(body), .waiting)
        return body
    }

    /// An entry of the own log is durable.
    mutating func said(_ body: [UInt8], _ sequence: UInt64, _ digest: Digest) {
        settle(body, .said(sequence: sequence, digest: digest))
    }

    /// An entry could not be appended.
    mutating func refused(_ body: [UInt8], _ refusal: EntryRefusal) {
        settle(body, .refused(.entry(refusal)))
    }

    /// What has become of a request; `nil` when it is not remembered.
    func state(of ticket: UInt64) -> PublicationState? { kept.last { $0.ticket == ticket }?.state }

    private mutating func settle(_ body: [UInt8], _ state: PublicationState) {
        guard kept.contains(where: { $0.state == .waiting }) else { return }
        let digest = SHA256.hash(body)
        guard let place = kept.firstIndex(where: { $0.digest == digest && $0.state == .waiting }) else {
            return
        }
        kept[place].state = state
    }

    private mutating func keep(_ ticket: UInt64, _ digest: Digest, _ state: PublicationState) {
        kept.append(Kept(ticket: ticket, digest: digest, state: state))
        guard kept.count > Self.keptLimit else { return }
        if let oldest = kept.firstIndex(where: { $0.state != .waiting }) { kept.remove(at: oldest) }
    }
}

/// What the operator wants said.
package struct PublicationRequest: Hashable, Sendable {
    /// By which the owner asks what has become of it; used once.
    package var ticket: UInt64
    /// One line for people.
    package var title: ByteList<128>
    /// What is to be said.
    package var content: ByteList<16_384>

    /// Joins the parts.
    package init(ticket: UInt64, title: ByteList<128>, content: ByteList<16_384>) {
        self.ticket = ticket
        self.title = title
        self.content = content
    }
}

/// What has become of a request to publish.
package enum PublicationState: Hashable, Sendable {
    /// It is on its way into the log.
    case waiting
    /// It has this place in the member's log, and is durable here.
    case said(sequence: UInt64, digest: Digest)
    /// Nothing was said.
    case refused(PublicationRefusal)
}

/// Why nothing was said.
package enum PublicationRefusal: Hashable, Sendable {
    /// More wait already than may.
    case tooMany
    /// More were said lately than may.
    case tooFast
    /// The log does not take it.
    case entry(EntryRefusal)
}
