import Cryptography
import Primitives

/// What one signer and the coordinator do for one group signature, at two sizes of committee.
///
/// The work does not depend on whether the shares belong together, so none are generated.
@Sendable
func signing() throws -> [Figure] {
    try [(3, 4), (67, 100)].flatMap { threshold, size in try signing(threshold, of: size) }
}

private func signing(_ threshold: Int, of size: Int) throws -> [Figure] {
    var random = SystemRandom()
    let coefficients = try (0..<threshold).map { _ in
        guard let point = SecretScalar(random: &random).publicElement.point else { throw NoLink() }
        return point
    }
    let key = try GroupKey(coefficients: coefficients, size: size)
    let shares = (1...threshold).map {
        SecretShare(member: MemberIndex($0), secret: SecretScalar(random: &random))
    }
    let commitments = shares.dropFirst().map {
        SignerCommitment(signer: $0.member, nonces: SigningNonces(share: $0, random: &random).commitment)
    }
    let statement = StatementDigest(domainSeparator: Digest(), structHash: Digest())
    let signer = try medianTime {
        let nonces = SigningNonces(share: shares[0], random: &random)
        let own = SignerCommitment(signer: shares[0].member, nonces: nonces.commitment)
        let round = try SigningRound(commitments: [own] + commitments, key: key, statement: statement)
        _ = try round.share(of: shares[0], using: nonces)
    }
    let nonces = SigningNonces(share: shares[0], random: &random)
    let own = SignerCommitment(signer: shares[0].member, nonces: nonces.commitment)
    let round = try SigningRound(commitments: [own] + commitments, key: key, statement: statement)
    let share = try round.share(of: shares[0], using: nonces)
    let check = medianTime { _ = round.isValid(share, of: shares[0].member) }
    return [
        Figure(name: "FROST (\(threshold), \(size)): a signer's whole work", value: signer.shown),
        Figure(name: "FROST (\(threshold), \(size)): checking one share", value: check.shown),
    ]
}
