import Consensus
import Primitives
import Testing

/// How long a cluster takes to follow another leader when the one it has is gone.
@Suite struct FailoverTests {
    /// A cluster that has settled and run for a while.
    static func settled(size: Int, seed: UInt64, network: World.Network = World.Network()) -> World? {
        let world = World(size: size, seed: seed, network: network)
        guard world.run(for: .seconds(20), until: { world.isSettled }) != nil else {
            Issue.record("seed \(seed): never settled")
            return nil
        }
        world.run(for: .seconds(4) + world.draw(.zero ... .seconds(1)))
        return world
    }

    struct Case: CustomTestStringConvertible {
        let size: Int
        let closing: Bool
        let roundTrip: Duration
        let seeds: Int
        let bound: Duration
        var testDescription: String { "n = \(size), \(closing ? "killed" : "hung"), \(roundTrip)" }
    }

    @Test func `of four the three survivors move on without waiting for any timer`() throws {
        for seed in Seeds.count(20) {
            // Any timer would take a second at least.
            let world = World(size: 4, seed: seed, interval: .seconds(2))
            _ = try #require(world.run(for: .seconds(60)) { world.isSettled }, "seed \(seed)")
            world.run(for: .seconds(30))
            let before = try #require(world.commonView)
            world.kill(world.committee.leader(of: before))
            let span = world.run(for: .seconds(30)) { world.commonView.map { $0 > before } ?? false }
            #expect(try #require(span, "seed \(seed)") < .milliseconds(250), "seed \(seed)")
        }
    }

    @Test(arguments: [
        Case(size: 4, closing: true, roundTrip: .milliseconds(1), seeds: 40, bound: .milliseconds(50)),
        Case(size: 4, closing: true, roundTrip: .milliseconds(50), seeds: 40, bound: .milliseconds(300)),
        Case(size: 4, closing: false, roundTrip: .milliseconds(50), seeds: 40, bound: .milliseconds(1_600)),
        Case(size: 7, closing: true, roundTrip: .milliseconds(50), seeds: 20, bound: .milliseconds(300)),
        Case(size: 7, closing: false, roundTrip: .milliseconds(50), seeds: 20, bound: .milliseconds(1_600)),
        Case(size: 10, closing: true, roundTrip: .milliseconds(50), seeds: 10, bound: .milliseconds(300)),
    ])
    func `another leader is followed soon after the death of one`(_ run: Case) throws {
        var entered: [Duration] = []
        var certified: [Duration] = []
        for seed in 0..<UInt64(run.seeds) {
            let network = World.Network(roundTrip: run.roundTrip)
            guard let world = Self.settled(size: run.size, seed: seed, network: network) else { return }
            let before = try #require(world.commonView)
            world.kill(world.committee.leader(of: before), closing: run.closing)
            let start = world.now
            let first = world.run(for: .seconds(30)) { world.commonView.map { $0 > before } ?? false }
            entered.append(try #require(first, "seed \(seed)"))
            _ = try #require(world.run(for: .seconds(30)) { world.isSettled }, "seed \(seed)")
            certified.append(start.duration(to: world.now))
            #expect(world.commonView == before.advanced(by: 1), "seed \(seed)")
            #expect(world.checks.violations == [])
        }
        Figures.report("failover \(run.testDescription) entered", entered)
        Figures.report("failover \(run.testDescription) certified", certified)
        #expect(try #require(entered.max()) <= run.bound)
    }
}

/// Prints distributions of virtual time when asked to by the environment.
enum Figures {
    static func report(_ name: String, _ spans: [Duration]) {
        let sorted = spans.sorted()
        guard !sorted.isEmpty else { return print("\(name): none") }
        func place(_ share: Double) -> Int {
            Int(sorted[Int(share * Double(sorted.count - 1))] / .milliseconds(1))
        }
        print("\(name): n=\(sorted.count) median \(place(0.5)) p95 \(place(0.95)) max \(place(1)) ms")
    }
}
