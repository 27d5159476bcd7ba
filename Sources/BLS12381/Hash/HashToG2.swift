internal import Cryptography

/// `hash_to_curve` of the suite BLS12381G2_XMD:SHA-256_SSWU_RO_ (RFC 9380, section 8.8.2).
///
/// For public messages: the time depends on them.
enum HashToG2 {
    /// A point of G2 of which nobody knows the multiple of any other.
    ///
    /// `tag` is the domain separation tag, at most 255 bytes.
    static func hash(_ message: [UInt8], tag: [UInt8]) -> Point<G2Curve> {
        let (first, second) = fieldElements(message, tag: tag)
        return G2Curve.clearCofactor(SimplifiedSWU.map(first) + SimplifiedSWU.map(second))
    }

    /// `hash_to_field` (section 5.2) with count = 2, m = 2 and L = 64.
    static func fieldElements(_ message: [UInt8], tag: [UInt8]) -> (Fp2, Fp2) {
        var uniform = [UInt8](repeating: 0, count: 256)
        unsafe message.withUnsafeBytes { message in
            unsafe uniform.withUnsafeMutableBytes {
                unsafe MessageExpansion.expand(message, tag: tag, into: $0)
            }
        }
        let parts = (0..<4).map { index in
            let part = uniform[(64 * index)..<(64 * index + 64)]
            return Fp(reducing: .decode(part.suffix(48)), high: .decode(part.prefix(16)))
        }
        return (Fp2(parts[0], parts[1]), Fp2(parts[2], parts[3]))
    }
}
