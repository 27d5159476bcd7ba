package import Cryptography
package import Primitives

/// The key to which dealers encrypt a holder's shares of validators' keys.
///
/// Fresh for each attempt and erased after it: whoever steals it later then opens no recorded deal.
package struct G1EncryptionKey: Sendable {
    /// The public key.
    package let publicKey: G1Bytes
    /// The secret, to be stored sealed.
    package let secret: SecretFr

    /// A fresh key.
    package init(random: inout some SecureRandom) {
        self.init(SecretKey(random: &random))
    }

    /// The key with 32 secret bytes, or `nil` when they are not a number between 0 and the group order.
    package init?(_ bytes: SecretBytes) {
        guard let key = SecretFr(bytes).flatMap({ SecretKey($0) }) else { return nil }
        self.init(key)
    }

    private init(_ key: SecretKey) {
        secret = key.scalar
        publicKey = key.publicKey.bytes
    }

    /// Proves that whoever announces this key knows its secret; for one message, which says who and where.
    package func proof(for message: Digest, random: inout some SecureRandom) -> G1PossessionProof {
        G1PossessionProof(of: secret, message: Self.bound(message, publicKey), random: &random)
    }

    /// Whether a key is an element other than the identity and a proof its owner's for this message.
    package static func isProven(_ key: G1Bytes, by proof: G1PossessionProof, for message: Digest) -> Bool {
        guard let element = G1Sharing.element(key) else { return false }
        return proof.isValid(for: element, message: bound(message, key))
    }

    /// Under a tag of its own, so that no proof in a deal serves here, whatever the message.
    private static func bound(_ message: Digest, _ key: G1Bytes) -> Digest {
        TaggedHash.hash(message.array + key.array, tag: "oracle/encryption-key/bls12381-g1/v1")
    }
}

/// Shows the public key alone.
extension G1EncryptionKey: CustomStringConvertible {
    package var description: String { "G1EncryptionKey(\(publicKey))" }
}
