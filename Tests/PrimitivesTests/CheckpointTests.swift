import Primitives
import Testing

@Suite struct CheckpointTests {
    private let deployment = Deployment(chainId: 31_337, genesis: Digest(), registry: Address())
    private var domains: SigningDomains { SigningDomains(deployment) }
    private let committee: Committee

    init() throws {
        let members = (1...4).map { number in
            Member(
                account: Address([UInt8](repeating: UInt8(number), count: 20))!,
                identity: Identity([UInt8](repeating: UInt8(number), count: 32))!,
                encryptionKey: CompressedPoint(),
                endpoint: ByteList()
            )
        }
        committee = try Committee(Roster(epoch: Epoch(3), members: SSZList(members)!))
    }

    /// Signs with a hash that everyone can compute.
    private struct Signer: Authenticator {
        let identity: Identity

        func sign(_ root: SigningRoot) -> IdentitySignature { Self.signature(root, identity) }

        func isValid(_ signature: IdentitySignature, of root: SigningRoot, by identity: Identity) -> Bool {
            signature == Self.signature(root, identity)
        }

        private static func signature(_ root: SigningRoot, _ identity: Identity) -> IdentitySignature {
            let digest = SHA256.hash(root.digest, Digest(identity.storage)).array
            return IdentitySignature(digest + digest)!
        }
    }

    private func signed(_ change: (inout Checkpoint) -> Void = { _ in }) -> SignedCheckpoint {
        var checkpoint = Checkpoint(
            epoch: Epoch(3),
            author: MemberIndex(2),
            size: 5,
            root: SHA256.hash([1]),
            head: SHA256.hash([2])
        )
        change(&checkpoint)
        let signer = Signer(identity: committee[MemberIndex(2)]!.identity)
        return SignedCheckpoint(signing: checkpoint, in: domains, with: signer)
    }

    private func isAuthentic(_ signed: SignedCheckpoint, _ domains: SigningDomains? = nil) -> Bool {
        signed.isAuthentic(
            in: committee,
            domains: domains ?? self.domains,
            with: Signer(identity: Identity())
        )
    }

    @Test func `stands when its author has signed it for this deployment`() throws {
        let signed = signed()
        #expect(isAuthentic(signed))
        #expect(try SignedCheckpoint(ssz: signed.sszBytes) == signed)
        var elsewhere = deployment
        elsewhere.chainId = 1
        #expect(!isAuthentic(signed, SigningDomains(elsewhere)))
    }

    @Test func `does not stand when anything in it is another`() {
        #expect(!isAuthentic(signed { $0.author = MemberIndex(3) }))
        #expect(!isAuthentic(signed { $0.author = MemberIndex(9) }))
        #expect(!isAuthentic(signed { $0.epoch = Epoch(4) }))
        let whole = signed()
        for place in 0..<whole.sszBytes.count {
            var bytes = whole.sszBytes
            bytes[place] ^= 1
            let changed = try? SignedCheckpoint(ssz: bytes)
            #expect(changed.map { isAuthentic($0) } != true, "byte \(place)")
        }
    }

    @Test func `has a signing domain of its own`() {
        for kind in ObjectKind.allCases { #expect(domains[kind] != domains.checkpoint) }
        #expect(domains.checkpoint[0] == 64)
        let checkpoint = signed().checkpoint
        let root = SigningRoot(of: checkpoint, in: domains)
        #expect(root.digest == SHA256.hash(checkpoint.hashTreeRoot(), domains.checkpoint))
        #expect(domains.checkpoint.array.dropFirst(4) == domains[.wish].array.dropFirst(4))
    }
}
