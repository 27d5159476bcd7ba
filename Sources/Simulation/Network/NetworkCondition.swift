import Primitives

/// How the network treats everything at the moment.
struct NetworkCondition {
    /// Which directions are cut: `isCut[from][to]`.
    private(set) var isCut: [[Bool]]
    /// Since when each direction is cut.
    private var cutSince: [[WorldTime]]
    /// The least and the most time a message takes.
    var delay: ClosedRange<Span> = .microseconds(300)...Span.microseconds(1_000)
    /// Of a thousand messages, how many are lost once and sent again by the transport.
    var loss = 0
    /// After how long the transport sends a lost message again.
    static let retransmission = Span.milliseconds(200)

    init(size: Int) {
        isCut = Array(repeating: Array(repeating: false, count: size), count: size)
        cutSince = Array(repeating: Array(repeating: .start, count: size), count: size)
    }

    mutating func cut(_ from: Int, _ to: Int, at now: WorldTime) {
        guard from != to, !isCut[from][to] else { return }
        isCut[from][to] = true
        cutSince[from][to] = now
    }

    /// Opens a direction; answers for how long it was cut, or `nil` if it was not.
    mutating func open(_ from: Int, _ to: Int, at now: WorldTime) -> Span? {
        guard isCut[from][to] else { return nil }
        isCut[from][to] = false
        return now - cutSince[from][to]
    }

    /// How long one message takes, its retransmissions included.
    func latency(_ random: inout SplitMix64) -> Span {
        var latency = random.span(delay)
        var patience = Self.retransmission
        while random.permille(loss), patience < .seconds(20) {
            latency = latency + patience
            patience = patience * 2
        }
        return latency
    }
}
