/// Why a Noise operation ended; the state that threw must not be used again.
package enum NoiseError: Error, Hashable, Sendable, CustomStringConvertible {
    /// A ciphertext was not made by the peer for this place: damaged, forged, replayed or out of order.
    case notAuthentic
    /// The peer's X25519 key has a small order, so that the shared secret would be known to everybody.
    case smallOrderKey
    /// A message of a length that its place in the pattern does not have.
    case messageLength(Int)
    /// The nonces of one key are used up.
    case exhausted

    package var description: String {
        switch self {
        case .notAuthentic: "ciphertext fails authentication"
        case .smallOrderKey: "X25519 key of small order"
        case .messageLength(let length): "handshake message of \(length) bytes"
        case .exhausted: "no nonces left for this key"
        }
    }
}
