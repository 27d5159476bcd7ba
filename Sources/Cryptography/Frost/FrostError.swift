package import Primitives

/// Why signature shares cannot be made or joined; each case names who is at fault where that is known.
package enum FrostError: Error, Hashable, Sendable, CustomStringConvertible {
    /// The signers named are not as many as the key's threshold.
    case signerCount(Int, threshold: Int)
    /// A signer whose number is 0 or greater than the committee's size.
    case unknownSigner(MemberIndex)
    /// The list does not rise at this signer: it is out of order, or there twice.
    case unorderedSigner(MemberIndex)
    /// A signer's commitment is not two points of the curve other than the identity.
    case invalidCommitment(MemberIndex)
    /// The commitments add up to the identity, or the challenge is zero; nobody can bring that about.
    case degenerate
    /// The member asked to sign is not on the list.
    case notASigner(MemberIndex)
    /// The list names other nonces for this member than the ones it is to use.
    case foreignCommitment(MemberIndex)
    /// This signer's share is still to come.
    case missingShare(MemberIndex)
    /// The shares of these signers do not match their commitments and public shares: they are at fault.
    case invalidShares([MemberIndex])

    package var description: String {
        switch self {
        case .signerCount(let count, let threshold):
            "\(count) signers where the key takes exactly \(threshold)"
        case .unknownSigner(let member):
            "signer \(member) is not in the committee"
        case .unorderedSigner(let member):
            "signer \(member) is out of order or named twice; signers are listed once, in rising order"
        case .invalidCommitment(let member):
            "signer \(member)'s nonce commitment is not two points of secp256k1"
        case .degenerate:
            "the commitments vanish in sum; ask for fresh ones"
        case .notASigner(let member):
            "member \(member) is not among the signers"
        case .foreignCommitment(let member):
            "the list does not hold the commitment that member \(member) made"
        case .missingShare(let member):
            "signer \(member)'s share has not come"
        case .invalidShares(let members):
            "signers \(members.map(\.description).joined(separator: ", ")) sent invalid shares"
        }
    }
}
