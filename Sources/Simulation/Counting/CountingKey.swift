import Consensus
import Cryptography
import Peer
import Primitives

/// A group key whose valid shares are hashes of signer, list and statement.
struct CountingKey: SigningKey {
    let key: CompressedPoint
    let commitments: [CompressedPoint] = []

    func isUsable(_ commitment: NonceCommitment) -> Bool {
        commitment.hiding[0] == 2 && commitment.binding[0] == 2
    }

    func round(of signers: [SignerCommitment], over statement: StatementDigest) -> (any RoundOfShares)? {
        guard signers.allSatisfy({ isUsable($0.nonces) }) else { return nil }
        return CountingRound(key: key, signers: signers, statement: statement.digest)
    }
}

/// One session under a ``CountingKey``.
struct CountingRound: RoundOfShares {
    let key: CompressedPoint
    let signers: [SignerCommitment]
    let statement: Digest

    func share(of member: MemberIndex) -> Scalar {
        let list = signers.flatMap(\.sszBytes) + statement.array + key.array
        return Scalar(reducing: CountingHash.digest("share", UInt64(member.rawValue), bytes: list))
    }

    func isValid(_ share: Scalar, of member: MemberIndex) -> Bool { share == self.share(of: member) }

    func signature(from shares: [MemberIndex: Scalar]) -> GroupSignature? {
        for entry in signers {
            guard let share = shares[entry.signer], isValid(share, of: entry.signer) else { return nil }
        }
        return Self.signature(of: statement, under: key)
    }

    static func signature(of statement: Digest, under key: CompressedPoint) -> GroupSignature {
        let digest = CountingHash.digest("signature", bytes: statement.array + key.array)
        var signature = GroupSignature()
        signature[0] = 2
        for index in 0..<32 {
            signature[index + 1] = digest[index]
            signature[index + 33] = digest[index]
        }
        return signature
    }
}

/// Checks the signatures of a ``CountingKey``.
struct CountingKeyVerifier: PeerKeyVerifier {
    let key: CompressedPoint
    let domain: StatementDomain

    func isValid(_ signature: GroupSignature, epoch: Epoch, view: View, leader: Address) -> Bool {
        let statement = ElectionStatement(epoch: epoch, view: view, leader: leader)
        return signature == CountingRound.signature(of: domain.digest(of: statement).digest, under: key)
    }

    func isValid(_ signature: GroupSignature, of statement: GroupKeyStatement) -> Bool {
        signature == CountingRound.signature(of: domain.digest(of: statement).digest, under: key)
    }

    func isValid(_ anchor: ProofAnchor) -> Bool {
        let digest = domain.digest(of: anchor.statement).digest
        return anchor.number > 0 && anchor.signature == CountingRound.signature(of: digest, under: key)
    }

    func isValid(_ signature: GroupSignature, of statement: StatementDigest) -> Bool {
        signature == CountingRound.signature(of: statement.digest, under: key)
    }
}
