import Primitives
import Synchronization

@testable import Gossip

/// A committee of made-up members and what its tests need again and again.
struct TestCommittee: Sendable {
    let committee: Committee
    let domains = SigningDomains(Deployment(chainId: 31_337, genesis: Digest(), registry: Address()))

    init(size: Int, epoch: UInt64 = 1, firstIdentity: Int = 1) {
        let members = (0..<size).map { offset in
            Member(
                account: Address([UInt8](repeating: UInt8(firstIdentity + offset), count: 20))!,
                identity: Self.identity(firstIdentity + offset),
                encryptionKey: CompressedPoint([UInt8](repeating: 2, count: 33))!,
                endpoint: ByteList(Array("127.0.0.1:\(7_000 + offset)".utf8))!
            )
        }
        committee = try! Committee(Roster(epoch: Epoch(epoch), members: SSZList(members)!))
    }

    static func identity(_ number: Int) -> Identity {
        Identity([UInt8](repeating: UInt8(number), count: 32))!
    }

    func identity(of member: MemberIndex) -> Identity { committee[member]!.identity }

    /// Signs an object of this committee as one of its members.
    func signed(
        _ kind: ObjectKind,
        by author: MemberIndex,
        order: Order,
        payload: [UInt8],
        epoch: Epoch? = nil
    ) -> SignedObject {
        let object = Object(
            epoch: epoch ?? committee.epoch,
            author: author,
            kind: kind,
            order: order,
            payload: ByteList(payload)!
        )
        let signer = TestSignatures(identity: identity(of: author))
        return SignedObject(object: object, signature: signer.sign(SigningRoot(of: object, in: domains)))
    }

    func heartbeat(
        by author: MemberIndex,
        order: Order,
        wish: Order = .zero,
        view: UInt64 = 0,
        frontiers: Digest = Frontiers(SSZList()).hashTreeRoot()
    ) -> SignedObject {
        let heartbeat = Heartbeat(
            view: View(view),
            wallTime: UnixMilliseconds(rawValue: 0),
            leaderSeen: .zero,
            wish: wish,
            chainHead: 0,
            anchoredView: View(0),
            frontierDigest: frontiers,
            flags: [],
            software: SoftwareVersion(1, 0, 0)
        )
        return signed(.heartbeat, by: author, order: order, payload: heartbeat.sszBytes)
    }

    /// The next entry of a log, after those given.
    func entry(
        after log: [SignedObject],
        by author: MemberIndex,
        body: [UInt8],
        epoch: Epoch? = nil
    ) -> SignedObject {
        let entry = LogEntry(
            previous: log.last?.hashTreeRoot() ?? Digest(),
            topic: LogTopic.deal.rawValue,
            body: ByteList(body)!
        )
        let order = Order(incarnation: 0, sequence: UInt64(log.count) + 1)
        return signed(.logEntry, by: author, order: order, payload: entry.sszBytes, epoch: epoch)
    }

    /// A log of so many entries.
    func log(by author: MemberIndex, count: Int, salt: UInt8 = 0, bytes: Int = 8) -> [SignedObject] {
        var log: [SignedObject] = []
        for number in 0..<count {
            let body = [salt, UInt8(truncatingIfNeeded: number)] + [UInt8](repeating: 0, count: bytes)
            log.append(entry(after: log, by: author, body: body))
        }
        return log
    }
}

/// Signatures that anyone could forge and that no test forges: SHA-256 over identity and root, twice.
struct TestSignatures: Authenticator {
    let identity: Identity

    func sign(_ root: SigningRoot) -> IdentitySignature {
        Self.signature(of: root, by: identity)
    }

    func isValid(_ signature: IdentitySignature, of root: SigningRoot, by identity: Identity) -> Bool {
        signature == Self.signature(of: root, by: identity)
    }

    private static func signature(of root: SigningRoot, by identity: Identity) -> IdentitySignature {
        let half = SHA256.hash(Digest(identity.array)!, root.digest).array
        return IdentitySignature(half + half)!
    }
}
