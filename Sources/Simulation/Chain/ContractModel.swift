import Consensus
import Cryptography
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

    /// Whether a call would succeed now.
    func accepts(_ submission: Submission, _ terms: Terms) -> Bool {
        switch submission {
        case .election(let epoch, let view, let leader, let signature):
            guard let key, epoch == key.epoch, view > self.view, view.rawValue < Self.viewLimit,
                view.rawValue - self.view.rawValue <= Self.viewStride,
                let verifier = terms.cryptography.verifier(of: key.groupKey)
            else { return false }
            return verifier.isValid(signature, epoch: epoch, view: view, leader: leader)
        case .registration(let registration): return accepts(registration, terms)
        }
    }

    private func accepts(_ registration: Registration, _ terms: Terms) -> Bool {
        let statement = registration.statement
        guard key == nil, statement.epoch == terms.committee.epoch,
            registration.members == terms.committee.roster.members.elements,
            registration.approvals.count >= terms.committee.quorum,
            let verifier = terms.cryptography.verifier(of: statement.groupKey),
            verifier.isValid(registration.possession, of: statement)
        else { return false }
        let ceremony = terms.cryptography.ceremony(of: terms.committee)
        let digest = ceremony.digest(of: statement)
        var last = MemberIndex(0)
        for approval in registration.approvals {
            guard approval.member > last, let member = terms.committee[approval.member],
                ceremony.isValid(approval.signature, of: digest, by: member.account)
            else { return false }
            last = approval.member
        }
        return true
    }

    /// Executes a call that is accepted.
    mutating func execute(_ submission: Submission) {
        switch submission {
        case .election(_, let view, let leader, _):
            self.view = view
            self.leader = leader
        case .registration(let registration): key = registration.statement
        }
    }

    /// Whether somebody has done what the call is for, or the chain has gone past it.
    func isPast(_ submission: Submission) -> Bool {
        switch submission {
        case .election(_, let view, _, _): self.view >= view
        case .registration: key != nil
        }
    }
}
