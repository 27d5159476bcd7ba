import Primitives
import TestSupport
import Testing

/// Machines that do what the ordeal is there to notice.
@Suite struct OrdealTests {
    /// Wants to be called at once, for ever, after its first event.
    private struct Spinner: Machine {
        var isSpinning = false
        var nextDeadline: Instant? { isSpinning ? .start : nil }

        mutating func handle(_ event: Int, at now: Instant) -> [Int] {
            isSpinning = true
            return []
        }

        mutating func expired(at now: Instant) -> [Int] { [] }
    }

    /// Keeps everything.
    private struct Hoarder: Machine {
        var kept: [[UInt64]] = []
        var nextDeadline: Instant? { nil }

        mutating func handle(_ event: Int, at now: Instant) -> [Int] {
            kept.append([UInt64(event), 0])
            return []
        }

        mutating func expired(at now: Instant) -> [Int] { [] }
    }

    @Test func `a machine whose deadline never moves is noticed`() {
        var ordeal = Ordeal(Spinner(), seed: 1)
        _ = ordeal.rest()
        #expect(ordeal.problems.isEmpty)
        _ = ordeal.feed(1)
        _ = ordeal.rest()
        #expect(ordeal.problems.count == 1)
    }

    @Test func `a machine that keeps everything grows heavier with each event`() {
        var ordeal = Ordeal(Hoarder(), seed: 1)
        let before = ordeal.weight
        for number in 1...100 { _ = ordeal.feed(number) }
        #expect(ordeal.weight >= before + 300)
    }
}
