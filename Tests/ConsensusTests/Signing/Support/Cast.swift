import Consensus
import Cryptography
import Primitives

/// A committee whose members' secrets a test holds.
///
/// Hashed casts have digests for keys and signatures: cheap, and still different for each member and message.
struct Cast: Sendable {
    let committee: Committee
    let deployment = Deployment(chainId: 31_337, genesis: Digest(), registry: Address())
    let authenticator: any Authenticator
    /// Real casts only.
    let accounts: [AccountKey]
    /// Real casts only.
    let encryptionKeys: [EncryptionKey]
    private let signer: @Sendable (MemberIndex, SigningRoot) -> IdentitySignature

    var domain: StatementDomain { StatementDomain(deployment) }

    func sign(_ object: Object) -> SignedObject {
        let root = SigningRoot(of: object, in: SigningDomains(deployment))
        return SignedObject(object: object, signature: signer(object.author, root))
    }

    /// A signed object of a member.
    func object(
        by author: MemberIndex,
        _ kind: ObjectKind,
        _ payload: [UInt8],
        order: Order = Order(incarnation: 1, sequence: 1)
    ) -> SignedObject {
        sign(
            Object(
                epoch: committee.epoch,
                author: author,
                kind: kind,
                order: order,
                payload: ByteList(payload)!
            )
        )
    }

    func object(by author: MemberIndex, _ message: DirectMessage) -> SignedObject {
        object(by: author, message.kind, message.payload)
    }

    /// A log entry; its predecessor is of no account here.
    func entry(by author: MemberIndex, _ topic: LogTopic, _ body: [UInt8], at place: UInt64 = 1)
        -> SignedObject
    {
        let entry = LogEntry(previous: Digest(), topic: topic.rawValue, body: ByteList(body)!)
        return object(by: author, .logEntry, entry.sszBytes, order: Order(incarnation: 0, sequence: place))
    }

    func electing(_ leader: MemberIndex, in view: View, key: Digest = HashKey.transcript) -> Endorsement {
        let statement = ElectionStatement(
            epoch: committee.epoch,
            view: view,
            leader: committee[leader]!.account
        )
        return Endorsement(statement, key: key, in: domain)
    }

    /// The true statement about the leader of a view.
    func election(in view: View, key: Digest = HashKey.transcript) -> Endorsement {
        electing(committee.leader(of: view), in: view, key: key)
    }

    static func hashed(_ count: Int) -> Cast {
        let members = (1...count).map { number in
            Member(
                account: Address(HashWorld.digest("account", UInt64(number)).array.prefix(20))!,
                identity: Identity(HashWorld.digest("identity", UInt64(number)).storage),
                encryptionKey: CompressedPoint([UInt8](repeating: UInt8(number), count: 33))!,
                endpoint: ByteList()
            )
        }
        let committee = try! Committee(Roster(epoch: Epoch(3), members: SSZList(members)!))
        return Cast(
            committee: committee,
            authenticator: HashAuthenticator(identity: Identity()),
            accounts: [],
            encryptionKeys: []
        ) { author, root in
            HashAuthenticator(identity: committee[author]!.identity).sign(root)
        }
    }

    static func real(_ count: Int, seed: UInt64 = 1) -> Cast {
        var random = RepeatableRandom(seed)
        let identities = (0..<count).map { _ in IdentityKey(random: &random) }
        let accounts = (0..<count).map { _ in AccountKey(random: &random) }
        let encryptionKeys = (0..<count).map { _ in EncryptionKey(random: &random) }
        let members = (0..<count).map { offset in
            Member(
                account: accounts[offset].address,
                identity: identities[offset].identity,
                encryptionKey: encryptionKeys[offset].publicKey,
                endpoint: ByteList()
            )
        }
        return Cast(
            committee: try! Committee(Roster(epoch: Epoch(3), members: SSZList(members)!)),
            authenticator: Ed25519Authenticator(key: identities[0]),
            accounts: accounts,
            encryptionKeys: encryptionKeys
        ) { author, root in
            identities[author.offset].sign(root)
        }
    }
}

/// Signs with a hash that everyone can compute.
struct HashAuthenticator: Authenticator {
    let identity: Identity

    func sign(_ root: SigningRoot) -> IdentitySignature {
        signature(of: root, by: identity)
    }

    func isValid(_ signature: IdentitySignature, of root: SigningRoot, by identity: Identity) -> Bool {
        signature == self.signature(of: root, by: identity)
    }

    private func signature(of root: SigningRoot, by identity: Identity) -> IdentitySignature {
        let digest = SHA256.hash(identity.array + root.digest.array).array
        return IdentitySignature(digest + digest)!
    }
}
