import Primitives

/// What a member holds true of operations on validators' keys, on its way to the chain.
struct ReportDesk: Sendable {
    /// How many signatures of one member's log may wait for their statements.
    private static let earlyLimit = 64

    /// The hashes that this member endorses, and the group's signatures once they are known.
    private(set) var endorsed: [Digest: GroupSignature?] = [:]
    /// Signatures over statements that this member does not endorse yet, as logs have them; unchecked.
    private var early: [MemberIndex: [(structHash: Digest, signature: GroupSignature)]] = [:]

    /// The hashes that the group has not signed yet.
    var unsigned: [Digest] { endorsed.filter { $0.value == nil }.keys.sorted() }

    /// Holds a statement true; answers whether that is new.
    mutating func endorse(_ structHash: Digest) -> Bool {
        guard endorsed[structHash] == nil else { return false }
        endorsed.updateValue(nil, forKey: structHash)
        return true
    }

    /// Holds it true no more, or the chain has it.
    mutating func forget(_ structHash: Digest) {
        endorsed.removeValue(forKey: structHash)
        for author in early.keys { early[author]?.removeAll { $0.structHash == structHash } }
    }

    /// The group has signed it.
    mutating func signed(_ structHash: Digest, _ signature: GroupSignature) {
        endorsed.updateValue(signature, forKey: structHash)
    }

    /// Whether the statement is endorsed and its signature wanted.
    func wants(_ structHash: Digest) -> Bool { endorsed[structHash].map { $0 == nil } ?? false }

    /// Keeps a signature until its statement is endorsed.
    mutating func wait(_ structHash: Digest, _ signature: GroupSignature, of author: MemberIndex) {
        var kept = early[author] ?? []
        guard !kept.contains(where: { $0.structHash == structHash && $0.signature == signature }) else {
            return
        }
        kept.append((structHash, signature))
        early[author] = Array(kept.suffix(Self.earlyLimit))
    }

    /// What was kept for a statement.
    func early(_ structHash: Digest) -> [GroupSignature] {
        early.sorted { $0.key < $1.key }.flatMap { $0.value }.filter { $0.structHash == structHash }.map(
            \.signature
        )
    }
}
