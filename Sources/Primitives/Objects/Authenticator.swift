/// The 32 bytes that a member's identity key signs.
///
/// It can be made only from a typed object and a domain; there is no way to have arbitrary bytes signed.
package struct SigningRoot: Hashable, Sendable {
    /// `sha256(hash_tree_root(object) || domain)`, Ethereum's `compute_signing_root`.
    package let digest: Digest

    /// The root of an object in a deployment.
    package init(of object: Object, in domains: SigningDomains) {
        self.init(digest: SHA256.hash(object.hashTreeRoot(), domains[object.kind]))
    }

    /// For the roots of this target's types only.
    init(digest: Digest) {
        self.digest = digest
    }
}

/// Checks what identities have signed.
package protocol IdentityVerifier: Sendable {
    /// Whether a signature is the identity's over the root.
    func isValid(_ signature: IdentitySignature, of root: SigningRoot, by identity: Identity) -> Bool

    /// Whether an object is the identity's.
    func isValid(_ signed: SignedObject, in domains: SigningDomains, by identity: Identity) -> Bool

    /// Whether the object that a summary stands for is the identity's.
    func isValid(_ signed: SignedSummary, in domains: SigningDomains, by identity: Identity) -> Bool
}

extension IdentityVerifier {
    package func isValid(_ signed: SignedObject, in domains: SigningDomains, by identity: Identity) -> Bool {
        isValid(signed.signature, of: SigningRoot(of: signed.object, in: domains), by: identity)
    }

    package func isValid(_ signed: SignedSummary, in domains: SigningDomains, by identity: Identity) -> Bool {
        isValid(signed.signature, of: SigningRoot(of: signed.summary, in: domains), by: identity)
    }
}

/// Signs with the node's identity and checks the signatures of others.
///
/// The product's implementation is Ed25519; simulations may count instead of computing.
package protocol Authenticator: IdentityVerifier {
    /// Signs as the node's own identity.
    func sign(_ root: SigningRoot) -> IdentitySignature

    /// Signs an object as the node's own identity.
    func sign(_ object: Object, in domains: SigningDomains) -> SignedObject
}

extension Authenticator {
    package func sign(_ object: Object, in domains: SigningDomains) -> SignedObject {
        SignedObject(object: object, signature: sign(SigningRoot(of: object, in: domains)))
    }
}
