import Primitives
import Testing

@testable import Consensus

@Suite struct TermMonitorTests {
    private let leader = MemberIndex(1)
    private var monitor = TermMonitor(member: MemberIndex(2), interval: .seconds(60))

    private func at(_ seconds: Int) -> Instant { Instant(sinceStart: .seconds(seconds)) }

    private mutating func see(_ event: TermMonitor.Event, after seconds: Int) -> TermReport? {
        for case .report(let report) in monitor.handle(event, at: at(seconds)) { return report }
        return nil
    }

    /// The last report of the term that is left now.
    private mutating func leave(after seconds: Int) -> TermReport? {
        see(.entered(View(8), leader: MemberIndex(3)), after: seconds)
    }

    @Test mutating func `a term is reported when it is left, with all that was seen in it`() throws {
        #expect(see(.entered(View(7), leader: leader), after: 10) == nil)
        _ = see(.certified(View(7)), after: 11)
        _ = see(.anchored(View(7)), after: 14)
        _ = see(.entry(by: leader), after: 15)
        _ = see(.entry(by: MemberIndex(3)), after: 15)
        _ = see(.offence(by: leader), after: 16)
        _ = see(.doubted(.silence), after: 17)
        _ = see(.doubted(nil), after: 18)
        _ = see(.doubted(.evidence), after: 19)
        var expected = TermReport(view: View(7), leader: leader)
        expected.isOver = true
        expected.lasted = 10_000
        expected.certified = 1_001
        expected.anchored = 4_001
        expected.doubts = 2
        expected.reason = .evidence
        expected.entries = 1
        expected.offences = 1
        #expect(leave(after: 20) == expected)
    }

    @Test mutating func `a moment counts when it first comes, and only in its own term`() throws {
        _ = see(.entered(View(7), leader: leader), after: 0)
        _ = see(.certified(View(6)), after: 1)
        _ = see(.certified(View(7)), after: 2)
        _ = see(.certified(View(7)), after: 3)
        let report = try #require(leave(after: 4))
        #expect(report.certified == 2_001)
        #expect(report.anchored == 0)
    }

    @Test mutating func `a task done in time is served, one that was doubted for is overdue`() throws {
        _ = see(.entered(View(7), leader: leader), after: 0)
        _ = see(.owed(true), after: 1)
        _ = see(.owed(false), after: 2)
        _ = see(.owed(true), after: 3)
        _ = see(.doubted(.duty), after: 13)
        _ = see(.owed(false), after: 14)
        let report = try #require(leave(after: 20))
        #expect((report.served, report.overdue) == (1, 1))
    }

    @Test
    mutating func
        `a task left undone counts for the leader that was doubted for it, and goes on to the next`()
        throws
    {
        _ = see(.entered(View(7), leader: leader), after: 0)
        _ = see(.owed(true), after: 1)
        _ = see(.doubted(.duty), after: 11)
        let first = try #require(leave(after: 12))
        #expect((first.served, first.overdue) == (0, 1))
        _ = see(.owed(false), after: 13)
        let second = try #require(see(.entered(View(9), leader: leader), after: 20))
        #expect((second.served, second.overdue) == (1, 0))
    }

    @Test mutating func `a term that goes on is reported at each interval`() throws {
        _ = see(.entered(View(7), leader: leader), after: 0)
        #expect(monitor.nextDeadline == at(60))
        #expect(monitor.expired(at: at(59)) == [])
        var expected = TermReport(view: View(7), leader: leader)
        expected.lasted = 60_000
        #expect(monitor.expired(at: at(60)) == [.report(expected)])
        expected.number = 2
        expected.lasted = 120_000
        #expect(monitor.expired(at: at(120)) == [.report(expected)])
        let last = try #require(leave(after: 130))
        #expect(last.number == 3)
        #expect(last.isOver)
    }

    @Test mutating func `a leader reports nothing of itself`() {
        monitor = TermMonitor(member: leader, interval: .seconds(60))
        _ = see(.entered(View(7), leader: leader), after: 0)
        #expect(monitor.nextDeadline == nil)
        #expect(leave(after: 10) == nil)
    }

    @Test mutating func `a view is entered once`() {
        _ = see(.entered(View(7), leader: leader), after: 0)
        #expect(see(.entered(View(7), leader: leader), after: 1) == nil)
        #expect(see(.entered(View(6), leader: MemberIndex(4)), after: 2) == nil)
    }

    @Test func `numbers end at the largest`() {
        var report = TermReport(view: View(7), leader: leader)
        report.entries = .max
        #expect((try? TermReport(ssz: unsafe report.sszBytes.span.bytes)) == report)
    }
}
