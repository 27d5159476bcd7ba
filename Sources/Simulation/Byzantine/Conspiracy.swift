import Consensus
import Cryptography
import Primitives

/// What the rule-breakers of a run know together.
final class Conspiracy {
    let committee: Committee
    let liars: [MemberIndex]
    /// Who can sign as which liar, the newest process of each.
    var signers: [MemberIndex: (tools: ImpostorTools, sequence: UInt64)] = [:]
    /// Every wish they have seen, by the view it was made in.
    private(set) var wishes: [View: [MemberIndex: [(signed: SignedObject, wish: Wish)]]] = [:]
    /// Whether they have made a certificate of wishes of different hours that any verifier accepts.
    var hasStruck = false
    /// Who fails signing sessions in turns.
    var saboteurs: Set<MemberIndex> = []
    /// Who fails which session, by the request's root.
    private(set) var traitors: [Digest: MemberIndex] = [:]
    /// Who has failed a session about a statement in a view, and is out of those that follow.
    private var spent: [Digest: Set<MemberIndex>] = [:]

    init(_ cast: Cast) {
        committee = cast.committee
        liars = cast.byzantine
    }

    /// Chooses who is to fail a session.
    func assign(_ request: SignRequest) {
        let root = request.hashTreeRoot()
        guard traitors[root] == nil else { return }
        let signers = request.signers.map(\.signer)
        let able = saboteurs.intersection(signers).subtracting(spent[request.statement] ?? [])
        guard let traitor = able.min() else { return }
        traitors[root] = traitor
        spent[request.statement, default: []].insert(traitor)
    }

    /// Keeps an honest member's wish.
    func keep(_ signed: SignedObject) {
        let author = signed.object.author
        guard signed.object.kind == .wish, !liars.contains(author),
            let wish = try? Wish(ssz: signed.object.payload.bytes), !wish.isWithdrawal
        else { return }
        let known = wishes[wish.from]?[author] ?? []
        guard known.count < 64, !known.contains(where: { $0.signed == signed }) else { return }
        wishes[wish.from, default: [:]][author, default: []].append((signed, wish))
    }

    /// A certificate for the next view made of honest wishes of any hour and the liars' own, if enough of them bind.
    func certificate(from view: View) -> ViewCertificate? {
        guard let hoarded = wishes[view], hoarded.count + signers.count >= committee.quorum else {
            return nil
        }
        let moments = hoarded.values.flatMap { $0.map(\.wish.leaderSeen) }.sorted()
        for oldest in moments {
            var fitting: [MemberIndex: SignedObject] = [:]
            for (member, kept) in hoarded {
                fitting[member] = kept.last { WishReach(oldest).takes($0.wish) }?.signed
            }
            guard fitting.count + signers.count >= committee.quorum else { continue }
            for member in signers.keys.sorted() {
                guard let signer = signers[member] else { continue }
                let wish = Wish(from: view, to: view.advanced(by: 1), reason: .silence, leaderSeen: oldest)
                fitting[member] = signer.tools.wish(wish, sequence: .max / 2 + view.rawValue)
            }
            let sorted = fitting.sorted { $0.key < $1.key }.map(\.value)
            guard let list = SSZList<SignedObject, 128>(sorted) else { continue }
            return ViewCertificate(epoch: committee.epoch, view: view.advanced(by: 1), wishes: list)
        }
        return nil
    }
}

/// Which wishes bind with one of a moment.
private struct WishReach {
    let oldest: Order

    init(_ oldest: Order) {
        self.oldest = oldest
    }

    func takes(_ wish: Wish) -> Bool {
        let seen = wish.leaderSeen
        if wish.reason.isHard { return true }
        return seen.incarnation == oldest.incarnation && seen >= oldest
            && seen.sequence <= oldest.sequence + WishBinding.span
    }
}
