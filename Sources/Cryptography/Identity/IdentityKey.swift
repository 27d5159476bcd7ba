internal import CSodium
package import Primitives

/// A member's Ed25519 secret key (RFC 8032).
///
/// It signs typed statements only; there is no way to have bytes signed that somebody else chose.
package struct IdentityKey: Sendable {
    /// The public key.
    package let identity: Identity
    /// Seed and public key, as libsodium keeps them.
    private let secret: SecretBytes

    /// A fresh key.
    package init(random: inout some SecureRandom) {
        let seed = SecretBytes(count: 32, random: &random)
        self.init(seed: seed)
    }

    /// The key that a seed of 32 bytes stands for; any other length traps.
    package init(seed: SecretBytes) {
        precondition(seed.count == 32, "an Ed25519 seed has 32 bytes, not \(seed.count)")
        Libraries.prepare()
        var identity = Identity()
        secret = unsafe SecretBytes(count: 64) { secret in
            unsafe seed.withUnsafeBytes { seed in
                unsafe identity.withUnsafeMutableBytes { identity in
                    let result = unsafe crypto_sign_seed_keypair(identity.bytes, secret.bytes, seed.bytes)
                    precondition(result == 0, "libsodium derives an Ed25519 key from every seed")
                }
            }
        }
        self.identity = identity
    }

    /// Signs an object's root.
    package func sign(_ root: SigningRoot) -> IdentitySignature {
        unsafe root.digest.withUnsafeBytes { unsafe sign($0) }
    }

    /// Signs the proof that this identity stands behind a link.
    package func sign(_ proof: LinkProof) -> IdentitySignature {
        unsafe proof.message.withUnsafeBytes { unsafe sign($0) }
    }

    private func sign(_ message: UnsafeRawBufferPointer) -> IdentitySignature {
        var signature = IdentitySignature()
        unsafe signature.withUnsafeMutableBytes { signature in
            unsafe secret.withUnsafeBytes { secret in
                let result = unsafe crypto_sign_detached(
                    signature.bytes,
                    nil,
                    message.bytes,
                    UInt64(message.count),
                    secret.bytes
                )
                precondition(result == 0, "libsodium signs every message")
            }
        }
        return signature
    }
}

/// Shows the public key alone.
extension IdentityKey: CustomStringConvertible {
    package var description: String { "IdentityKey(\(identity))" }
}
