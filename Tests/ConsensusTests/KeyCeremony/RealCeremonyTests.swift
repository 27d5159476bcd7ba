import Consensus
import Cryptography
import Primitives
import Testing

@Suite struct RealCeremonyTests {
    /// Has a quorum sign with the shares that the shells keep.
    private func sign(_ world: CeremonyWorld) throws -> Bool {
        let transcript = try #require(world.registered?.transcript)
        let statement = try #require(world.nodes[world.honest[0]]?.adopted?.statement)
        let digest = world.cast.domain.digest(of: statement)
        var holders: [(share: SecretShare, key: GroupKey)] = []
        for member in world.honest {
            let shell = try #require(world.nodes[member]?.shell as? RealCeremonyShell)
            holders.append(try #require(shell.shares[transcript]))
        }
        let signers = holders.suffix(world.cast.committee.quorum)
        var random = RepeatableRandom(8)
        let vault = NonceVault()
        let contexts = signers.map { signer in
            NonceContext(epoch: Epoch(3), view: View(1), coordinator: signer.share.member, statement: digest)
        }
        let list = try zip(signers, contexts).map { signer, context in
            let nonces = try vault.promise(in: context, share: signer.share, key: signer.key, random: &random)
            return SignerCommitment(signer: signer.share.member, nonces: nonces)
        }
        let key = holders[0].key
        var shares: [MemberIndex: Scalar] = [:]
        for (signer, context) in zip(signers, contexts) {
            shares[signer.share.member] = try vault.share(
                for: list,
                in: context,
                share: signer.share,
                key: signer.key
            )
        }
        let round = try SigningRound(commitments: list, key: key, statement: digest)
        return key.publicKey.isValid(try round.aggregate(shares), of: digest)
            && statement.groupKey == key.publicKey.compressed
    }

    @Test(arguments: [4, 7])
    func `the key that comes out signs`(size: Int) throws {
        var world = CeremonyWorld.real(Cast.real(size), CeremonyWorld.Setting(), seed: 1)
        world.run()
        #expect(world.audit.breaches.isEmpty)
        #expect(try sign(world))
    }

    @Test func `the transcript of the key that comes out shows the key`() throws {
        let setting = CeremonyWorld.Setting(mischief: [MemberIndex(3): .badShare])
        var world = CeremonyWorld.real(Cast.real(4), setting, seed: 1)
        world.run()
        let registered = try #require(world.registered?.transcript)
        for member in world.honest {
            let node = try #require(world.nodes[member])
            let transcript = try #require(node.machine.transcript(registered))
            #expect(transcript.digest == registered)
            let key = try #require(transcript.key(for: world.cast.committee))
            #expect(key.publicKey.compressed == node.adopted?.statement.groupKey)
            #expect(node.machine.transcript(Digest()) == nil)
        }
    }

    @Test func `a committee of 31 makes a key that signs, with a bad share, a copied key and absent members`()
        throws
    {
        let mischief: [MemberIndex: Mischief] = [
            MemberIndex(2): .badShare, MemberIndex(5): .copiedKey, MemberIndex(9): .silent,
            MemberIndex(20): .falseComplaint,
        ]
        let setting = CeremonyWorld.Setting(mischief: mischief)
        var world = CeremonyWorld.real(Cast.real(31), setting, seed: 2)
        world.run()
        #expect(world.isDone)
        #expect(world.audit.breaches.isEmpty)
        #expect(try sign(world))
        #expect(world.audit.convicted[MemberIndex(2)] == [.badDealtShare])
        #expect(world.audit.convicted[MemberIndex(5)] == [.badDeal])
        #expect(world.audit.convicted[MemberIndex(20)] == [.falseComplaint])
        #expect(world.audit.convicted[MemberIndex(9)] == nil)
    }

    @Test(arguments: Mischief.allCases)
    func `real mischief is found out and the key signs`(mischief: Mischief) throws {
        let cast = Cast.real(4)
        let setting = CeremonyWorld.Setting(mischief: [MemberIndex(3): mischief])
        var world = CeremonyWorld.real(cast, setting, seed: 6)
        world.run()
        let breaches = world.audit.breaches
        #expect(world.isDone == true)
        #expect(breaches.isEmpty)
        #expect(try sign(world))
        #expect((world.audit.convicted[MemberIndex(3)] != nil) == mischief.isProvable)
    }

    @Test func `crashes leave every member with its share`() throws {
        for seed in UInt64(1)...4 {
            let setting = CeremonyWorld.Setting(mischief: [MemberIndex(6): .badShare], crashOneIn: 9)
            var world = CeremonyWorld.real(Cast.real(7), setting, seed: seed)
            world.run()
            let breaches = world.audit.breaches
            #expect(breaches.isEmpty, "seed \(seed)")
            #expect(try sign(world), "seed \(seed)")
        }
    }
}
