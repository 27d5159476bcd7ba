import Consensus
import Cryptography
import Primitives
import Testing

@Suite struct RealSigningTests {
    private func world(_ size: Int, _ setting: SigningWorld.Setting, seed: UInt64) -> (SigningWorld, RealKey)
    {
        let cast = Cast.real(size)
        let real = RealKey(cast, seed: seed)
        let world = SigningWorld(cast, setting, seed: seed, key: real.key, transcript: real.transcript) {
            RealVault(
                share: real.shares[$0]!,
                key: real.key,
                random: RepeatableRandom(seed &* 999 &+ $1 &* 100 &+ UInt64($0.rawValue))
            )
        }
        return (world, real)
    }

    @Test(arguments: [4, 7, 31])
    func `the certificate verifies under the group key, as the contract verifies it`(size: Int) throws {
        var (world, real) = world(size, SigningWorld.Setting(), seed: 2)
        world.run()
        let certificate = try #require(world.certificates.first)
        #expect(real.key.publicKey.isValid(certificate.signature, of: certificate.endorsement.statement))
        #expect(
            real.key.publicKey.isAcceptedOnChain(certificate.signature, of: certificate.endorsement.statement)
        )
        #expect(world.audit.breaches.isEmpty)
    }

    @Test(arguments: [Sabotage.badShare, .adaptiveLie, .withhold, .greedyLeader, .restless])
    func `real saboteurs are convicted by everyone and stop nothing`(sabotage: Sabotage) throws {
        for seed in UInt64(1)...3 {
            let setting = SigningWorld.Setting(
                sabotage: [MemberIndex(2): sabotage, MemberIndex(5): sabotage],
                isRigged: true
            )
            var (world, real) = world(7, setting, seed: seed)
            world.run()
            let certificate = try #require(world.certificates.first)
            #expect(real.key.publicKey.isValid(certificate.signature, of: certificate.endorsement.statement))
            let breaches = world.audit.breaches
            #expect(breaches.isEmpty)
        }
    }

    @Test func `real crashes cost no nonce twice`() {
        for seed in UInt64(1)...6 {
            var (world, _) = world(4, SigningWorld.Setting(crashOneIn: 8, views: 20), seed: seed)
            world.run()
            let breaches = world.audit.breaches
            #expect(world.certificates.count >= 1, "seed \(seed)")
            #expect(breaches.isEmpty, "seed \(seed)")
        }
    }
}
