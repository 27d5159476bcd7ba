package import Cryptography
package import Primitives

/// Checks elections against a group key as the registry contract does: FROST over EIP-712 statements.
package struct ElectionVerifier: GroupVerifier {
    private let key: GroupPublicKey
    private let domain: StatementDomain

    /// The verifier of the elections that a key signs for a registry.
    package init(key: GroupPublicKey, domain: StatementDomain) {
        self.key = key
        self.domain = domain
    }

    /// ``GroupVerifier/isValid(_:epoch:view:leader:)``.
    package func isValid(
        _ signature: GroupSignature,
        epoch: Epoch,
        view: View,
        leader: Address
    ) -> Bool {
        let statement = ElectionStatement(epoch: epoch, view: view, leader: leader)
        return key.isValid(signature, of: domain.digest(of: statement))
    }
}
