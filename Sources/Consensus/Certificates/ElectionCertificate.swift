package import Primitives

/// Proof to the world that a committee stands behind the leader of a view.
///
/// One Schnorr signature of the committee's group key over the EIP-712 statement
/// `Election(uint64 epoch,uint64 viewNumber,address leader)`. It needs nothing but the group key to verify, so
/// peers, the registry contract and a reader without a network all accept the same 65 bytes.
package struct ElectionCertificate: SSZContainer {
    /// The epoch whose group key signed.
    package var epoch: Epoch
    /// The view.
    package var view: View
    /// Who leads it; always ``Committee/leader(of:)`` of the view.
    package var leader: MemberIndex
    /// The signature.
    package var signature: GroupSignature

    /// Joins the parts; ``verify(in:with:)`` checks them.
    package init(epoch: Epoch, view: View, leader: MemberIndex, signature: GroupSignature) {
        self.epoch = epoch
        self.view = view
        self.leader = leader
        self.signature = signature
    }

    package static let fields = [
        SSZField("epoch", Epoch.self),
        SSZField("view", View.self),
        SSZField("leader", MemberIndex.self),
        SSZField("signature", GroupSignature.self),
    ]

    package func visit(_ visitor: inout SSZFieldVisitor) {
        visitor.field(epoch)
        visitor.field(view)
        visitor.field(leader)
        visitor.field(signature)
    }

    package init(fields reader: inout SSZFieldReader) throws(SSZError) {
        epoch = try reader.field()
        view = try reader.field()
        leader = try reader.field()
        signature = try reader.field()
    }
}

extension ElectionCertificate {
    /// Checks everything; the signature, which is dear, last.
    ///
    /// - Throws: ``ElectionCertificateError``. Nothing but the sender can be at fault: a wrong certificate bears
    ///   no signature that counts.
    package func verify(
        in committee: Committee,
        with verifier: some GroupVerifier
    ) throws(ElectionCertificateError) {
        guard epoch == committee.epoch else { throw .epoch(is: epoch, shouldBe: committee.epoch) }
        let due = committee.leader(of: view)
        guard leader == due, let member = committee[due] else { throw .leader(is: leader, shouldBe: due) }
        guard verifier.isValid(signature, epoch: epoch, view: view, leader: member.account) else {
            throw .signature(view)
        }
    }
}

/// Why an election certificate does not count.
package enum ElectionCertificateError: Error, Hashable, Sendable, CustomStringConvertible {
    /// It is of another epoch than the committee's.
    case epoch(is: Epoch, shouldBe: Epoch)
    /// It names another leader than the view has.
    case leader(is: MemberIndex, shouldBe: MemberIndex)
    /// The group key did not sign this election.
    case signature(View)

    package var description: String {
        switch self {
        case .epoch(let epoch, let expected):
            "the certificate is of epoch \(epoch), the committee of epoch \(expected)"
        case .leader(let leader, let expected):
            "the certificate names member \(leader), but member \(expected) leads the view"
        case .signature(let view):
            "the group key's signature does not stand under the election of view \(view)"
        }
    }
}
