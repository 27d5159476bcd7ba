/// Who may speak in an epoch, how many must agree, and who leads which view.
///
/// A value of one word: what it holds never changes and is shared by all copies.
package struct Committee: Sendable {
    final class Content: Sendable {
        let roster: Roster
        let configDigest: Digest
        let indices: [MemberIndex]
        let succession: [MemberIndex]
        let positions: [Identity: MemberIndex]

        init(_ roster: Roster, positions: [Identity: MemberIndex]) {
            self.roster = roster
            self.positions = positions
            indices = (1...roster.members.count).map { MemberIndex($0) }
            configDigest = roster.hashTreeRoot()
            var shuffle = SeededShuffle("oracle/succession/v1", seed: configDigest)
            succession = shuffle.next(count: roster.members.count)
        }
    }

    let content: Content

    /// Checks a roster.
    ///
    /// - Throws: ``CommitteeError`` when the members are fewer than 4, or two share an identity or account.
    package init(_ roster: Roster) throws(CommitteeError) {
        guard roster.members.count >= 4 else { throw .tooFewMembers(roster.members.count) }
        var positions: [Identity: MemberIndex] = [:]
        var accounts: Set<Address> = []
        for (offset, member) in roster.members.enumerated() {
            let index = MemberIndex(offset + 1)
            if let other = positions.updateValue(index, forKey: member.identity) {
                throw .sharedIdentity(other, index)
            }
            guard accounts.insert(member.account).inserted else { throw .sharedAccount(index) }
        }
        content = Content(roster, positions: positions)
    }

    /// The members as the contract announced them.
    package var roster: Roster { content.roster }
    /// The roster's hash-tree-root: two nodes with one digest have the same members in the same order.
    package var configDigest: Digest { content.configDigest }
    /// The number of members, n.
    package var size: Int { content.indices.count }
    /// All members in order.
    package var indices: [MemberIndex] { content.indices }
    /// The epoch the committee serves.
    package var epoch: Epoch { content.roster.epoch }
    /// The greatest number of faulty members that does no harm: f = floor((n - 1) / 3).
    package var faultLimit: Int { (size - 1) / 3 }
    /// How many members make a quorum, and how many shares make a group signature: q = n - f.
    package var quorum: Int { size - faultLimit }

    /// The member at a position, or `nil` when there is none.
    package subscript(index: MemberIndex) -> Member? {
        contains(index) ? content.roster.members[index.offset] : nil
    }

    /// Whether there is a member at a position.
    package func contains(_ index: MemberIndex) -> Bool {
        index.rawValue >= 1 && index.offset < size
    }

    /// The identity of the member at a position, or `nil` when there is none.
    package func identity(of index: MemberIndex) -> Identity? {
        contains(index) ? content.roster.members.elements[index.offset].identity : nil
    }

    /// The position of an identity, or `nil` for a stranger.
    package func index(of identity: Identity) -> MemberIndex? {
        content.positions[identity]
    }

    /// Who leads a view: a pure function of roster and view, so there is never a second leader.
    package func leader(of view: View) -> MemberIndex {
        content.succession[Int(view.rawValue % UInt64(size))]
    }

    /// A member's rank behind the leader of a view: 0 for the leader, then in the order of succession.
    package func rank(of member: MemberIndex, in view: View) -> Int {
        guard let place = content.succession.firstIndex(of: member) else { return size }
        return (place - Int(view.rawValue % UInt64(size)) + size) % size
    }
}

extension Committee: Hashable {
    package static func == (left: Committee, right: Committee) -> Bool {
        left.configDigest == right.configDigest
    }

    package func hash(into hasher: inout Hasher) {
        hasher.combine(configDigest)
    }
}

/// Why a roster makes no committee.
package enum CommitteeError: Error, Hashable, Sendable, CustomStringConvertible {
    /// Fewer than the 4 members that one faulty member takes.
    case tooFewMembers(Int)
    /// Two members with one Ed25519 key would be one process with two votes.
    case sharedIdentity(MemberIndex, MemberIndex)
    /// This member's account was given to an earlier member already.
    case sharedAccount(MemberIndex)

    package var description: String {
        switch self {
        case .tooFewMembers(let count):
            "a committee of \(count) members tolerates no fault; it takes at least 4"
        case .sharedIdentity(let first, let second):
            "members \(first) and \(second) have the same identity; each oracle needs a key of its own"
        case .sharedAccount(let index):
            "member \(index) has the account of an earlier member; each oracle needs an account of its own"
        }
    }
}
