import Consensus
import Primitives
import Testing

/// What only the leader can do, and what follows when it does not.
@Suite struct DutyTests {
    private func reasons(_ bench: Bench) -> [WishReason] { bench.wishes.map(\.reason) }

    @Test func `what the leader owes is awaited for ten seconds and a term`() {
        var bench = Bench.steady()
        bench.feed(.dutyOwed(true))
        for _ in 0..<43 { bench.beatAll() }
        #expect(reasons(bench) == [])
        bench.beatAll()
        #expect(reasons(bench) == [.duty])
    }

    @Test func `a leader is awaited by itself as by others, and does not lead on`() {
        var bench = Bench.steady(leading: true)
        bench.feed(.dutyOwed(true))
        for _ in 0..<44 { bench.beatAll() }
        #expect(reasons(bench) == [.duty])
    }

    @Test func `a duty that is told again is no new one`() {
        var bench = Bench.steady()
        for _ in 0..<44 {
            bench.feed(.dutyOwed(true))
            bench.beatAll()
        }
        #expect(reasons(bench) == [.duty])
    }

    @Test func `a duty done in time moves nobody, and done late takes the wish back`() {
        var bench = Bench.steady()
        bench.feed(.dutyOwed(true))
        for _ in 0..<43 { bench.beatAll() }
        bench.feed(.dutyOwed(false))
        bench.feed(.dutyOwed(true))
        for _ in 0..<43 { bench.beatAll() }
        #expect(reasons(bench) == [])
        bench.beatAll()
        bench.feed(.dutyOwed(false))
        #expect(reasons(bench) == [.duty, .none])
    }

    @Test func `the next leader has the whole time for what the last one left undone`() {
        var bench = Bench.steady()
        bench.feed(.dutyOwed(true))
        for _ in 0..<40 { bench.beatAll() }
        bench.move(to: View(2))
        for _ in 0..<43 { beatAll(&bench, in: View(2)) }
        #expect(reasons(bench) == [])
        beatAll(&bench, in: View(2))
        #expect(reasons(bench) == [.duty])
    }

    @Test func `who hears no quorum judges nobody, and afterwards gives the whole time again`() {
        var bench = Bench.steady(size: 7)
        bench.feed(.dutyOwed(true))
        let silent = Array(bench.others.prefix(3))
        for _ in 0..<60 { bench.beatAll(except: silent) }
        #expect(reasons(bench) == [])
        for _ in 0..<44 { bench.beatAll() }
        #expect(reasons(bench) == [])
        for _ in 0..<2 { bench.beatAll() }
        #expect(reasons(bench) == [.duty])
    }

    @Test func `terms grow while leader after leader leaves the duty undone`() {
        var bench = Bench.steady()
        bench.feed(.dutyOwed(true))
        var terms: [Int] = []
        var view = View(1)
        for _ in 0..<4 {
            bench.clear()
            let start = bench.now
            while bench.wishes.isEmpty { beatAll(&bench, in: view) }
            terms.append(Int(start.duration(to: bench.now) / bench.interval))
            view = view.advanced(by: 1)
            bench.move(to: view)
        }
        #expect(terms == [44, 44, 46, 49])
    }

    private func beatAll(_ bench: inout Bench, in view: View) {
        bench.advance(by: bench.interval)
        for member in bench.committee.indices { bench.beat(member, view: view) }
    }
}
