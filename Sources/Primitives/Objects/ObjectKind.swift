/// What a signed object says.
///
/// Each kind has a signing domain and a payload limit of its own.
package enum ObjectKind: UInt8, CaseIterable, Sendable {
    /// A sign of life (register).
    case heartbeat = 1
    /// A vote to move to another view (register).
    case wish = 2
    /// A report that the leader's link was closed and is refused (register).
    case linkLost = 3
    /// An entry of the author's append-only log.
    case logEntry = 4
    /// A signer's nonce commitment for one statement (direct).
    case ready = 5
    /// A coordinator's request for signature shares (direct).
    case signRequest = 6
    /// A signature share with the next nonce commitment (direct).
    case signShare = 7

    /// The most bytes a payload of this kind may have.
    package var payloadLimit: Int {
        switch self {
        case .heartbeat: 256
        case .wish: 64
        case .linkLost: 32
        case .logEntry: 32_768
        case .ready: 256
        case .signRequest: 16_384
        case .signShare: 256
        }
    }
}

/// One byte; an unknown one is refused.
extension ObjectKind: SSZValue {
    package static var sszFixedSize: Int? { 1 }
    package static var sszIsBasic: Bool { true }
    package static var sszTypeName: String { "uint8" }

    package func encode(to bytes: inout [UInt8]) {
        bytes.append(rawValue)
    }

    package init(ssz bytes: RawSpan) throws(SSZError) {
        guard let kind = ObjectKind(rawValue: try UInt8(ssz: bytes)) else {
            throw .value(of: "ObjectKind")
        }
        self = kind
    }

    package func hashTreeRoot() -> Digest {
        rawValue.hashTreeRoot()
    }
}
