import Gossip
import Primitives

/// What a committee's gossip costs, counted in virtual time: at rest, for an object, and while members die.
@Sendable
func gossip() throws -> [Figure] {
    try [20, 32, 50, 100, 128].flatMap { try gossip(of: $0) }
}

/// The same in a committee of so many.
func gossip(of size: Int) throws -> [Figure] {
    try rest(of: size) + spread(in: size, over: .milliseconds(1)) + spread(in: size, over: .milliseconds(50))
}

private let warmUp = Duration.seconds(10)

private func rest(of size: Int) throws -> [Figure] {
    var world = try GossipWorld(size: size, seed: 1)
    world.run(for: warmUp)
    let before = world.sent
    world.run(for: .seconds(20))
    let sent = world.sent.merging(before) { $0 - $1 }
    func rate(_ types: [MessageType]) -> String {
        rounded(Double(types.reduce(0) { $0 + (sent[$1] ?? 0) }) / 20 / Double(size) / 1_000)
    }
    let all = rate(MessageType.allCases)
    let value = "\(all) kB/s, of it heartbeats \(rate([.registers])); \(rounded(world.degree)) mesh links"
    return [Figure(name: "n = \(size): a member at rest sends", value: value)]
}

private func spread(in size: Int, over hop: Duration) throws -> [Figure] {
    let name = "n = \(size), links of \(hop.shown): 1 KiB"
    return [
        Figure(name: "\(name) in a quiet mesh", value: try objects(in: size, over: hop, dying: 0)),
        Figure(name: "\(name) while a tenth dies", value: try objects(in: size, over: hop, dying: size / 10)),
    ]
}

/// Crossings of links per object and receiver, duplicates included, and the way to the middle and the last receiver.
private func objects(in size: Int, over hop: Duration, dying: Int) throws -> String {
    var world = try GossipWorld(size: size, seed: 2, hop: hop)
    world.run(for: warmUp)
    let (before, count) = (world.crossings, 100)
    var random = SplitMix64(seed: 3)
    var killed = 0
    for round in 0..<count {
        let alive = world.alive
        if killed < dying, round % (count / dying) == 1 {
            world.kill(alive[Int(random.next() % UInt64(alive.count))])
            killed += 1
        }
        let author = world.alive[Int(random.next() % UInt64(world.alive.count))]
        world.append(author, bytes: 1_024 - 5)
        world.run(for: .milliseconds(100))
    }
    world.run(for: .seconds(10))
    let ways = world.arrivals.values.flatMap { times in
        times.map { times[0].duration(to: $0) / hop }
    }
    .filter { $0 > 0 }.sorted()
    let living = Set(world.alive)
    let lacking = world.holders.values.reduce(0) { $0 + living.subtracting($1).count }
    let ratio = Double(world.crossings - before) / Double(count * (size - 1))
    let hops =
        "\(rounded(ways[ways.count / 2])) and \(rounded(ways[ways.count * 99 / 100])) and \(rounded(ways[ways.count - 1]))"
    return
        "\(rounded(ratio)) x (n - 1) crossings; median, 99th and last receiver after \(hops) hops; \(lacking) lacking"
}
