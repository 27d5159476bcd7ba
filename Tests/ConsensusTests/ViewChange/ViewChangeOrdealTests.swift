import Consensus
import Primitives
import TestSupport
import Testing

@Suite struct ViewChangeOrdealTests {
    /// Everything that peers, links, the chain and the store can say, with numbers up to the last.
    private struct World {
        var ordeal: Ordeal<ViewChangeMachine>
        var bench: Bench
        var wishes: [SignedObject] = []
        var tickets: [UInt64] = []
        var beats: UInt64 = 0

        init(seed: UInt64) {
            bench = Bench()
            ordeal = Ordeal(bench.machine, seed: seed)
        }

        private mutating func member() -> MemberIndex { ordeal.one(of: bench.committee.indices) }
        private mutating func other() -> MemberIndex { ordeal.one(of: bench.others + [bench.leader]) }
        private mutating func view() -> View { View(ordeal.number(below: 12)) }
        private mutating func order() -> Order {
            Order(incarnation: ordeal.number(below: 3), sequence: ordeal.number(below: 40))
        }

        private mutating func wish() -> SignedObject {
            let (from, to) = (ordeal.number(below: 12), ordeal.number(below: 14))
            let reason = ordeal.one(of: WishReason.allCases.filter { $0 != .none })
            let wish =
                to > from
                ? Wish(from: View(from), to: View(to), reason: reason, leaderSeen: order())
                : Wish(withdrawingIn: View(from), leaderSeen: order())
            let payload = ordeal.once(in: 10) ? ordeal.spoilt(wish.sszBytes) : wish.sszBytes
            let kind = ordeal.once(in: 8) ? ObjectKind.linkLost : .wish
            let object = bench.signed(payload, kind, by: other(), sequence: ordeal.number(below: 1_000))
            wishes.append(object)
            if wishes.count > 40 { wishes.removeFirst() }
            return object
        }

        private mutating func viewCertificate() -> ViewCertificate {
            var chosen: [MemberIndex: SignedObject] = [:]
            for wish in wishes where ordeal.once(in: 2) { chosen[wish.object.author] = wish }
            let list = chosen.values.sorted { $0.object.author < $1.object.author }
            return ViewCertificate(epoch: bench.committee.epoch, view: view(), wishes: SSZList(list)!)
        }

        private mutating func election() -> ElectionCertificate {
            var certificate = bench.election(of: view())
            if ordeal.once(in: 4) { certificate.signature[3] ^= 1 }
            return certificate
        }

        mutating func event() -> ViewChangeMachine.Event {
            switch ordeal.random.next() % 20 {
            case 0...4:
                return .heard(
                    HeartbeatFact(
                        author: other(),
                        order: order(),
                        view: view(),
                        leaderSeen: order(),
                        isDraining: ordeal.once(in: 9),
                        lacksQuorum: ordeal.once(in: 9)
                    )
                )
            case 5:
                beats += 1
                return .beat(Order(incarnation: 1, sequence: beats))
            case 6...8: return .received(wish())
            case 9: return .linkUp(other(), view: view())
            case 10: return .linkClosed(other(), byPeer: ordeal.once(in: 2))
            case 11: return ordeal.once(in: 2) ? .redialRefused(other()) : .linkRefusedEnded(other())
            case 12:
                return .roundTripMeasured(other(), .microseconds(Int64(ordeal.random.next() % 10_000_000)))
            case 13: return .viewCertificateReceived(viewCertificate(), from: other())
            case 14: return .electionCertificateReceived(election(), from: ordeal.once(in: 2) ? nil : other())
            case 15:
                let request = CertificateRequest(epoch: bench.committee.epoch, view: view())
                return .certificatesRequested(request, by: other())
            case 16: return ordeal.once(in: 5) ? .groupKeyActivated(SimGroupVerifier()) : .dutyOwed(true)
            case 17: return .dutyOwed(ordeal.once(in: 2))
            case 18:
                return ordeal.once(in: 20)
                    ? .misbehaviourProven(member()) : .drainRequested(ordeal.once(in: 2))
            default: return .persisted(tickets.isEmpty ? 0 : tickets.removeFirst())
            }
        }

        mutating func take(_ actions: [ViewChangeMachine.Action]) {
            for case .persist(_, let ticket) in actions { tickets.append(ticket) }
        }
    }

    @Test(arguments: 1...6)
    func `no order of events stops it, sets it spinning or makes it grow`(seed: UInt64) {
        var world = World(seed: seed)
        world.take(world.ordeal.feed(.started))
        var heaviest = 0
        for step in 0..<3_000 {
            if world.ordeal.once(in: 4) {
                world.take(world.ordeal.rest())
            } else {
                let event = world.event()
                world.take(world.ordeal.feed(event))
            }
            if step.isMultiple(of: 250) { heaviest = max(heaviest, world.ordeal.weight) }
        }
        #expect(world.ordeal.problems.isEmpty)
        #expect(heaviest < 3_000)
    }
}
