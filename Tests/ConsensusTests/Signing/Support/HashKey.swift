import Consensus
import Cryptography
import Primitives

/// Hashes in the place of keys, commitments and shares.
enum HashWorld {
    static func digest(_ what: String, _ numbers: UInt64..., bytes: [UInt8] = []) -> Digest {
        SHA256.hash(Array(what.utf8) + numbers.flatMap(\.sszBytes) + bytes)
    }

    static func scalar(_ digest: Digest) -> Scalar {
        Scalar(reducing: digest)
    }

    /// A commitment that no other call with another number gives.
    static func commitment(_ member: MemberIndex, _ number: Int) -> NonceCommitment {
        let digest = digest("commitment", UInt64(member.rawValue), UInt64(number))
        let point = CompressedPoint([2] + digest.array)!
        return NonceCommitment(hiding: point, binding: point)
    }
}

/// A group key whose valid shares are hashes of signer, list and statement.
struct HashKey: SigningKey {
    static let transcript = HashWorld.digest("transcript")

    let size: Int
    let commitments: [CompressedPoint] = []

    func isUsable(_ commitment: NonceCommitment) -> Bool {
        commitment.hiding[0] == 2 && commitment.binding[0] == 2
    }

    func round(of signers: [SignerCommitment], over statement: StatementDigest) -> (any RoundOfShares)? {
        signers.allSatisfy { isUsable($0.nonces) } ? HashRound(signers: signers, statement: statement) : nil
    }
}

struct HashRound: RoundOfShares {
    let signers: [SignerCommitment]
    let statement: StatementDigest

    func share(of member: MemberIndex) -> Scalar {
        let list = signers.flatMap(\.sszBytes) + statement.digest.array
        return HashWorld.scalar(HashWorld.digest("share", UInt64(member.rawValue), bytes: list))
    }

    func isValid(_ share: Scalar, of member: MemberIndex) -> Bool {
        share == self.share(of: member)
    }

    func signature(from shares: [MemberIndex: Scalar]) -> GroupSignature? {
        for entry in signers {
            guard let share = shares[entry.signer], isValid(share, of: entry.signer) else { return nil }
        }
        return HashRound.signature(of: statement)
    }

    static func signature(of statement: StatementDigest) -> GroupSignature {
        let digest = HashWorld.digest("signature", bytes: statement.digest.array).array
        return GroupSignature([2] + digest + digest)!
    }
}
