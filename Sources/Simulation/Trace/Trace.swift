package import Primitives

/// One thing that happened: who, when and what, in a line.
package struct TraceRecord: Hashable, Sendable {
    /// When.
    package let at: WorldTime
    /// Who; `nil` for the world.
    package let member: MemberIndex?
    /// What.
    package let text: String
    /// What it means for pictures.
    package var mark: TraceMark?
}

/// What happened in a run: always as a running hash, on demand as readable records.
package struct Trace: Sendable {
    /// The records, if they are kept.
    package private(set) var records: [TraceRecord] = []
    /// Depends on every event and action of the run, in order.
    package private(set) var hash: UInt64 = 0xCBF2_9CE4_8422_2325
    private let isKept: Bool

    init(isKept: Bool) {
        self.isKept = isKept
    }

    /// Mixes a number into the hash.
    mutating func mix(_ number: UInt64) {
        hash = (hash ^ number) &* 0x9E37_79B9_7F4A_7C15
        hash ^= hash >> 29
    }

    /// Notes what people want to read; the text is made only when records are kept.
    mutating func note(
        _ at: WorldTime,
        _ member: MemberIndex?,
        _ text: @autoclosure () -> String,
        _ mark: TraceMark? = nil
    ) {
        guard isKept else { return }
        records.append(TraceRecord(at: at, member: member, text: text(), mark: mark))
    }
}

extension TraceRecord: CustomStringConvertible {
    package var description: String {
        "\(at)  \(member.map { "\($0)" } ?? "-")  \(text)"
    }
}
