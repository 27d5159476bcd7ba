internal import CSodium
internal import Primitives

/// An X25519 key pair (RFC 7748): a process's static key for its links, or the ephemeral one of a handshake.
package struct LinkKeyPair: Sendable {
    /// The key that the peer gets.
    package let publicKey: LinkKey
    private let secret: SecretBytes

    /// A fresh pair.
    package init(random: inout some SecureRandom) {
        self.init(secret: SecretBytes(count: 32, random: &random))
    }

    /// The pair of a secret of 32 bytes, clamped when used; any other length traps.
    package init(secret: SecretBytes) {
        precondition(secret.count == 32, "an X25519 secret has 32 bytes, not \(secret.count)")
        Libraries.prepare()
        var publicKey = LinkKey()
        unsafe publicKey.withUnsafeMutableBytes { publicKey in
            unsafe secret.withUnsafeBytes { secret in
                let result = unsafe crypto_scalarmult_base(publicKey.bytes, secret.bytes)
                precondition(result == 0, "libsodium has a public key for every secret")
            }
        }
        self.publicKey = publicKey
        self.secret = secret
    }

    /// The secret shared with the owner of another key.
    ///
    /// - Throws: ``NoiseError/smallOrderKey`` when the result would be all zero whatever our secret is.
    package func agree(with peer: LinkKey) throws(NoiseError) -> SecretBytes {
        try unsafe SecretBytes(count: 32) { (shared) throws(NoiseError) in
            let result = unsafe secret.withUnsafeBytes { secret in
                unsafe peer.withUnsafeBytes { unsafe crypto_scalarmult(shared.bytes, secret.bytes, $0.bytes) }
            }
            guard result == 0 else { throw .smallOrderKey }
        }
    }
}

/// Shows the public key alone.
extension LinkKeyPair: CustomStringConvertible {
    package var description: String { "LinkKeyPair(\(publicKey))" }
}
