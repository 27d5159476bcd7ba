import Consensus
import Cryptography
import Primitives

/// How a member breaks the rules of the ceremony.
///
/// Beside that it follows them.
enum Mischief: CaseIterable, Sendable {
    /// Says nothing at all.
    case silent
    /// Deals one member a bad share.
    case badShare
    /// Deals without a valid proof of possession.
    case badProof
    /// Deals with another dealer's ephemeral key.
    case copiedKey
    /// Deals a polynomial of a lower degree.
    case lowDegree
    /// Deals a polynomial of a higher degree.
    case highDegree
    /// Logs something under the topic of deals that is none.
    case noDeal
    /// Makes two deals, one after the other.
    case twoDeals
    /// Makes two deals in one place of its log, one for each half of the members.
    case forkedDeal
    /// Complains about a good share.
    case falseComplaint
    /// Complains with a proof that is not valid.
    case emptyComplaint
    /// Confirms two outcomes.
    case twoConfirms
    /// Confirms with another's approval.
    case badApproval
    /// Deals, and then says nothing more.
    case stall
    /// Deals long after the time for it.
    case late
    /// Proposes attempts without reason.
    case badProposals

    /// Whether the logs alone convict the member.
    var isProvable: Bool {
        switch self {
        case .silent, .badApproval, .stall, .late, .badProposals: false
        default: true
        }
    }
}

/// Builds what mischievous members say.
struct Mischiefs {
    let cast: Cast

    /// The deals that a member logs in place of an honest one; `other` is a deal of somebody else.
    func deals(_ mischief: Mischief?, _ honest: Deal, _ second: Deal, other: Deal?, victim: MemberIndex)
        -> [Deal]
    {
        var deal = honest
        switch mischief {
        case .badShare:
            var shares = honest.encryptedShares.elements
            let share = Scalar(shares[victim.offset])! + .one
            shares[victim.offset] = share.bytes
            deal.encryptedShares = SSZList(shares)!
        case .badProof:
            deal.constantProof[40] ^= 1
        case .copiedKey:
            if let other {
                deal.ephemeralKey = other.ephemeralKey
                deal.ephemeralProof = other.ephemeralProof
            }
        case .lowDegree:
            deal.commitments = SSZList(Array(honest.commitments.elements.dropLast()))!
        case .highDegree:
            deal.commitments = SSZList(honest.commitments.elements + [honest.commitments[0]])!
        case .twoDeals, .forkedDeal:
            return [honest, second]
        default:
            return [honest]
        }
        return [deal]
    }

    /// Proposals that nobody may follow.
    func proposals(by member: MemberIndex) -> [Proposal] {
        let all = cast.committee.indices
        let size = UInt64(cast.committee.size)
        let mine = (0..<size).map { View($0) }.first { cast.committee.leader(of: $0) == member }!
        let others = (0..<size).map { View($0) }.first { cast.committee.leader(of: $0) != member }!
        let victim = all.first { $0 != member }!
        let rest = SSZList<MemberIndex, 128>(all.filter { $0 != victim })!
        let one = SSZList<MemberIndex, 128>([victim])!
        let few = AttemptPlan(attempt: 1, dealers: one)
        let without = AttemptPlan(attempt: 1, dealers: rest)
        return [
            Proposal(view: mine, plan: without, guilty: one, absent: SSZList()),
            Proposal(view: mine, plan: without, guilty: SSZList(), absent: one),
            Proposal(view: others, plan: without, guilty: SSZList(), absent: one),
            Proposal(view: mine, plan: few, guilty: SSZList(), absent: rest),
        ]
    }
}
