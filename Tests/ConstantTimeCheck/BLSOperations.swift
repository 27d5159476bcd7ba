import BLS12381
import Cryptography
import Primitives

/// BLS keys and shares: derivation, public keys, signatures, sharing.
func checkBLS(random: inout HidingRandom) throws {
    let message: [UInt8] = [1, 2, 3]
    guard let derived = SecretKey(derivingFrom: SecretBytes(count: 32, random: &random)),
        let imported = SecretFr(derived.scalar.bytes)
    else { throw Unexpected() }
    let key = SecretKey(random: &random)
    let publicKey = published(key.publicKey)
    guard published(key.sign(message)).isValid(for: message, by: publicKey),
        published(key.provePossession(of: publicKey)).isValid(for: publicKey)
    else { throw Unexpected() }
    let polynomial = SharingPolynomial(threshold: 3, constant: imported, random: &random)
    let commitment = SharingCommitment(
        coefficients: polynomial.coefficients.map { published($0.publicElement) }
    )
    let indices = [1, 7, 1 << 63].compactMap { ShareIndex($0) }
    let shares = indices.map { (index: $0, share: polynomial.share(at: $0)) }
    for (index, share) in shares {
        guard published((-share).publicElement) + published(share.publicElement) == .identity,
            published(share.publicElement) == commitment?.publicShare(at: index)
        else { throw Unexpected() }
    }
    _ = SecretFr.interpolate(shares).map { ($0 + key.scalar) * Fr(5) }
}

/// Dealing a validator's key and dealing it on, opening a share, complaining, proving possession.
func checkKeySharing(random: inout HidingRandom) throws {
    let indices = [7, 1 << 40, 1 << 63].compactMap { ShareIndex($0) }
    let keys = indices.map { _ in G1EncryptionKey(random: &random) }
    _ = keys[0].proof(for: Digest(), random: &random)
    var terms = G1SharingTerms(
        id: KeyGenerationID(),
        threshold: 2,
        dealers: indices,
        recipients: zip(indices, keys).map {
            G1Recipient(index: $0, encryptionKey: published($1.publicKey))
        }
    )
    let fresh = try G1SharingSession(terms)
    let deals = try indices.map { try checked(fresh.deal(as: $0, random: &random), from: $0, fresh) }
    let transcript = try fresh.transcript(of: deals)
    let shares = try (0..<2).map {
        try fresh.share(from: deals, transcript: transcript, with: keys[$0], as: indices[$0])
    }
    _ = fresh.complaint(about: deals[1], with: keys[0], as: indices[0], random: &random)
    terms.dealers = Array(indices.prefix(2))
    terms.previous = G1PreviousSharing(
        key: transcript.key.publicKey.bytes,
        publicShares: terms.dealers.compactMap { transcript.key.publicShare(at: $0)?.bytes }
    )
    let next = try G1SharingSession(terms)
    let passedOn = try shares.map { share in
        let secret = share.secretKey.scalar
        let deal = try next.deal(as: share.index, passingOn: secret, random: &random)
        return try checked(deal, from: share.index, next)
    }
    let outcome = try next.transcript(of: passedOn)
    _ = try next.share(from: passedOn, transcript: outcome, with: keys[2], as: indices[2])
}

/// Takes a secret for a public number, as the check has to notice.
func leakBLS(random: inout HidingRandom) {
    let secret = SecretFr(random: &random)
    let bytes = unsafe secret.bytes.withUnsafeBytes { unsafe FrBytes($0) }
    _ = bytes.flatMap { Fr($0) }.map { G1.sum([(G1.generator, $0)]) }
}
