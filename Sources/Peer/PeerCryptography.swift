package import Consensus
package import Cryptography
package import Primitives

/// The public-key cryptography that a member's machines need, made for one committee or key.
///
/// The product's implementation is ``CurveCryptography``; simulations may count instead of computing.
package protocol PeerCryptography: Sendable {
    /// The arithmetic of the committee's ceremonies.
    func ceremony(of committee: Committee) -> any CeremonyVerifier

    /// What checks a group key's signatures; `nil` when the key's bytes are no usable key.
    func verifier(of key: CompressedPoint) -> (any PeerKeyVerifier)?
}

/// Checks the signatures of one group key.
package protocol PeerKeyVerifier: GroupVerifier {
    /// Whether the signature stands under the key's own statement.
    func isValid(_ signature: GroupSignature, of statement: GroupKeyStatement) -> Bool

    /// Whether the signature stands under what the members' logs come to.
    func isValid(_ anchor: ProofAnchor) -> Bool

    /// Whether the signature stands under a statement of any contract.
    func isValid(_ signature: GroupSignature, of statement: StatementDigest) -> Bool
}

/// FROST(secp256k1, SHA-256) over EIP-712 digests.
package struct CurveCryptography: PeerCryptography {
    private let deployment: Deployment

    /// For the signatures of one deployment.
    package init(deployment: Deployment) {
        self.deployment = deployment
    }

    package func ceremony(of committee: Committee) -> any CeremonyVerifier {
        CurveCeremonyVerifier(committee: committee, deployment: deployment)
    }

    package func verifier(of key: CompressedPoint) -> (any PeerKeyVerifier)? {
        guard let key = try? GroupPublicKey(key) else { return nil }
        return CurveKeyVerifier(key: key, domain: StatementDomain(deployment))
    }
}

/// A group key and the domain of its statements.
package struct CurveKeyVerifier: PeerKeyVerifier {
    private let key: GroupPublicKey
    private let domain: StatementDomain

    /// For signatures of this key in this domain.
    package init(key: GroupPublicKey, domain: StatementDomain) {
        self.key = key
        self.domain = domain
    }

    package func isValid(_ signature: GroupSignature, epoch: Epoch, view: View, leader: Address) -> Bool {
        let statement = ElectionStatement(epoch: epoch, view: view, leader: leader)
        return key.isValid(signature, of: domain.digest(of: statement))
    }

    package func isValid(_ signature: GroupSignature, of statement: GroupKeyStatement) -> Bool {
        key.isValid(signature, of: domain.digest(of: statement))
    }

    package func isValid(_ anchor: ProofAnchor) -> Bool {
        anchor.isValid(by: key, in: domain)
    }

    package func isValid(_ signature: GroupSignature, of statement: StatementDigest) -> Bool {
        key.isValid(signature, of: statement)
    }
}
