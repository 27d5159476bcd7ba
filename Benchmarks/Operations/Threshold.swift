import Benchmark
import Cryptography
import Primitives
import Support

/// Gives the same again, since nonces cannot be kept once they are spent.
///
/// For keys that are worth nothing.
private struct Repeated: SecureRandom {
    private var random: SplitMix64

    init(seed: MemberIndex) {
        random = SplitMix64(seed: UInt64(seed.rawValue))
    }

    mutating func fill(_ buffer: UnsafeMutableRawBufferPointer) {
        for index in buffer.indices { unsafe buffer[index] = UInt8(truncatingIfNeeded: random.next()) }
    }
}

/// One group signature, ready to be made.
private struct Signature: Sendable {
    let shares: [SecretShare]
    let others: [SignerCommitment]
    let key: GroupKey
    let round: SigningRound
    let answers: [MemberIndex: Scalar]
    let statement = StatementDigest(domainSeparator: Digest(), structHash: Digest())

    init(_ threshold: Int, of size: Int) throws {
        (key, shares) = try Ceremony.key(threshold: threshold, of: size)
        let commitments = shares.map { share in
            var repeated = Repeated(seed: share.member)
            let nonces = SigningNonces(share: share, random: &repeated)
            return SignerCommitment(signer: share.member, nonces: nonces.commitment)
        }
        others = Array(commitments.dropFirst())
        round = try SigningRound(commitments: commitments, key: key, statement: statement)
        var answers: [MemberIndex: Scalar] = [:]
        for share in shares {
            var repeated = Repeated(seed: share.member)
            let nonces = SigningNonces(share: share, random: &repeated)
            answers[share.member] = try round.share(of: share, using: nonces)
        }
        self.answers = answers
    }

    /// What a signer does: nonces, the group's commitment, its share.
    func sign() throws {
        var random = SystemRandom()
        let nonces = SigningNonces(share: shares[0], random: &random)
        let own = SignerCommitment(signer: shares[0].member, nonces: nonces.commitment)
        let round = try SigningRound(commitments: [own] + others, key: key, statement: statement)
        blackHole(try round.share(of: shares[0], using: nonces))
    }
}

/// The work on a group signature of so many members among so many.
func threshold(_ threshold: Int, of size: Int) {
    let name = "FROST (\(threshold), \(size)): "
    measure(name + "a signer's whole work", on: { try Signature(threshold, of: size) }) { try $0.sign() }
    measure(name + "check one share", on: { try Signature(threshold, of: size) }) { signature in
        let member = signature.shares[0].member
        guard let share = signature.answers[member], signature.round.isValid(share, of: member) else {
            throw Wrong()
        }
    }
    measure(name + "aggregate and verify", on: { try Signature(threshold, of: size) }) {
        blackHole(try $0.round.aggregate($0.answers))
    }
}
