import Primitives
import Testing

@testable import Gossip

@Suite struct NeighbourMachineTests {
    /// A machine with what it last ordered.
    private struct Bench {
        let committee: Committee
        var machine: NeighbourMachine
        var now = Instant.start
        var dialed: [MemberIndex] = []
        var chosen: [MemberIndex] = []
        var orders = 0

        init(size: Int, own: Int = 1, seed: UInt64 = 1) {
            committee = TestCommittee(size: size).committee
            machine = NeighbourMachine(
                committee: committee,
                own: MemberIndex(own),
                view: View(1),
                followerInterval: .seconds(1),
                random: SplitMix64(seed: seed),
                at: now
            )
        }

        mutating func feed(_ event: NeighbourMachine.Event) { take(machine.handle(event, at: now)) }

        /// Lets time pass while these members are heard and these have links if they are dialed.
        mutating func run(for duration: Duration, heard: Set<MemberIndex>, reachable: Set<MemberIndex>) {
            let end = now.advanced(by: duration)
            while let due = machine.nextDeadline, due <= end {
                now = max(now, due)
                for member in heard { feed(.heard(member)) }
                take(machine.expired(at: now))
                for member in dialed where reachable.contains(member) { feed(.linkUp(member)) }
            }
            now = end
        }

        private mutating func take(_ actions: [NeighbourMachine.Action]) {
            for action in actions {
                orders += 1
                switch action {
                case .dial(let members): dialed = members
                case .choose(let members): chosen = members
                }
            }
        }

        var graph: [MemberIndex] { NeighbourGraph.neighbours(of: MemberIndex(1), in: committee) }
        var all: Set<MemberIndex> { Set(committee.indices) }
        var picks: Set<MemberIndex> { Set(chosen).subtracting(graph) }
    }

    @Test func `a small committee is linked with all, once and for all`() {
        var bench = Bench(size: 32)
        bench.run(for: .seconds(60), heard: [], reachable: [])
        #expect(Set(bench.dialed) == bench.all.subtracting([MemberIndex(1)]))
        #expect(bench.orders == 2 && bench.machine.nextDeadline == nil)
        bench.feed(.enteredView(View(9)))
        #expect(bench.orders == 2)
    }

    @Test func `a member of a large committee dials its neighbours, two of its own choice and three leaders`()
    {
        var bench = Bench(size: 100)
        bench.run(for: .seconds(60), heard: bench.all, reachable: bench.all)
        let leaders = Set((1...3).map { bench.committee.leader(of: View($0)) })
        #expect(Set(bench.chosen) == Set(bench.graph).union(bench.picks) && bench.picks.count == 2)
        #expect(Set(bench.dialed) == Set(bench.chosen).union(leaders).subtracting([MemberIndex(1)]))
        #expect(bench.orders == 2)
    }

    @Test func `it follows the leaders of its view`() {
        var bench = Bench(size: 100)
        bench.run(for: .seconds(60), heard: bench.all, reachable: bench.all)
        bench.feed(.enteredView(View(40)))
        let leaders = Set((40...42).map { bench.committee.leader(of: View($0)) })
        #expect(Set(bench.dialed) == Set(bench.chosen).union(leaders).subtracting([MemberIndex(1)]))
        #expect(leaders.subtracting([MemberIndex(1)]).allSatisfy { bench.machine.keeps($0) })
    }

    @Test func `members choose differently at random`() {
        var picks: Set<Set<MemberIndex>> = []
        for seed in 1...10 {
            var bench = Bench(size: 100, seed: UInt64(seed))
            bench.run(for: .seconds(1), heard: [], reachable: [])
            picks.insert(bench.picks)
        }
        #expect(picks.count >= 9)
    }

    @Test func `each neighbour out of reach gets a substitute, until it is back`() {
        var bench = Bench(size: 100)
        let lost = Set(bench.graph.prefix(3))
        bench.run(for: .seconds(60), heard: bench.all, reachable: bench.all.subtracting(lost))
        #expect(bench.picks.count == 5 && bench.picks.isDisjoint(with: lost))
        #expect(lost.allSatisfy { bench.machine.keeps($0) })
        for member in lost { bench.feed(.linkUp(member)) }
        bench.run(for: .seconds(2), heard: bench.all, reachable: bench.all)
        #expect(bench.picks.count == 2)
    }

    @Test func `a random choice out of reach is replaced`() {
        var bench = Bench(size: 100)
        bench.run(for: .seconds(20), heard: bench.all, reachable: bench.all)
        let before = bench.picks
        for pick in before { bench.feed(.linkDown(pick)) }
        bench.run(for: .seconds(20), heard: bench.all, reachable: bench.all.subtracting(before))
        #expect(bench.picks.count == 2 && bench.picks.isDisjoint(with: before))
    }

    @Test func `a member surrounded by neighbours who tell it nothing finds a way out`() {
        var bench = Bench(size: 100)
        let hostile = Set(bench.graph)
        bench.run(for: .seconds(60), heard: [], reachable: hostile)
        #expect(bench.chosen.count >= bench.committee.quorum)
    }

    @Test func `a member whose neighbours are too few to vouch for a log seeks more`() {
        var bench = Bench(size: 100)
        bench.run(for: .seconds(60), heard: bench.all, reachable: bench.all)
        for _ in 0..<20 {
            bench.feed(.vouchersLacking)
            bench.run(for: .seconds(1), heard: bench.all, reachable: bench.all)
        }
        #expect(bench.chosen.count > bench.committee.faultLimit * 3 / 2)
    }

    @Test func `a member that hears a quorum seeks no further`() {
        var bench = Bench(size: 100)
        let heard = Set(bench.committee.indices.suffix(bench.committee.quorum))
        bench.run(for: .seconds(300), heard: heard, reachable: bench.all)
        #expect(bench.picks.count == 2)
    }

    @Test func `a random choice is replaced every ten minutes`() {
        var bench = Bench(size: 100)
        bench.run(for: .seconds(60), heard: bench.all, reachable: bench.all)
        let before = bench.picks
        bench.run(for: .seconds(1_200), heard: bench.all, reachable: bench.all)
        #expect(bench.picks.count == 2 && bench.picks.isDisjoint(with: before))
    }
}
