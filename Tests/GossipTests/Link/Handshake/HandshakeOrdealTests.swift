import Cryptography
import Gossip
import Primitives
import Testing

@Suite struct HandshakeOrdealTests {
    /// Both ends of a connection whose bytes come late, in pieces, changed, or from somebody else.
    private struct Wire: ~Copyable {
        var left: HandshakeMachine
        var right: HandshakeMachine
        var toLeft: [UInt8] = []
        var toRight: [UInt8] = []
        var random: SeededRandom
        var log: [Side: Log] = [.left: Log(), .right: Log()]
        var isHonest = true

        enum Side: CaseIterable { case left, right }

        /// What an end has ordered so far.
        struct Log {
            var links: [Identity] = []
            var failures = 0
            var sentBytes = 0
            var sessions = 0
            var isOver: Bool { !links.isEmpty || failures > 0 }
        }

        init(_ left: consuming HandshakeMachine, _ right: consuming HandshakeMachine, seed: UInt64) {
            self.left = left
            self.right = right
            random = SeededRandom(seed: seed)
        }

        mutating func take(_ actions: [HandshakeMachine.Action], of side: Side) {
            for action in actions {
                switch action {
                case .send(let bytes):
                    log[side]?.sentBytes += bytes.count
                    if side == .left { toRight += bytes } else { toLeft += bytes }
                case .establish(let peer): log[side]?.links.append(peer)
                case .fail: log[side]?.failures += 1
                }
            }
        }

        mutating func start() { take(left.start(random: &random), of: .left) }

        /// Lets so many bytes arrive; what the end does not consume comes again with the next.
        mutating func deliver(_ count: Int, to side: Side) {
            let wasOver = log[side]?.isOver == true
            let unread = side == .left ? toLeft : toRight
            let arrived = Array(unread.prefix(count))
            let progress =
                side == .left
                ? left.receive(unsafe arrived.span.bytes, random: &random)
                : right.receive(unsafe arrived.span.bytes, random: &random)
            #expect(progress.consumed <= arrived.count)
            if wasOver { #expect(progress.consumed == 0 && progress.actions.isEmpty) }
            if side == .left {
                toLeft.removeFirst(progress.consumed)
            } else {
                toRight.removeFirst(progress.consumed)
            }
            take(progress.actions, of: side)
        }

        /// Changes a byte that is under way.
        mutating func spoil(_ generator: inout SplitMix64) {
            let place = Int(generator.next() % 4_096)
            let bit = UInt8(generator.next() % 8)
            func change(_ bytes: inout [UInt8]) {
                guard !bytes.isEmpty else { return }
                bytes[place % bytes.count] ^= 1 << bit
                isHonest = false
            }
            if place.isMultiple(of: 2) { change(&toLeft) } else { change(&toRight) }
        }

        mutating func happen(_ generator: inout SplitMix64, at now: Instant) {
            let side = Side.allCases[Int(generator.next() % 2)]
            switch generator.next() % 40 {
            case 5 where generator.next() % 4 == 0: spoil(&generator)
            case 6 where generator.next() % 4 == 0:
                take(side == .left ? left.closedByPeer() : right.closedByPeer(), of: side)
            case 7: take(side == .left ? left.expired(at: now) : right.expired(at: now), of: side)
            case 8:
                let session = side == .left ? left.takeSession() : right.takeSession()
                if session != nil { log[side]?.sessions += 1 }
            case 9...20: deliver(.max, to: side)
            default: deliver(Int(generator.next() % 80), to: side)
            }
        }
    }

    @Test(arguments: 1...6)
    func `no order of bytes, ends and moments makes a second link, or one with somebody else`(seed: UInt64) {
        let world = World(seed: seed)
        let stranger = World(chainId: 1, seed: seed + 1)
        var generator = SplitMix64(seed: seed)
        var established = 0
        for round in 0..<150 {
            let isStranger = round.isMultiple(of: 10)
            let dialing = isStranger ? stranger.nodes[0] : world.nodes[0]
            // Now and then another answers than was dialed.
            let expected = world.identity(round.isMultiple(of: 7) ? 2 : 1)
            var wire = Wire(
                HandshakeMachine(dialing: expected, dialing, at: .start),
                HandshakeMachine(accepting: world.nodes[1], at: .start),
                seed: seed &+ UInt64(round)
            )
            wire.start()
            var now = Instant.start
            for _ in 0..<60 {
                now = now.advanced(by: .milliseconds(Int64(generator.next() % 120)))
                wire.happen(&generator, at: now)
            }
            let left = wire.log[.left] ?? Wire.Log()
            let right = wire.log[.right] ?? Wire.Log()
            for log in [left, right] {
                #expect(log.links.count + log.failures <= 1)
                #expect(log.sessions <= log.links.count)
                #expect(log.sentBytes <= 1_024)
            }
            #expect(left.links.allSatisfy { $0 == expected && expected == world.identity(1) && !isStranger })
            #expect(right.links.allSatisfy { $0 == world.identity(0) && !isStranger })
            // Changed bytes make no link at the end that they reach.
            if !wire.isHonest { #expect(left.links.isEmpty || right.links.isEmpty) }
            #expect((wire.left.nextDeadline == nil) == left.isOver)
            #expect((wire.right.nextDeadline == nil) == right.isOver)
            if !right.links.isEmpty { established += 1 }
        }
        #expect(established > 10)
    }
}
