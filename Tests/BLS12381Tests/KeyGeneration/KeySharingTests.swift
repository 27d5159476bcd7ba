import Primitives
import Testing

@testable import BLS12381
@testable import Cryptography

/// Fresh keys, and what nobody can spoil unnoticed.
@Suite struct KeySharingTests {
    private static let holders: [UInt64] = [60, 143, 144, 1 << 40]
    private let world: KeyWorld

    init() throws {
        world = try KeyWorld(3, Self.holders)
    }

    @Test(arguments: [(1, 1), (3, 4), (5, 7), (9, 13)])
    func `any holders of the threshold's number sign, and fewer do not`(threshold: Int, size: Int) throws {
        let world = try KeyWorld(threshold, (0..<UInt64(size)).map { 1 + $0 << 30 })
        let key = try world.transcript().key
        #expect(key.threshold == threshold)
        let shares = try world.shares()
        for share in shares { #expect(key.publicShare(at: share.index) == share.secretKey.publicKey) }
        let message: [UInt8] = [1, 2, 3]
        #expect(try signature(message, by: shares.prefix(threshold)).isValid(for: message, by: key.publicKey))
        #expect(try signature(message, by: shares.suffix(threshold)).isValid(for: message, by: key.publicKey))
        if threshold > 1 {
            #expect(
                try !signature(message, by: shares.prefix(threshold - 1)).isValid(
                    for: message,
                    by: key.publicKey
                )
            )
        }
    }

    @Test func `some holders can deal to all`() throws {
        let world = try KeyWorld(3, Self.holders, dealers: 3)
        let shares = try world.shares()
        #expect(
            try signature([7], by: shares.suffix(3)).isValid(for: [7], by: world.transcript().key.publicKey)
        )
        var random = RepeatableRandom()
        let silent = world.session.members[3]
        #expect(throws: G1SharingError.dealer(silent)) {
            try world.session.deal(as: silent, random: &random)
        }
    }

    @Test func `each fault of a deal is found`() throws {
        let good = world.deals[1]
        #expect(world.fault(good, from: 1) == nil)
        #expect(throws: G1DealFault.notADealer(try #require(ShareIndex(61)))) {
            try world.session.check(good, from: try #require(ShareIndex(61)))
        }
        func fault(_ change: (inout G1Deal) throws -> Void) rethrows -> G1DealFault? {
            var deal = good
            try change(&deal)
            return world.fault(deal, from: 1)
        }
        #expect(fault { $0.session[0] ^= 1 } == .foreignSession)
        let shorter = SSZList<G1Bytes, 128>(Array(good.commitments.prefix(2)))
        let longer = SSZList<G1Bytes, 128>(good.commitments.elements + [good.ephemeralKey])
        #expect(try fault { $0.commitments = try #require(shorter) } == .commitmentCount(2, threshold: 3))
        #expect(try fault { $0.commitments = try #require(longer) } == .commitmentCount(4, threshold: 3))
        let fewer = SSZList<FrBytes, 128>(Array(good.encryptedShares.prefix(3)))
        #expect(try fault { $0.encryptedShares = try #require(fewer) } == .shareCount(3, members: 4))
        for bytes in [G1Bytes(), G1.identity.compressed, try Self.outsideSubgroup()] {
            for index in 0..<3 {
                var commitments = good.commitments.elements
                commitments[index] = bytes
                #expect(
                    try fault { $0.commitments = try #require(SSZList(commitments)) }
                        == .invalidCommitment(index)
                )
            }
            #expect(fault { $0.ephemeralKey = bytes } == .invalidEphemeralKey)
        }
        var shares = good.encryptedShares.elements
        shares[2] = try #require(
            FrBytes(hex: "73eda753299d7d483339d80809a1d80553bda402fffe5bfeffffffff00000001")
        )
        #expect(
            try fault { $0.encryptedShares = try #require(SSZList(shares)) }
                == .invalidShare(world.session.members[2])
        )
        for byte in [0, 31, 32, 63] {
            #expect(fault { $0.constantProof[byte] ^= 1 } == .invalidConstantProof)
            #expect(fault { $0.ephemeralProof[byte] ^= 1 } == .invalidEphemeralProof)
        }
        #expect(fault { $0.constantProof = G1PossessionProof() } == .invalidConstantProof)
    }

    /// A point of the curve with cofactor: the least x that has one.
    private static func outsideSubgroup() throws -> G1Bytes {
        for x in UInt8(0)...255 {
            var bytes = G1Bytes()
            bytes[0] = 0x80
            bytes[47] = x
            let squared = Fp(UInt64(x)).squared() * Fp(UInt64(x)) + Fp(4)
            if squared.squareRoot() != nil, G1(bytes) == nil { return bytes }
        }
        throw Missing()
    }

    private struct Missing: Error {}

    @Test func `a proof serves its session, dealer and role alone`() throws {
        #expect(world.fault(world.deals[1], from: 2) == .invalidEphemeralProof)
        var deal = world.deals[1]
        deal.ephemeralKey = deal.commitments[0]
        deal.ephemeralProof = deal.constantProof
        #expect(world.fault(deal, from: 1) == .invalidEphemeralProof)
        let other = try KeyWorld(3, Self.holders, seed: 9)
        deal = world.deals[1]
        deal.session = other.session.id
        #expect(other.fault(deal, from: 1) == .invalidEphemeralProof)
    }

    @Test func `a dealer cannot copy another's ephemeral key`() throws {
        // Otherwise a complaint against the copy would publish the point that opens the honest dealer's share.
        var copy = world.deals[1]
        copy.ephemeralKey = world.deals[0].ephemeralKey
        #expect(world.fault(copy, from: 1) == .invalidEphemeralProof)
        copy.ephemeralProof = world.deals[0].ephemeralProof
        #expect(world.fault(copy, from: 1) == .invalidEphemeralProof)
    }

    @Test func `a dealer cannot cancel the others' constant terms`() throws {
        let others = try [0, 2, 3].reduce(G1.identity) {
            $0 + (try #require(G1(world.deals[$1].commitments[0])))
        }
        var deal = world.deals[1]
        var commitments = deal.commitments.elements
        commitments[0] = (G1.generator - others).compressed
        deal.commitments = try #require(SSZList(commitments))
        #expect(world.fault(deal, from: 1) == .invalidConstantProof)
    }

    @Test func `no deal may be missing, out of place or too many`() throws {
        let deals = try world.checked()
        let session = world.session
        #expect(throws: G1SharingError.missingDeal(session.members[3])) {
            try session.transcript(of: Array(deals.dropLast()))
        }
        #expect(throws: G1SharingError.missingDeal(session.members[1])) {
            try session.transcript(of: [deals[0], deals[2], deals[1], deals[3]])
        }
        #expect(throws: G1SharingError.surplusDeals(5)) { try session.transcript(of: deals + [deals[3]]) }
    }

    @Test func `terms make sense or make no session`() throws {
        let good = world.session.terms
        func fault(_ change: (inout G1SharingTerms) -> Void) -> G1SharingError? {
            var terms = good
            change(&terms)
            do throws(G1SharingError) {
                _ = try G1SharingSession(terms)
                return nil
            } catch { return error }
        }
        let members = world.session.members
        #expect(fault { _ in } == nil)
        #expect(fault { $0.threshold = 0 } == .threshold(0, members: 4))
        #expect(fault { $0.threshold = 5 } == .threshold(5, members: 4))
        #expect(fault { $0.dealers = [members[0], members[1]] } == .tooFewDealers(2, threshold: 3))
        #expect(fault { $0.dealers.swapAt(0, 1) } == .dealer(members[0]))
        #expect(fault { $0.dealers[1] = members[0] } == .dealer(members[0]))
        let stranger = try #require(ShareIndex(61))
        #expect(fault { $0.dealers[1] = stranger } == .dealer(stranger))
        #expect(fault { $0.recipients.swapAt(2, 3) } == .recipient(members[2]))
        #expect(fault { $0.recipients[1] = $0.recipients[0] } == .recipient(members[0]))
        let identity = G1.identity.compressed
        #expect(fault { $0.recipients[1].encryptionKey = identity } == .invalidEncryptionKey(members[1]))
        let many = try (1...129).map {
            G1Recipient(
                index: try #require(ShareIndex(UInt64($0))),
                encryptionKey: good.recipients[0].encryptionKey
            )
        }
        #expect(fault { $0.recipients = many } == .threshold(3, members: 129))
        #expect(fault { $0.dealers = many.map(\.index) } == .tooManyDealers(129))
    }

    @Test func `an index has eight bytes and is not zero`() throws {
        let index = try #require(ShareIndex(1 << 40))
        #expect(index.sszBytes == [0, 0, 0, 0, 0, 1, 0, 0])
        #expect(try ShareIndex(ssz: index.sszBytes) == index)
        #expect(throws: SSZError.value(of: "ShareIndex")) {
            try ShareIndex(ssz: [UInt8](repeating: 0, count: 8))
        }
    }

    @Test func `a shared point has the same form secret and published`() throws {
        var random = RepeatableRandom()
        for _ in 0..<8 {
            let (secret, other) = (SecretFr(random: &random), SecretFr(random: &random).publicElement)
            let bytes = unsafe G1Sharing.shared(secret, other).withUnsafeBytes { unsafe Array($0) }
            #expect(bytes == G1Sharing.published(secret, times: other).compressed.array)
        }
    }
}
