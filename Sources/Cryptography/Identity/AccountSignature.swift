package import Primitives

/// An ECDSA signature over secp256k1 from which the signer's account can be recovered.
///
/// Both numbers are between 0 and the group order, and s is in the lower half (EIP-2), so that nobody can turn a
/// signature into a second valid one.
package struct AccountSignature: Hashable, Sendable {
    /// The x coordinate of the nonce's point.
    package let r: Scalar
    /// The proof.
    package let s: Scalar
    /// Whether the nonce's point has an odd y; Ethereum's `yParity`, and `v - 27`.
    package let isOdd: Bool

    /// Takes the parts, or answers `nil` when a number is zero or s is in the upper half.
    package init?(r: Scalar, s: Scalar, isOdd: Bool) {
        guard !r.isZero, !s.isZero, s.bytes <= (-s).bytes else { return nil }
        self.r = r
        self.s = s
        self.isOdd = isOdd
    }

    init?(compact: FixedBytes<ByteTag.Signature, 64>, recovery: Int32) {
        let bytes = compact.array
        guard
            recovery == 0 || recovery == 1,
            let r = ScalarBytes(bytes.prefix(32)).flatMap({ Scalar($0) }),
            let s = ScalarBytes(bytes.suffix(32)).flatMap({ Scalar($0) })
        else { return nil }
        self.init(r: r, s: s, isOdd: recovery == 1)
    }

    /// Reads the 64 bytes of EIP-2098: r, then s with the parity in its topmost bit.
    package init?(eip2098 bytes: FixedBytes<ByteTag.Signature, 64>) {
        var compact = bytes
        compact[32] &= 0x7F
        self.init(compact: compact, recovery: Int32(bytes[32] >> 7))
    }

    /// The 64 bytes of EIP-2098.
    package var eip2098: FixedBytes<ByteTag.Signature, 64> {
        var bytes = FixedBytes<ByteTag.Signature, 64>()
        for index in 0..<32 {
            bytes[index] = r.bytes[index]
            bytes[index + 32] = s.bytes[index]
        }
        if isOdd { bytes[32] |= 0x80 }
        return bytes
    }

    /// The public key whose signature over `statement` this is, or `nil` when there is none.
    package func signer(of statement: some EthereumDigest) -> Point? {
        KeyRecovery.key(message: Scalar(reducing: statement.digest), r: r, s: s, isOdd: isOdd)
    }

    /// Whether `account` has signed `statement`.
    package func isValid(of statement: some EthereumDigest, by account: Address) -> Bool {
        signer(of: statement)?.address == account
    }
}
