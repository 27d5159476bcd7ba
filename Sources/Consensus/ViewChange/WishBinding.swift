internal import Primitives

/// Which wishes may stand together in one certificate.
///
/// Soft wishes must have been given within a short time of each other, or a collector could hoard withdrawn
/// wishes of different hours until they are q. The clock that all members share for this is the leader's own
/// heartbeat count: soft wishes bind when their `leaderSeen` name one incarnation and lie within ``span``
/// heartbeats. Hard wishes are exempt, since a leader that skips numbers could tear the clock apart.
package enum WishBinding {
    /// The greatest distance of two soft wishes' `leaderSeen`, in heartbeats of the leader.
    package static let span: UInt64 = 16

    /// The distance of a wish's `leaderSeen` to the leader's newest heartbeat beyond which its author is sent that
    /// heartbeat, lest its wish bind with nobody's.
    static let tolerance: UInt64 = 8

    /// Whether all of the soft wishes among these bind.
    static func holds(_ wishes: [Wish]) -> Bool {
        let seen = wishes.lazy.filter { !$0.reason.isHard }.map(\.leaderSeen)
        guard let oldest = seen.min(), let newest = seen.max() else { return true }
        return oldest.incarnation == newest.incarnation && newest.sequence - oldest.sequence <= span
    }

    /// The greatest set of wishes that binds, hard ones first, then soft ones; of equally great ones the newest.
    ///
    /// - Complexity: O(n log n) for n wishes.
    static func greatest(of wishes: [HeldWish]) -> [HeldWish] {
        let hard = wishes.filter { $0.wish.reason.isHard }
        let soft =
            wishes
            .filter { !$0.wish.reason.isHard }
            .sorted { ($0.wish.leaderSeen, $0.author) < ($1.wish.leaderSeen, $1.author) }
        var best = 0..<0
        var start = 0
        for end in soft.indices {
            while !holds([soft[start].wish, soft[end].wish]) { start += 1 }
            if end + 1 - start >= best.count { best = start..<(end + 1) }
        }
        return hard + soft[best]
    }
}
