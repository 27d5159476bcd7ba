internal import Primitives

/// The pad that hides one share on its way from a dealer to a recipient.
///
/// `pad = hash_to_field(sid || j || i || E_j || X_i || S_ji)` (RFC 9380, L = 48, SHA-256) under the group's tag: indices
/// big-endian, points compressed, S_ji = e_j X_i = x_i E_j. Adding a scalar modulo the order has one canonical result;
/// that the right share comes out is checked against the commitments.
struct SharePad<Group: SharingGroup> {
    /// What dealer and recipient know besides the shared point.
    private let prefix: [UInt8]

    init(
        session: KeyGenerationID,
        dealer: Group.Index,
        recipient: Group.Index,
        ephemeral: Group.Element,
        key: Group.Element
    ) {
        var bytes = session.array + Group.bytes(of: dealer) + Group.bytes(of: recipient)
        Group.bytes(of: ephemeral).encode(to: &bytes)
        Group.bytes(of: key).encode(to: &bytes)
        prefix = bytes
    }

    /// The pad for a shared point in compressed form that dealer and recipient alone know.
    func pad(_ shared: SecretBytes) -> Group.Secret {
        let input = unsafe SecretBytes(count: prefix.count + shared.count) { input in
            unsafe input.copyBytes(from: prefix)
            let rest = unsafe UnsafeMutableRawBufferPointer(rebasing: input[prefix.count...])
            unsafe shared.withUnsafeBytes { unsafe rest.copyMemory(from: $0) }
        }
        return Group.hash(input, tag: Group.tags.pad)
    }

    /// The pad for a shared point that a complaint has made public.
    func pad(_ shared: Group.ElementBytes) -> Group.Scalar {
        var message = prefix
        shared.encode(to: &message)
        return Group.hash(message, tag: Group.tags.pad)
    }
}
