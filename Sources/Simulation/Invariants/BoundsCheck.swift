import Primitives

/// `bounded`: whatever comes in, a member sends, stores and does no more than the protocol has a budget for.
struct BoundsCheck {
    /// The most actions that one event may lead to.
    static let actionLimit = 20_000
    /// The most bytes that a member may send to all others together in a second, for each of them.
    static let bytesPerPeer = 1_000_000
    /// The most bytes of one author's log that a member may store in a run of minutes.
    static let logLimit = 80 << 20

    private let size: Int
    private var windows: [(second: Int64, bytes: Int)]
    private var logBytes: [Int]

    init(size: Int) {
        self.size = size
        windows = Array(repeating: (0, 0), count: size)
        logBytes = Array(repeating: 0, count: size * size)
    }

    mutating func sent(_ bytes: Int, by member: MemberIndex, at now: WorldTime) -> String? {
        let second = now.nanoseconds / 1_000_000_000
        let before = windows[member.offset].second == second ? windows[member.offset].bytes : 0
        let limit = Self.bytesPerPeer * size
        windows[member.offset] = (second, before + bytes)
        // Only the step that passes the limit is told.
        guard before <= limit, before + bytes > limit else { return nil }
        return "sends more than \(limit) bytes in a second"
    }

    mutating func stored(
        _ entries: [SignedObject],
        of author: MemberIndex,
        by member: MemberIndex,
        at now: WorldTime
    ) -> String? {
        let place = member.offset * size + author.offset
        let before = logBytes[place]
        for entry in entries { logBytes[place] += entry.object.payload.bytes.count }
        guard before <= Self.logLimit, logBytes[place] > Self.logLimit else { return nil }
        return "stores more than \(Self.logLimit) bytes of \(author)'s log"
    }

    func stepped(_ actions: Int) -> String? {
        actions > Self.actionLimit ? "answers one event with \(actions) actions" : nil
    }
}
