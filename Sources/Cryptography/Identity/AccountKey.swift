internal import CSecp256k1
package import Primitives

/// The secp256k1 key of an Ethereum account: it pays for transactions and signs them.
package struct AccountKey: Sendable {
    /// The account.
    package let address: Address
    /// The public key.
    package let publicKey: Point
    private let secret: SecretScalar

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
        guard let publicKey = secret.publicElement.point else {
            preconditionFailure("a nonzero scalar has a public key")
        }
        self.secret = secret
        self.publicKey = publicKey
        address = publicKey.address
    }

    /// Signs with a deterministic nonce (RFC 6979) and the lower of the two values for s.
    package func sign(_ statement: some EthereumDigest) -> AccountSignature {
        let context = unsafe Libraries.shared.secp256k1
        var signature = secp256k1_ecdsa_recoverable_signature()
        let result = unsafe statement.digest.withUnsafeBytes { digest in
            unsafe secret.withBytes { secret in
                unsafe secp256k1_ecdsa_sign_recoverable(context, &signature, digest.bytes, secret, nil, nil)
            }
        }
        precondition(result == 1, "libsecp256k1 signs with every valid key")
        var compact = FixedBytes<ByteTag.Signature, 64>()
        var recovery: Int32 = 0
        let written = unsafe compact.withUnsafeMutableBytes { compact in
            unsafe secp256k1_ecdsa_recoverable_signature_serialize_compact(
                context,
                compact.bytes,
                &recovery,
                &signature
            )
        }
        precondition(written == 1, "libsecp256k1 encodes every signature")
        guard let signature = AccountSignature(compact: compact, recovery: recovery) else {
            // An x coordinate above the group order, which Ethereum has no code for: one nonce in 2^127.
            preconditionFailure("a signature without an Ethereum form")
        }
        return signature
    }
}

/// Shows the account alone.
extension AccountKey: CustomStringConvertible {
    package var description: String { "AccountKey(\(address))" }
}
