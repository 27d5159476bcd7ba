package import Primitives

/// What the pool knows of one endpoint.
package struct EndpointState: Hashable, Sendable {
    /// Whether it may be asked.
    package enum Standing: Hashable, Sendable {
        /// It has not shown yet, or not since its last failure, that it is on our chain.
        case unverified
        /// It is being asked for its identity.
        case verifying
        /// It may be asked.
        case ready
        /// It is on another chain, or was caught at a lie.
        case foreign(String)
    }

    /// Whether it may be asked.
    package var standing = Standing.unverified
    /// Failures since the last reply.
    package var failures = 0
    /// It is left alone until then.
    package var blockedUntil: Instant?
    /// The newest header it has shown.
    package var head: BlockHeader?
    /// What went wrong last.
    package var lastFault: String?
    /// When it last replied.
    package var lastReply: Instant?

    func isUsable(at now: Instant) -> Bool {
        standing == .ready && !isBlocked(at: now)
    }

    func isBlocked(at now: Instant) -> Bool {
        blockedUntil.map { now < $0 } ?? false
    }
}

/// A change in an endpoint's standing.
package enum EndpointReport: Hashable, Sendable {
    /// It has shown that it is on our chain, and may be asked.
    case ready(Int)
    /// It failed, and is left alone until then.
    case failed(Int, RPCFault, until: Instant)
    /// It is on another chain or lied, and is left alone until then.
    case foreign(Int, String, until: Instant)
}
