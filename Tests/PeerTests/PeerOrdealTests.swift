import Consensus
import Cryptography
import Gossip
import Peer
import Primitives
import TestSupport
import Testing

@Suite struct PeerOrdealTests {
    /// A member among three whose keys sign anything, with a chain, a disk and secrets that answer when they like.
    private struct World {
        let bench: PeerBench
        let committee: Committee
        var ordeal: Ordeal<PeerMachine>
        var answers: [PeerMachine.Event] = []
        var overheard: [LinkMessage] = []

        init(seed: UInt64) {
            bench = PeerBench()
            committee = bench.committee(1)
            ordeal = Ordeal(bench.machine, seed: seed)
        }

        private mutating func peer() -> Int { Int(1 + ordeal.random.next() % 3) }
        private mutating func view() -> View { View(ordeal.number(below: 12)) }
        private mutating func order() -> Order {
            Order(incarnation: ordeal.number(below: 3), sequence: ordeal.number(below: 300))
        }

        private mutating func wish() -> [UInt8] {
            let from = ordeal.number(below: 9)
            let to = ordeal.number(below: 12)
            let wish =
                to > from
                ? Wish(from: View(from), to: View(to), reason: .silence, leaderSeen: order())
                : Wish(withdrawingIn: View(from), leaderSeen: order())
            return wish.sszBytes
        }

        private mutating func object(by author: Int) -> SignedObject {
            let (kind, payload): (ObjectKind, [UInt8])
            switch ordeal.random.next() % 6 {
            case 0:
                let heartbeat = Heartbeat(
                    view: view(),
                    wallTime: UnixMilliseconds(rawValue: ordeal.number()),
                    leaderSeen: order(),
                    wish: order(),
                    chainHead: ordeal.number(),
                    anchoredView: view(),
                    frontierDigest: Digest(),
                    flags: [],
                    software: SoftwareVersion(1, 0, 0)
                )
                (kind, payload) = (.heartbeat, heartbeat.sszBytes)
            case 1: (kind, payload) = (.wish, wish())
            case 2: (kind, payload) = (.linkLost, LinkLost(view: view(), leaderSeen: order()).sszBytes)
            case 3:
                let commitment = NonceCommitment(hiding: CompressedPoint(), binding: CompressedPoint())
                let ready = Ready(view: view(), statement: Digest(), key: Digest(), commitment: commitment)
                (kind, payload) = (.ready, ready.sszBytes)
            default: (kind, payload) = (ordeal.one(of: ObjectKind.allCases), ordeal.bytes(atMost: 60))
            }
            let bytes = ordeal.once(in: 10) ? ordeal.spoilt(payload) : payload
            return bench.signed(kind, bytes, by: author, as: author + 1, order: order())
        }

        private mutating func message(from peer: Int) -> LinkMessage {
            switch ordeal.random.next() % 8 {
            case 0: return LinkMessage(.registers, body: ObjectBatch([object(by: self.peer())])!.sszBytes)
            case 1, 2: return LinkMessage(.objects, body: ObjectBatch([object(by: peer)])!.sszBytes)
            case 3: return LinkMessage(.direct, body: object(by: peer).sszBytes)
            case 4:
                let topic = ordeal.one(of: LogTopic.allCases)
                let log = bench.log(of: peer, as: peer + 1, [[1], ordeal.bytes()], topic: topic)
                return LinkMessage(.range, body: LogRange(SSZList(log)!).sszBytes)
            case 5: return LinkMessage(.hello, body: hello().sszBytes)
            case 6:
                let request = CertificateRequest(epoch: Epoch(1), view: view())
                return LinkMessage(.certificateRequest, body: request.sszBytes)
            default:
                let type = ordeal.one(of: MessageType.allCases)
                return LinkMessage(type, body: Array(ordeal.bytes(atMost: 100).prefix(type.bodyLimit)))
            }
        }

        private mutating func hello() -> Hello {
            Hello(
                software: ByteList(),
                protocolVersion: 1,
                epoch: Epoch(ordeal.once(in: 8) ? ordeal.number() : 1),
                configDigest: committee.configDigest,
                view: view(),
                incarnation: ordeal.number(),
                electionView: view(),
                frontierDigest: Digest()
            )
        }

        private mutating func fact() -> ChainFact {
            let stage = ordeal.one(of: [ChainStage.included, .confirmed, .final, .gone])
            switch ordeal.random.next() % 8 {
            case 0: return .head(ordeal.number())
            case 1: return .stale(ordeal.once(in: 2))
            case 2: return .contractView(view())
            case 6:
                let root = SHA256.hash(ordeal.bytes(atMost: 2))
                return .beginning(view(), LatestProof(number: ordeal.number(), root: root))
            case 7:
                let anchor = ProofAnchor(
                    epoch: Epoch(1),
                    number: ordeal.number(),
                    root: SHA256.hash(ordeal.bytes(atMost: 2)),
                    signature: GroupSignature()
                )
                let record = ProofAnchorRecord(anchor: anchor, block: ordeal.number(), transaction: Digest())
                return .proofAnchor(record, stage)
            case 3:
                let record = ElectionRecord(
                    epoch: Epoch(1),
                    view: view(),
                    leader: Address(),
                    signature: GroupSignature(),
                    block: ordeal.number(),
                    transaction: Digest()
                )
                return .election(record, stage)
            case 4: return .groupKey(Epoch(1), transcript: SHA256.hash(ordeal.bytes(atMost: 2)), stage)
            default: return .refused(.election(Epoch(1), view()))
            }
        }

        mutating func events() -> [PeerMachine.Event] {
            let peer = peer()
            let identity = bench.identity(peer)
            switch ordeal.random.next() % 16 {
            case 0...7: return [.received([message(from: peer)], from: identity)]
            case 8, 9:
                let greeting = LinkMessage(.hello, body: hello().sszBytes)
                return [.linkUp(identity), .received([greeting], from: identity)]
            case 10: return [.linkDown(identity, ordeal.once(in: 2) ? .closedByPeer : .other)]
            case 11:
                return [
                    ordeal.once(in: 2)
                        ? .redialRefused(identity, closedAt: ordeal.now) : .redialRefusedEnded(identity)
                ]
            case 12: return [.chain(fact())]
            case 13: return ordeal.once(in: 9) ? [.drainRequested(ordeal.once(in: 2))] : []
            default: return answers.isEmpty ? [] : [answers.removeFirst()]
            }
        }

        mutating func take(_ actions: [PeerMachine.Action]) {
            for action in actions {
                switch action {
                case .persist(_, let ticket): answers.append(.persisted(ticket))
                case .readLog(let read): answers.append(.logRead(id: read.id, entries: []))
                default: break
                }
            }
        }
    }

    @Test(arguments: 1...4)
    func `no order of events stops a member, sets it spinning or makes it grow`(seed: UInt64) {
        var world = World(seed: seed)
        let beginning = EpochBeginning(
            committee: world.committee,
            membersHash: SHA256.hash([2]),
            firstView: View(1)
        )
        world.take(world.ordeal.feed(.epochBegan(beginning)))
        var heaviest = 0
        for step in 0..<1_200 {
            if world.ordeal.once(in: 5) {
                world.take(world.ordeal.rest())
            } else {
                for event in world.events() { world.take(world.ordeal.feed(event)) }
            }
            if step.isMultiple(of: 200) { heaviest = max(heaviest, world.ordeal.weight) }
        }
        #expect(world.ordeal.problems.isEmpty)
        #expect(heaviest < 50_000)
    }
}
