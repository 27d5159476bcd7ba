import Gossip
import Primitives
import TestSupport
import Testing

@Suite struct LinkOrdealTests {
    @Test(arguments: 1...6)
    func `no order of dials and losses stops the redialling or sets it spinning`(seed: UInt64) {
        let machine = RedialMachine(isFavoured: seed.isMultiple(of: 2), random: SplitMix64(seed: seed))
        var ordeal = Ordeal(machine, seed: seed)
        let events: [RedialMachine.Event] = [
            .started, .dialFailed(.refused), .dialFailed(.failed), .linkUp(.own), .linkUp(.peer),
            .linkLost(.closedByPeer), .linkLost(.other), .signOfLife,
        ]
        var isWanted = false
        for _ in 0..<20_000 {
            if ordeal.once(in: 3) {
                _ = ordeal.rest()
            } else if ordeal.once(in: 400) {
                isWanted = false
                _ = ordeal.feed(.stopped)
            } else {
                let event = ordeal.one(of: events)
                if event == .started { isWanted = true }
                _ = ordeal.feed(event)
            }
            // Nothing is due for whom nobody wants.
            if !isWanted, ordeal.machine.nextDeadline != nil { Issue.record("dials after its end") }
        }
        #expect(ordeal.problems.isEmpty)
    }

    @Test(arguments: 1...2)
    func `connections from ever new hosts do not make the admission grow`(seed: UInt64) throws {
        var random = SplitMix64(seed: seed)
        var control = AdmissionControl()
        var open: [AdmissionControl.Ticket] = []
        var now = Instant.start
        let limits = AdmissionControl.Configuration()
        for _ in 0..<20_000 {
            now = now.advanced(by: .microseconds(Int64(random.next() % 5_000)))
            let address = random.next() % 3 == 0 ? random.next() % 50 : random.next()
            let host = try #require(
                HostPrefix((0..<4).map { UInt8(truncatingIfNeeded: address >> ($0 * 8)) })
            )
            if random.next() % 5_000 == 0 { control.setMembers(at: [host: 1]) }
            if case .admitted(let ticket) = control.connectionArrived(from: host, at: now) {
                open.append(ticket)
            }
            while !open.isEmpty, random.next() % 2 == 0 {
                let outcome: AdmissionControl.Outcome = random.next() % 3 == 0 ? .badIdentity : .failed
                control.handshakeEnded(open.removeLast(), outcome, at: now)
            }
            if control.halfOpenCount > limits.halfOpenLimit { Issue.record("too many handshakes at a time") }
        }
        let weight = Mirror(reflecting: control).children.reduce(0) { sum, child in
            sum + Self.count(child.value)
        }
        // A place in the table, in its index and for its neighbours each.
        #expect(weight < 40 * (limits.rememberedHosts + limits.rememberedBans))
    }

    private static func count(_ value: Any) -> Int {
        Mirror(reflecting: value).children.reduce(1) { $0 + count($1.value) }
    }

    @Test(arguments: 1...4)
    func
        `a link fed with honest, changed and made-up bytes in any portions ends or goes on, and holds little`(
            seed: UInt64
        ) throws
    {
        var random = SplitMix64(seed: seed)
        for _ in 0..<30 {
            var connection = Connection(World(seed: seed))
            connection.run()
            var left = try connection.left.session()
            var right = try connection.right.session()
            var unread: [UInt8] = []
            rounds: for _ in 0..<40 {
                var wire = try left.seal([message(.range, Int(random.next() % 3_000)), message(.ping, 8)])
                if random.next() % 30 == 0 {
                    wire[Int(random.next() % UInt64(wire.count))] ^= 1
                }
                if random.next() % 40 == 0 { wire.insert(UInt8(truncatingIfNeeded: random.next()), at: 0) }
                while !wire.isEmpty {
                    let portion = min(wire.count, Int(1 + random.next() % 2_000))
                    unread += wire.prefix(portion)
                    wire.removeFirst(portion)
                    guard let messages = try? right.open(&unread) else { break rounds }
                    #expect(messages.allSatisfy { $0.body.count <= 3_000 })
                    #expect(unread.count < RecordFormat.recordLimit)
                }
            }
        }
    }
}
