package import Primitives

/// Why a member wants to leave a view.
///
/// A soft reason ends with the next sign of life of the leader, so wishes given for it must be of one hour to
/// count together (``WishBinding``). A hard reason does not end that way and needs no such binding.
package enum WishReason: UInt8, CaseIterable, Sendable {
    /// No wish: the member withdraws an earlier one.
    case none = 0
    /// Nothing was heard of the leader for longer than the silence limit (soft).
    case silence = 1
    /// The leader closed the link and refuses a new one (soft).
    case linkLost = 2
    /// The leader leaves undone beyond its deadline what only it can do (hard).
    case duty = 16
    /// The leader brought no election certificate in the view's time (hard).
    case noCertificate = 17
    /// The leader has declared for a silence limit that it sees no quorum (hard).
    case noQuorum = 18
    /// The leader announced that it steps down (hard).
    case draining = 19
    /// There is proof that the leader misbehaved (hard).
    case evidence = 20
    /// f + 1 members want to leave, and this one does not hear the leader either (soft).
    case joined = 32
    /// f + 1 members want to leave for hard reasons (hard).
    case joinedHard = 33

    /// Whether the reason outlasts a sign of life of the leader.
    package var isHard: Bool {
        switch self {
        case .none, .silence, .linkLost, .joined: false
        case .duty, .noCertificate, .noQuorum, .draining, .evidence, .joinedHard: true
        }
    }
}

/// One byte; an unknown one is refused.
extension WishReason: SSZValue {
    package static var sszFixedSize: Int? { 1 }
    package static var sszIsBasic: Bool { true }
    package static var sszTypeName: String { "uint8" }

    package func encode(to bytes: inout [UInt8]) {
        bytes.append(rawValue)
    }

    package init(ssz bytes: RawSpan) throws(SSZError) {
        guard let reason = WishReason(rawValue: try UInt8(ssz: bytes)) else {
            throw .value(of: "WishReason")
        }
        self = reason
    }

    package func hashTreeRoot() -> Digest {
        rawValue.hashTreeRoot()
    }
}
