package import Primitives

/// The key to which dealers encrypt a member's shares of one epoch.
///
/// Fresh for each epoch and erased after it: whoever steals it later then opens no recorded deal.
package struct EncryptionKey: Sendable {
    /// The public key in the form of the member's record.
    package let publicKey: CompressedPoint
    /// The secret, to be stored sealed.
    package let secret: SecretScalar

    /// A fresh key.
    package init(random: inout some SecureRandom) {
        self.init(SecretScalar(random: &random))
    }

    /// The key with 32 secret bytes, or `nil` when they are not a number between 0 and the group order.
    package init?(_ bytes: SecretBytes) {
        guard let secret = SecretScalar(bytes) else { return nil }
        self.init(secret)
    }

    private init(_ secret: SecretScalar) {
        guard let point = secret.publicElement.point else {
            preconditionFailure("a nonzero scalar has a public key")
        }
        self.secret = secret
        publicKey = point.compressed
    }

    /// Proves that the owner of `identity` knows this key's secret, for the record it registers.
    ///
    /// BIP-340 over the tagged hash, under `oracle/encryption-key/v1`, of ``EncryptionKeyClaim``'s hash-tree-root.
    package func proof(
        identity: Identity,
        epoch: Epoch,
        deployment: Deployment,
        random: inout some SecureRandom
    ) -> PossessionProof {
        let claim = EncryptionKeyClaim(
            deployment: deployment,
            epoch: epoch,
            identity: identity,
            key: publicKey
        )
        return PossessionProof(of: secret, message: claim.message, random: &random)
    }
}

/// Shows the public key alone.
extension EncryptionKey: CustomStringConvertible {
    package var description: String { "EncryptionKey(\(publicKey))" }
}

/// What a member says about its encryption key when it registers it.
package struct EncryptionKeyClaim: SSZContainer {
    /// Where it registers.
    package var deployment: Deployment
    /// The epoch the key serves.
    package var epoch: Epoch
    /// Whose key it is.
    package var identity: Identity
    /// The public key.
    package var key: CompressedPoint

    /// A claim, not yet proven.
    package init(deployment: Deployment, epoch: Epoch, identity: Identity, key: CompressedPoint) {
        self.deployment = deployment
        self.epoch = epoch
        self.identity = identity
        self.key = key
    }

    /// Whether the key is a point and the proof one of its owner's for this very claim.
    package func isProven(by proof: PossessionProof) -> Bool {
        Point(key).map { proof.isValid(for: $0, message: message) } ?? false
    }

    var message: Digest {
        TaggedHash.hash(hashTreeRoot().array, tag: "oracle/encryption-key/v1")
    }

    package static let fields = [
        SSZField("deployment", Deployment.self),
        SSZField("epoch", Epoch.self),
        SSZField("identity", Identity.self),
        SSZField("key", CompressedPoint.self),
    ]

    package func visit(_ visitor: inout SSZFieldVisitor) {
        visitor.field(deployment)
        visitor.field(epoch)
        visitor.field(identity)
        visitor.field(key)
    }

    package init(fields reader: inout SSZFieldReader) throws(SSZError) {
        deployment = try reader.field()
        epoch = try reader.field()
        identity = try reader.field()
        key = try reader.field()
    }
}
