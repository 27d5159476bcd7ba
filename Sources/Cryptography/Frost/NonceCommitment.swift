package import Primitives

/// What a signer says in advance about a pair of nonces that it will use for one signature share.
package struct NonceCommitment: SSZContainer {
    /// D: the hiding nonce times the generator.
    package var hiding: CompressedPoint
    /// E: the binding nonce times the generator.
    package var binding: CompressedPoint

    /// Joins the two; whether they are points is checked by ``SigningRound``.
    package init(hiding: CompressedPoint, binding: CompressedPoint) {
        self.hiding = hiding
        self.binding = binding
    }

    package static let fields = [
        SSZField("hiding", CompressedPoint.self),
        SSZField("binding", CompressedPoint.self),
    ]

    package func visit(_ visitor: inout SSZFieldVisitor) {
        visitor.field(hiding)
        visitor.field(binding)
    }

    package init(fields reader: inout SSZFieldReader) throws(SSZError) {
        hiding = try reader.field()
        binding = try reader.field()
    }
}

/// One entry of the list that a coordinator sends to its signers: 68 bytes.
package struct SignerCommitment: SSZContainer {
    /// The signer, by its position in the committee.
    package var signer: MemberIndex
    /// The nonces it will use.
    package var nonces: NonceCommitment

    /// Joins the two.
    package init(signer: MemberIndex, nonces: NonceCommitment) {
        self.signer = signer
        self.nonces = nonces
    }

    package static let fields = [
        SSZField("signer", MemberIndex.self),
        SSZField("nonces", NonceCommitment.self),
    ]

    package func visit(_ visitor: inout SSZFieldVisitor) {
        visitor.field(signer)
        visitor.field(nonces)
    }

    package init(fields reader: inout SSZFieldReader) throws(SSZError) {
        signer = try reader.field()
        nonces = try reader.field()
    }
}
