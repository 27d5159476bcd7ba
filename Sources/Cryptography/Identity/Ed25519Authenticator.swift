internal import CSodium
package import Primitives

/// Signs with the node's Ed25519 key and checks the signatures of others (RFC 8032, as libsodium restricts it).
package struct Ed25519Authenticator: Authenticator {
    private let key: IdentityKey

    /// Signs as the identity of `key`.
    package init(key: IdentityKey) {
        self.key = key
    }

    /// Signs as the node's own identity.
    package func sign(_ root: SigningRoot) -> IdentitySignature {
        key.sign(root)
    }

    /// Whether a signature is the identity's over the root.
    package func isValid(
        _ signature: IdentitySignature,
        of root: SigningRoot,
        by identity: Identity
    ) -> Bool {
        identity.hasSigned(root, signature)
    }
}

/// Checks Ed25519 signatures as ``Ed25519Authenticator`` does, for who has no key to sign with.
package struct Ed25519Verifier: IdentityVerifier {
    /// Needs nothing.
    package init() {}

    /// Whether a signature is the identity's over the root.
    package func isValid(
        _ signature: IdentitySignature,
        of root: SigningRoot,
        by identity: Identity
    ) -> Bool {
        identity.hasSigned(root, signature)
    }
}

extension Identity {
    /// Whether a signature over an object's root is this identity's.
    ///
    /// A valid signature can be changed into another one by nobody but its maker; still, no signature nor its
    /// hash serves as an identifier.
    package func hasSigned(_ root: SigningRoot, _ signature: IdentitySignature) -> Bool {
        unsafe root.digest.withUnsafeBytes { unsafe hasSigned($0, signature) }
    }

    /// Whether a signature over a link's proof is this identity's.
    package func hasSigned(_ proof: LinkProof, _ signature: IdentitySignature) -> Bool {
        unsafe proof.message.withUnsafeBytes { unsafe hasSigned($0, signature) }
    }

    /// Whether the bytes are a point of the prime-order group in canonical form.
    ///
    /// To be asked at registration: verification alone also accepts keys with a small-order component, for
    /// which implementations of Ed25519 disagree on the validity of signatures.
    package var isValidPoint: Bool {
        Libraries.prepare()
        return unsafe withUnsafeBytes { unsafe crypto_core_ed25519_is_valid_point($0.bytes) == 1 }
    }

    private func hasSigned(_ message: UnsafeRawBufferPointer, _ signature: IdentitySignature) -> Bool {
        Libraries.prepare()
        return unsafe withUnsafeBytes { identity in
            unsafe signature.withUnsafeBytes { signature in
                unsafe crypto_sign_verify_detached(
                    signature.bytes,
                    message.bytes,
                    UInt64(message.count),
                    identity.bytes
                ) == 0
            }
        }
    }
}
