package import BLS12381
package import Primitives

/// What an operator signs at the end of a ceremony (`Proof` of SSV's dkg-spec).
package struct CeremonyProof: SSZContainer {
    /// The key that was made.
    package var validator: G1Bytes
    /// The operator's share, under its RSA key.
    package var encryptedShare: ByteList<512>
    /// The share's public key.
    package var sharePublicKey: G1Bytes
    /// The account that may register the validator.
    package var owner: Address

    /// Joins them; nothing is checked.
    package init(
        validator: G1Bytes,
        encryptedShare: ByteList<512>,
        sharePublicKey: G1Bytes,
        owner: Address
    ) {
        self.validator = validator
        self.encryptedShare = encryptedShare
        self.sharePublicKey = sharePublicKey
        self.owner = owner
    }

    package static let fields = [
        SSZField("validator", G1Bytes.self),
        SSZField("encrypted_share", ByteList<512>.self),
        SSZField("share_pub", G1Bytes.self),
        SSZField("owner", Address.self),
    ]

    package func visit(_ visitor: inout SSZFieldVisitor) {
        visitor.field(validator)
        visitor.field(encryptedShare)
        visitor.field(sharePublicKey)
        visitor.field(owner)
    }

    package init(fields reader: inout SSZFieldReader) throws(SSZError) {
        validator = try reader.field()
        encryptedShare = try reader.field()
        sharePublicKey = try reader.field()
        owner = try reader.field()
    }
}
