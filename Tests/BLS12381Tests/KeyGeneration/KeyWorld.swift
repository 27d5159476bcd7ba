import Primitives
import Testing

@testable import BLS12381
@testable import Cryptography

/// A session among holders with all its secrets, as a test holds it in one hand.
struct KeyWorld {
    let session: G1SharingSession
    let keys: [G1EncryptionKey]
    let deals: [G1Deal]

    /// The first `dealers` of the holders deal a fresh key, by default all.
    init(_ threshold: Int, _ holders: [UInt64], dealers: Int? = nil, seed: UInt8 = 1) throws {
        var random = RepeatableRandom(seed: UInt64(seed))
        let keys = holders.map { _ in G1EncryptionKey(random: &random) }
        let terms = try Self.terms(
            threshold,
            holders,
            keys,
            dealers: Array(holders.prefix(dealers ?? 128)),
            seed
        )
        let session = try G1SharingSession(terms)
        self.keys = keys
        self.session = session
        deals = try session.terms.dealers.map { try session.deal(as: $0, random: &random) }
    }

    /// The first `dealers` holders of another world deal their shares on.
    init(from old: KeyWorld, dealers: Int, _ threshold: Int, to holders: [UInt64], seed: UInt8 = 2) throws {
        var random = RepeatableRandom(seed: UInt64(seed))
        let keys = holders.map { _ in G1EncryptionKey(random: &random) }
        let shares = try old.shares().prefix(dealers)
        var terms = try Self.terms(threshold, holders, keys, dealers: shares.map(\.index.rawValue), seed)
        terms.previous = try old.sharing(of: shares.map(\.index))
        let session = try G1SharingSession(terms)
        self.keys = keys
        self.session = session
        deals = try shares.map {
            try session.deal(as: $0.index, passingOn: $0.secretKey.scalar, random: &random)
        }
    }

    static func terms(
        _ threshold: Int,
        _ holders: [UInt64],
        _ keys: [G1EncryptionKey],
        dealers: [UInt64],
        _ seed: UInt8
    ) throws -> G1SharingTerms {
        G1SharingTerms(
            id: try #require(KeyGenerationID([UInt8](repeating: seed, count: 32))),
            threshold: threshold,
            dealers: try dealers.map { try #require(ShareIndex($0)) },
            recipients: try zip(holders, keys).map {
                G1Recipient(index: try #require(ShareIndex($0)), encryptionKey: $1.publicKey)
            }
        )
    }

    func checked() throws -> [CheckedG1Deal] {
        try zip(session.terms.dealers, deals).map { try session.check($1, from: $0) }
    }

    func transcript() throws -> G1SharingTranscript { try session.transcript(of: checked()) }

    func shares() throws -> [KeyShare] {
        let deals = try checked()
        let transcript = try session.transcript(of: deals)
        return try zip(session.members, keys).map {
            try session.share(from: deals, transcript: transcript, with: $1, as: $0)
        }
    }

    /// What those who deal this key on have to agree on.
    func sharing(of dealers: [ShareIndex]) throws -> G1PreviousSharing {
        let key = try transcript().key
        return G1PreviousSharing(
            key: key.publicKey.bytes,
            publicShares: try dealers.map { try #require(key.publicShare(at: $0)).bytes }
        )
    }

    func fault(_ deal: G1Deal, from dealer: Int) -> G1DealFault? {
        do throws(G1DealFault) {
            _ = try session.check(deal, from: session.terms.dealers[dealer])
            return nil
        } catch { return error }
    }
}

/// The signature of a message that shares interpolate to.
func signature(_ message: [UInt8], by shares: some Sequence<KeyShare>) throws -> Signature {
    let parts = shares.map { (index: $0.index, element: $0.secretKey.sign(message).element) }
    return Signature(try #require(G2.interpolate(parts)))
}
