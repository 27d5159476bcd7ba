package import Cryptography
package import Primitives

/// That a committee stands behind what its members' logs come to: the group's signature over a
/// ``ProofAnchorStatement``.
///
/// Whoever coordinated the signature puts it into its log, so that any member can bring it to the contract. It needs
/// nothing but the group key to verify.
package struct ProofAnchor: SSZContainer {
    /// The epoch whose group key signed.
    package var epoch: Epoch
    /// The place among all anchors, from 1 without gaps, over all epochs.
    package var number: UInt64
    /// What the logs come to.
    package var root: Digest
    /// The signature.
    package var signature: GroupSignature

    /// Joins the parts; ``isValid(by:in:)`` checks the signature.
    package init(epoch: Epoch, number: UInt64, root: Digest, signature: GroupSignature) {
        self.epoch = epoch
        self.number = number
        self.root = root
        self.signature = signature
    }

    /// What the group has signed.
    package var statement: ProofAnchorStatement {
        ProofAnchorStatement(epoch: epoch, number: number, root: root)
    }

    /// What the contract calls it once it has it.
    package var place: LatestProof { LatestProof(number: number, root: root) }

    /// Whether a group key, which must be that of ``epoch``, has signed this for a registry.
    package func isValid(by key: GroupPublicKey, in domain: StatementDomain) -> Bool {
        // No statement of number 0 can be anchored, so a signature under one proves nothing that counts.
        number > 0 && key.isValid(signature, of: domain.digest(of: statement))
    }

    package static let fields = [
        SSZField("epoch", Epoch.self),
        SSZField("number", UInt64.self),
        SSZField("root", Digest.self),
        SSZField("signature", GroupSignature.self),
    ]

    package func visit(_ visitor: inout SSZFieldVisitor) {
        visitor.field(epoch)
        visitor.field(number)
        visitor.field(root)
        visitor.field(signature)
    }

    package init(fields reader: inout SSZFieldReader) throws(SSZError) {
        epoch = try reader.field()
        number = try reader.field()
        root = try reader.field()
        signature = try reader.field()
    }
}
