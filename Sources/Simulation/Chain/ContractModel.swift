import Consensus
import Cryptography
import Ethereum
import Peer
import Primitives

/// The registry contract's rules, as far as members of one committee meet them: the first key stands, views rise,
/// signatures are checked.
struct ContractModel: Hashable {
    /// The committee that is proposed and may register a key.
    struct Terms {
        let committee: Committee
        let cryptography: any PeerCryptography
    }

    static let viewStride: UInt64 = 1 << 20
    static let viewLimit: UInt64 = 1 << 48

    private(set) var view = View(0)
    private(set) var leader = Address()
    private(set) var key: GroupKeyStatement?
    private(set) var proof = LatestProof.none

    /// Whether a call would succeed now.
    func accepts(_ submission: Submission, _ terms: Terms) -> Bool { revert(of: submission, terms) == nil }

    /// Why a call would be refused now; `nil` when it would succeed.
    func revert(of submission: Submission, _ terms: Terms) -> RegistryRevert? {
        switch submission {
        case .election(let epoch, let view, let leader, let signature):
            guard view > self.view else { return .staleView }
            guard let key, epoch == key.epoch else { return .wrongEpoch }
            guard view.rawValue < Self.viewLimit, view.rawValue - self.view.rawValue <= Self.viewStride else {
                return .viewJump
            }
            guard let verifier = terms.cryptography.verifier(of: key.groupKey),
                verifier.isValid(signature, epoch: epoch, view: view, leader: leader)
            else { return .badSignature }
            return nil
        case .registration(let registration): return revert(of: registration, terms)
        case .proofAnchor(let anchor):
            guard anchor.number == proof.number + 1 else { return .wrongNumber }
            guard let key, anchor.epoch == key.epoch else { return .wrongEpoch }
            guard let verifier = terms.cryptography.verifier(of: key.groupKey), verifier.isValid(anchor)
            else {
                return .badSignature
            }
            return nil
        }
    }

    private func revert(of registration: Registration, _ terms: Terms) -> RegistryRevert? {
        let statement = registration.statement
        guard key == nil else { return .noProposal }
        guard statement.epoch == terms.committee.epoch else { return .wrongEpoch }
        guard registration.members == terms.committee.roster.members.elements else { return .wrongMembers }
        guard registration.approvals.count >= terms.committee.quorum else { return .tooFewApprovals }
        guard let verifier = terms.cryptography.verifier(of: statement.groupKey),
            verifier.isValid(registration.possession, of: statement)
        else { return .badPossession }
        let ceremony = terms.cryptography.ceremony(of: terms.committee)
        let digest = ceremony.digest(of: statement)
        var last = MemberIndex(0)
        for approval in registration.approvals {
            guard approval.member > last, let member = terms.committee[approval.member],
                ceremony.isValid(approval.signature, of: digest, by: member.account)
            else { return .badApproval }
            last = approval.member
        }
        return nil
    }

    /// Executes a call that is accepted.
    mutating func execute(_ submission: Submission) {
        switch submission {
        case .election(_, let view, let leader, _):
            self.view = view
            self.leader = leader
        case .registration(let registration): key = registration.statement
        case .proofAnchor(let anchor): proof = anchor.place
        }
    }

    /// Whether somebody has done what the call is for, or the chain has gone past it.
    func isPast(_ submission: Submission) -> Bool {
        switch submission {
        case .election(_, let view, _, _): self.view >= view
        case .registration: key != nil
        case .proofAnchor(let anchor): proof.number >= anchor.number
        }
    }
}
