internal import CSecp256k1
internal import Primitives

/// Recovery of an ECDSA public key from a signature (SEC 1, section 4.1.6).
enum KeyRecovery {
    /// r^-1 (s R - m G), where R has the x coordinate r and a y of the given parity.
    ///
    /// `nil` when r or s is zero, r is no x coordinate of a point, or the result is the identity. What Ethereum's
    /// `ecrecover` answers, before it is made an address.
    static func key(message: Scalar, r: Scalar, s: Scalar, isOdd: Bool) -> Point? {
        let context = unsafe Libraries.shared.secp256k1
        let compact = r.bytes.array + s.bytes.array
        var signature = secp256k1_ecdsa_recoverable_signature()
        let parsed = unsafe secp256k1_ecdsa_recoverable_signature_parse_compact(
            context,
            &signature,
            compact,
            isOdd ? 1 : 0
        )
        precondition(parsed == 1, "a scalar is not below the group order")
        var key = secp256k1_pubkey()
        let result = unsafe message.withBytes {
            unsafe secp256k1_ecdsa_recover(context, &key, &signature, $0)
        }
        return result == 1 ? Point(key) : nil
    }
}
