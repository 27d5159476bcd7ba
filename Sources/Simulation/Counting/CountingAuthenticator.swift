import Primitives
import Synchronization

/// Signs by laying an identity beside what it signs: nobody in the simulation forges what it did not sign.
///
/// A signature of an object has eight bytes that depend on all of it, for who has the object, and eight that depend
/// on its summary, for who has that alone; the rest is the identity. So whoever checks an object need not compute
/// its root, which each receiver of the product has to do.
struct CountingAuthenticator: Authenticator {
    private let identity: Identity
    private let roots = PayloadRoots()

    init(identity: Identity) {
        self.identity = identity
    }

    func sign(_ root: SigningRoot) -> IdentitySignature {
        var signature = IdentitySignature()
        for index in 0..<32 {
            signature[index] = root.digest[index]
            signature[32 + index] = identity[index]
        }
        return signature
    }

    func isValid(_ signature: IdentitySignature, of root: SigningRoot, by identity: Identity) -> Bool {
        signature == CountingAuthenticator(identity: identity).sign(root)
    }

    // MARK: Objects

    func sign(_ object: Object, in domains: SigningDomains) -> SignedObject {
        let summary = Self.hash(object, roots.root(of: object.payload))
        let whole = Self.hash(object, summary)
        return SignedObject(object: object, signature: Self.signature(whole, summary, identity))
    }

    func isValid(_ signed: SignedObject, in domains: SigningDomains, by identity: Identity) -> Bool {
        let summary = Self.word(of: signed.signature, at: 8)
        return signed.signature == Self.signature(Self.hash(signed.object, summary), summary, identity)
    }

    func isValid(_ signed: SignedSummary, in domains: SigningDomains, by identity: Identity) -> Bool {
        let summary = signed.summary
        let hash = Self.hash(
            summary.epoch,
            summary.author,
            summary.kind,
            summary.order,
            payloadRoot: summary.payloadRoot
        )
        let whole = Self.word(of: signed.signature, at: 0)
        return signed.signature == Self.signature(whole, hash, identity)
    }

    private static func signature(_ whole: UInt64, _ summary: UInt64, _ identity: Identity)
        -> IdentitySignature
    {
        var signature = IdentitySignature()
        unsafe signature.withUnsafeMutableBytes { bytes in
            unsafe bytes.storeBytes(of: whole.littleEndian, as: UInt64.self)
            unsafe bytes.storeBytes(of: summary.littleEndian, toByteOffset: 8, as: UInt64.self)
            unsafe identity.withUnsafeBytes { identity in
                unsafe UnsafeMutableRawBufferPointer(rebasing: bytes[32...]).copyMemory(from: identity)
            }
        }
        return signature
    }

    private static func word(of signature: IdentitySignature, at offset: Int) -> UInt64 {
        unsafe signature.withUnsafeBytes { bytes in
            unsafe bytes.loadUnaligned(fromByteOffset: offset, as: UInt64.self).littleEndian
        }
    }

    // MARK: Hashes

    private static func hash(_ object: Object, _ payloadRoot: Digest) -> UInt64 {
        hash(object.epoch, object.author, object.kind, object.order, payloadRoot: payloadRoot)
    }

    private static func hash(
        _ epoch: Epoch,
        _ author: MemberIndex,
        _ kind: ObjectKind,
        _ order: Order,
        payloadRoot: Digest
    ) -> UInt64 {
        var hash = QuickHash()
        hash.mix(epoch, author, kind, order)
        unsafe payloadRoot.withUnsafeBytes { unsafe hash.mix($0) }
        return hash.value
    }

    private static func hash(_ object: Object, _ summary: UInt64) -> UInt64 {
        var hash = QuickHash()
        hash.mix(object.epoch, object.author, object.kind, object.order)
        unsafe object.payload.bytes.withUnsafeBytes { unsafe hash.mix($0) }
        hash.mix(summary)
        return hash.value
    }
}

extension QuickHash {
    fileprivate mutating func mix(
        _ epoch: Epoch,
        _ author: MemberIndex,
        _ kind: ObjectKind,
        _ order: Order
    ) {
        mix(epoch.rawValue)
        mix(UInt64(author.rawValue) << 8 | UInt64(kind.rawValue))
        mix(order.incarnation)
        mix(order.sequence)
    }
}

/// The root of the payload signed last: who floods says the same again and again.
private final class PayloadRoots: Sendable {
    private let last = Mutex<(payload: ByteList<32_768>, root: Digest)?>(nil)

    func root(of payload: ByteList<32_768>) -> Digest {
        last.withLock { last in
            if let last, last.payload == payload { return last.root }
            let root = payload.hashTreeRoot()
            last = (payload, root)
            return root
        }
    }
}
