import Primitives
import TestSupport
import Testing

@testable import Gossip

@Suite struct GossipOrdealTests {
    /// A member among three that say whatever their keys can sign.
    private struct World {
        let cast = TestCommittee(size: 4)
        let logs: [[SignedObject]]
        var ordeal: Ordeal<GossipMachine>
        var answers: [GossipMachine.Event] = []
        var store = TestStore()
        var wishes: UInt64 = 0

        init(seed: UInt64) {
            logs = [2, 3, 4].map { [cast] in cast.log(by: MemberIndex($0), count: 12) }
            let node = TestNode(cast, 1, seed: seed)
            ordeal = Ordeal(node.machine, seed: seed)
        }

        private mutating func other() -> MemberIndex { MemberIndex(Int(2 + ordeal.random.next() % 3)) }
        private mutating func order() -> Order {
            Order(incarnation: ordeal.number(below: 3), sequence: ordeal.number(below: 400))
        }

        private mutating func object() -> SignedObject {
            let author = other()
            switch ordeal.random.next() % 5 {
            case 0, 1:
                return cast.heartbeat(
                    by: author,
                    order: order(),
                    wish: order(),
                    view: ordeal.number(below: 9)
                )
            case 2: return cast.signed(.wish, by: author, order: order(), payload: ordeal.bytes())
            case 3: return cast.signed(.linkLost, by: author, order: order(), payload: ordeal.bytes())
            default:
                let kind = ordeal.one(of: ObjectKind.allCases)
                return cast.signed(kind, by: author, order: order(), payload: ordeal.bytes())
            }
        }

        private mutating func message() -> (MessageType, [UInt8]) {
            let log = ordeal.one(of: logs)
            switch ordeal.random.next() % 12 {
            case 0...3: return (.registers, ObjectBatch((0..<3).map { _ in object() })!.sszBytes)
            case 4: return (.objects, ObjectBatch([object()])!.sszBytes)
            case 5:
                let kind = ordeal.one(of: [ObjectKind.ready, .signRequest, .signShare])
                let object = cast.signed(kind, by: other(), order: order(), payload: ordeal.bytes())
                return (.direct, object.sszBytes)
            case 6, 7:
                let first = Int(ordeal.random.next() % 10)
                var entries = Array(log[first..<min(12, first + 3)])
                if ordeal.once(in: 5) { entries.append(object()) }
                return (.range, LogRange(SSZList(entries)!).sszBytes)
            case 8:
                let pull = Pull(
                    author: other(),
                    first: ordeal.number(below: 14),
                    count: UInt16(truncatingIfNeeded: ordeal.number(below: 70))
                )
                return (.pull, pull.sszBytes)
            case 9:
                let list = [2, 3, 4].map {
                    Frontier(author: MemberIndex($0), sequence: ordeal.number(below: 30), head: Digest())
                }
                return (.frontiers, Frontiers(SSZList(list)!).sszBytes)
            case 10: return (.relayWanted, RelayWanted([other()]).sszBytes)
            default: return (ordeal.one(of: MessageType.allCases), ordeal.bytes(atMost: 60))
            }
        }

        mutating func event() -> GossipMachine.Event? {
            switch ordeal.random.next() % 20 {
            case 0...11:
                let (type, body) = message()
                let bytes = ordeal.once(in: 6) ? ordeal.spoilt(body) : body
                guard bytes.count <= type.bodyLimit else { return nil }
                return .received(LinkMessage(type, body: bytes), from: other())
            case 12, 13: return .linkUp(other(), frontierDigest: SHA256.hash(ordeal.bytes(atMost: 2)))
            case 14: return .linkDown(other(), ordeal.once(in: 2) ? .closedByPeer : .other)
            case 15:
                return ordeal.once(in: 2)
                    ? .statusChanged(TestNode.status(view: ordeal.number(below: 9)))
                    : .heartbeatWanted(of: other(), by: other())
            case 16:
                wishes += 1
                let order = Order(incarnation: 1, sequence: wishes)
                return .registerSigned(cast.signed(.wish, by: MemberIndex(1), order: order, payload: [1]))
            case 17 where ordeal.once(in: 4): return .entryComposed(.deal, body: ordeal.bytes())
            case 17: return .directComposed(.ready, payload: ordeal.bytes(), to: other())
            default:
                guard !answers.isEmpty else { return nil }
                return answers.removeFirst()
            }
        }

        mutating func take(_ actions: [GossipMachine.Action]) {
            for action in actions {
                switch action {
                case .persist(let record, let ticket):
                    store.persist(record)
                    answers.append(.persisted(ticket: ticket))
                case .readLog(let read): answers.append(.logRead(id: read.id, entries: store.read(read)))
                default: break
                }
            }
        }
    }

    @Test(arguments: 1...6)
    func `no order of events stops it, sets it spinning or makes it grow`(seed: UInt64) {
        var world = World(seed: seed)
        var heaviest = 0
        for step in 0..<3_000 {
            if world.ordeal.once(in: 4) {
                world.take(world.ordeal.rest())
            } else if let event = world.event() {
                world.take(world.ordeal.feed(event))
            }
            if step.isMultiple(of: 250) { heaviest = max(heaviest, world.ordeal.weight) }
        }
        #expect(world.ordeal.problems.isEmpty)
        #expect(heaviest < 50_000)
    }
}
