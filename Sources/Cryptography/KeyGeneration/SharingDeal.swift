package import Primitives

/// What a dealer broadcasts: commitments to its polynomial, and a share for every recipient, encrypted to it.
package struct SharingDeal<Group: SharingGroup>: SSZContainer {
    /// The session it is for.
    package var session: KeyGenerationID
    /// The coefficients A_0 to A_{t-1} times the generator, constant term first.
    package var commitments: SSZList<Group.ElementBytes, 128>
    /// E: the dealer's public key for this deal's encryption.
    package var ephemeralKey: Group.ElementBytes
    /// Shows that the dealer knows the constant term, so that it cannot cancel those of others.
    package var constantProof: Group.PossessionProof
    /// Shows that the dealer knows the secret of E.
    ///
    /// Without it a dealer could copy another's E, and a complaint against the copy would reveal the point that
    /// opens the other's share.
    package var ephemeralProof: Group.PossessionProof
    /// Each recipient's share, in the terms' order, plus a pad that only it and the dealer know, modulo the group order.
    package var encryptedShares: SSZList<Group.ScalarBytes, 128>

    /// Joins the parts; nothing is checked.
    package init(
        session: KeyGenerationID,
        commitments: SSZList<Group.ElementBytes, 128>,
        ephemeralKey: Group.ElementBytes,
        constantProof: Group.PossessionProof,
        ephemeralProof: Group.PossessionProof,
        encryptedShares: SSZList<Group.ScalarBytes, 128>
    ) {
        self.session = session
        self.commitments = commitments
        self.ephemeralKey = ephemeralKey
        self.constantProof = constantProof
        self.ephemeralProof = ephemeralProof
        self.encryptedShares = encryptedShares
    }

    /// SHA-256 of the encoding.
    package var digest: Digest { SHA256.hash(sszBytes) }

    package static var sszTypeName: String { "\(Group.containerPrefix)Deal" }

    package static var fields: [SSZField] {
        [
            SSZField("session", KeyGenerationID.self),
            SSZField("commitments", SSZList<Group.ElementBytes, 128>.self),
            SSZField("ephemeral_key", Group.ElementBytes.self),
            SSZField("constant_proof", Group.PossessionProof.self),
            SSZField("ephemeral_proof", Group.PossessionProof.self),
            SSZField("encrypted_shares", SSZList<Group.ScalarBytes, 128>.self),
        ]
    }

    package func visit(_ visitor: inout SSZFieldVisitor) {
        visitor.field(session)
        visitor.field(commitments)
        visitor.field(ephemeralKey)
        visitor.field(constantProof)
        visitor.field(ephemeralProof)
        visitor.field(encryptedShares)
    }

    package init(fields reader: inout SSZFieldReader) throws(SSZError) {
        session = try reader.field()
        commitments = try reader.field()
        ephemeralKey = try reader.field()
        constantProof = try reader.field()
        ephemeralProof = try reader.field()
        encryptedShares = try reader.field()
    }
}
