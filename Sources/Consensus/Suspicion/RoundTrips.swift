internal import Primitives

/// The measured round trips to the members.
struct RoundTrips: Sendable {
    /// The most that a measurement counts; a liar could delay its answers at will.
    private static let ceiling: Duration = .seconds(2)
    private var newest: [Duration?]
    private let others: Int
    /// The round trip within which a quorum answers, the node itself included; zero until measured.
    ///
    /// f members that delay their answers cannot stretch it beyond that of the slowest honest member.
    private(set) var ofQuorum: Duration = .zero

    /// Nothing measured yet.
    init(size: Int, quorum: Int) {
        newest = Array(repeating: nil, count: size)
        others = quorum - 1
    }

    /// Takes a measurement, smoothed with the ones before.
    mutating func take(_ measured: Duration, of member: MemberIndex) {
        let bounded = min(max(measured, .zero), Self.ceiling)
        let smoothed = newest[member.offset].map { $0 + (bounded - $0) / 4 } ?? bounded
        newest[member.offset] = smoothed
        let known = newest.compactMap(\.self).sorted()
        ofQuorum = known.count >= others ? known[others - 1] : known.last ?? .zero
    }
}
