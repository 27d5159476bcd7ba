package import Primitives

/// What a side of a handshake signs to prove that its identity stands behind its static key.
///
/// Signing the handshake hash besides the key means that a stolen static key alone impersonates nobody.
package struct LinkProof: Hashable, Sendable {
    /// The two sides of a handshake.
    package enum Role: UInt8, Sendable {
        /// The side that opened the connection.
        case initiator = 1
        /// The side that accepted it.
        case responder = 2
    }

    /// The side that signs.
    package let role: Role
    /// SHA-256 of the handshake's prologue.
    package let prologueHash: Digest
    /// The X25519 key that the side uses in this process.
    package let staticKey: LinkKey
    /// Noise's `h` just before the payload with this proof is encrypted.
    package let handshakeHash: Digest

    /// A statement of `role`; `prologueHash` is the SHA-256 of the prologue both sides began with.
    package init(role: Role, prologueHash: Digest, staticKey: LinkKey, handshakeHash: Digest) {
        self.role = role
        self.prologueHash = prologueHash
        self.staticKey = staticKey
        self.handshakeHash = handshakeHash
    }

    /// `"oracle-noise-id/v1" || role || prologueHash || staticKey || handshakeHash`: 115 bytes.
    var message: [UInt8] {
        var bytes = Array("oracle-noise-id/v1".utf8)
        bytes.append(role.rawValue)
        bytes += prologueHash.array
        bytes += staticKey.array
        bytes += handshakeHash.array
        return bytes
    }
}

/// Tells X25519 keys from other strings of 32 bytes.
package enum LinkKeyTag {}

/// An X25519 public key, made anew by each process for its links.
package typealias LinkKey = FixedBytes<LinkKeyTag, 32>
