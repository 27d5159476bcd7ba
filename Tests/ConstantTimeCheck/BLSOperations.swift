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

/// Takes a secret for a public number, as the check has to notice.
func leakBLS(random: inout HidingRandom) {
    let secret = SecretFr(random: &random)
    let bytes = unsafe secret.bytes.withUnsafeBytes { unsafe FrBytes($0) }
    _ = bytes.flatMap { Fr($0) }.map { G1.sum([(G1.generator, $0)]) }
}
