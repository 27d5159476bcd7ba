internal import Primitives

/// The pad that hides one share on its way from a dealer to a recipient.
///
/// `pad = hash_to_field(sid || uint16(j) || uint16(i) || E_j || X_i || S_ji)` (RFC 9380, L = 48, SHA-256) under the
/// tag `oracle/share-pad/v1`: integers big-endian, points compressed, S_ji = e_j X_i = x_i E_j. Adding a scalar
/// modulo Q has one canonical result; that the right share comes out is checked against the commitments.
struct SharePad {
    private static let tag = Array("oracle/share-pad/v1".utf8)

    /// What dealer and recipient know besides the shared point.
    private let prefix: [UInt8]

    init(session: KeyGenerationID, dealer: MemberIndex, recipient: MemberIndex, ephemeral: Point, key: Point)
    {
        var bytes = session.array
        dealer.rawValue.encodeBigEndian(to: &bytes)
        recipient.rawValue.encodeBigEndian(to: &bytes)
        bytes += ephemeral.compressed.array
        bytes += key.compressed.array
        prefix = bytes
    }

    /// The pad for a shared point in compressed form that dealer and recipient alone know.
    func pad(_ shared: SecretBytes) -> SecretScalar {
        let input = unsafe SecretBytes(count: prefix.count + shared.count) { input in
            unsafe input.copyBytes(from: prefix)
            let rest = unsafe UnsafeMutableRawBufferPointer(rebasing: input[prefix.count...])
            unsafe shared.withUnsafeBytes { unsafe rest.copyMemory(from: $0) }
        }
        return SecretScalar(hashing: input, tag: Self.tag)
    }

    /// The pad for a shared point that a complaint has made public.
    func pad(_ shared: CompressedPoint) -> Scalar {
        Scalar(hashing: prefix + shared.array, tag: Self.tag)
    }
}
