internal import Primitives

/// The payload of handshake messages 2 and 3: `version u8 | identity 32 | signature 64 | zeros`, 160 bytes.
///
/// The length is fixed and leaves room, so that what later versions add changes no length on the wire.
struct IdentityPayload: Hashable, Sendable {
    static let size = 160
    static let version: UInt8 = 1
    private static let used = 1 + 32 + 64

    let identity: Identity
    /// The identity's signature over the ``LinkProof`` of this handshake.
    let signature: IdentitySignature

    init(identity: Identity, signature: IdentitySignature) {
        self.identity = identity
        self.signature = signature
    }

    /// Reads a payload; `nil` for another length or version, or padding that is not zero.
    init?(_ bytes: [UInt8]) {
        guard bytes.count == Self.size, bytes[0] == Self.version,
            bytes[Self.used...].allSatisfy({ $0 == 0 }),
            let identity = Identity(bytes[1..<33]), let signature = IdentitySignature(bytes[33..<97])
        else {
            return nil
        }
        self.identity = identity
        self.signature = signature
    }

    var bytes: [UInt8] {
        let content = [Self.version] + identity.array + signature.array
        return content + repeatElement(0, count: Self.size - content.count)
    }
}
