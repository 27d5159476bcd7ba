import Consensus
import Cryptography
import Primitives

/// How a member breaks the rules of signing.
///
/// Beside that it follows them, so that it gets into sessions.
enum Sabotage: CaseIterable, Sendable {
    /// Never answers a request.
    case withhold
    /// Answers with wrong shares.
    case badShare
    /// In each session exactly one of the saboteurs that can still do so withholds, after all others have answered.
    case adaptiveSilence
    /// The same with a wrong share.
    case adaptiveLie
    /// Offers commitments that are no points.
    case badCommitment
    /// Offers its next commitment a second time.
    case reusedCommitment
    /// Offers anew all the time.
    case restless
    /// As leader asks for two shares on each commitment.
    case greedyLeader
}

/// What the saboteurs of a world know together.
struct Conspiracy: Sendable {
    let members: [MemberIndex: Sabotage]
    /// Who spoils which session.
    private var burned: [Digest: MemberIndex] = [:]

    init(_ members: [MemberIndex: Sabotage]) {
        self.members = members
    }

    /// What a saboteur sends in place of a message.
    mutating func twist(_ message: DirectMessage, of member: MemberIndex) -> [DirectMessage] {
        guard let sabotage = members[member] else { return [message] }
        switch (sabotage, message) {
        case (.withhold, .signShare):
            return []
        case (.badShare, .signShare(let share)):
            return [.signShare(Self.spoiled(share))]
        case (.adaptiveSilence, .signShare(let share)):
            return burns(share.request, member) ? [] : [message]
        case (.adaptiveLie, .signShare(let share)):
            return burns(share.request, member) ? [.signShare(Self.spoiled(share))] : [message]
        case (.badCommitment, .ready(var ready)):
            ready.commitment.binding[0] = 9
            return [.ready(ready)]
        case (.reusedCommitment, .signShare(var share)):
            share.next = HashWorld.commitment(member, 1_000_000)
            return [.signShare(share)]
        case (.restless, .signShare(let share)):
            let fresh = Ready(
                view: share.view,
                statement: share.statement,
                key: HashKey.transcript,
                commitment: share.next
            )
            return [.ready(fresh), .ready(fresh)]
        case (.greedyLeader, .signRequest(let request)):
            return [message, .signRequest(Self.again(request))]
        default:
            return [message]
        }
    }

    private mutating func burns(_ request: Digest, _ member: MemberIndex) -> Bool {
        if let burner = burned[request] { return burner == member }
        guard !burned.values.contains(member) else { return false }
        burned[request] = member
        return true
    }

    static func spoiled(_ share: SignShare) -> SignShare {
        var share = share
        share.share = share.share + .one
        return share
    }

    /// Another request on the same commitments.
    static func again(_ request: SignRequest) -> SignRequest {
        var request = request
        request.session += 100
        return request
    }
}
