import Consensus
import Cryptography
import Primitives

/// A real group key with all its shares in one hand, made by the ceremony's own arithmetic.
struct RealKey: Sendable {
    let key: GroupKey
    let transcript: Digest
    let shares: [MemberIndex: SecretShare]

    init(_ cast: Cast, seed: UInt64) {
        var random = RepeatableRandom(seed)
        let members = cast.committee.indices
        let terms = KeyGenerationTerms(
            committee: cast.committee,
            deployment: cast.deployment,
            attempt: 0,
            dealers: members
        )
        let session = try! KeyGenerationSession(terms!)
        let deals = members.map { dealer in
            try! session.check(session.deal(as: dealer, random: &random), from: dealer)
        }
        let made = try! session.transcript(of: deals)
        let shares = members.map { member in
            let key = cast.encryptionKeys[member.offset]
            return (member, try! session.share(from: deals, transcript: made, with: key, as: member))
        }
        key = made.key
        transcript = made.digest
        self.shares = Dictionary(uniqueKeysWithValues: shares)
    }
}
