import Gossip
import Primitives

/// Gossip machines of a committee in virtual time: every link takes as long, stores and signatures nothing.
struct GossipWorld {
    private enum Happening {
        case message(LinkMessage, from: Int, to: Int)
        case stored(Int, UInt64)
    }

    private struct Unsigned: Authenticator {
        func sign(_ root: SigningRoot) -> IdentitySignature { IdentitySignature() }
        func isValid(_ signature: IdentitySignature, of root: SigningRoot, by identity: Identity) -> Bool {
            true
        }
    }

    /// What each link takes.
    let hop: Duration
    let committee: Committee
    private(set) var now = Instant.start
    /// Bytes handed to the links so far, with what the layers below add, by type.
    private(set) var sent: [MessageType: Int] = [:]
    /// How often a log entry has crossed a link.
    private(set) var crossings = 0
    /// When each member had an entry first, by author and place.
    private(set) var arrivals: [UInt64: [Instant]] = [:]
    /// Who has each entry.
    private(set) var holders: [UInt64: Set<Int>] = [:]
    private var machines: [GossipMachine] = []
    private var logs: [[Identity: [SignedObject]]]
    private var isDead: [Bool]
    private var links: [Set<Int>]
    /// By the microsecond.
    private var agenda: [Int: [Happening]] = [:]
    private var moments: [Int] = []

    /// A committee whose members are linked as the graph has it, with two links of each one's choice.
    init(size: Int, seed: UInt64, hop: Duration = .milliseconds(1)) throws {
        self.hop = hop
        let members = (0..<size).map { offset in
            Member(
                account: Address(fill(offset, 20)) ?? Address(),
                identity: Identity(fill(offset, 32)) ?? Identity(),
                encryptionKey: CompressedPoint(fill(2, 33)) ?? CompressedPoint(),
                endpoint: ByteList()
            )
        }
        committee = try Committee(Roster(epoch: Epoch(1), members: SSZList(members) ?? SSZList()))
        logs = Array(repeating: [:], count: size)
        isDead = Array(repeating: false, count: size)
        links = Array(repeating: [], count: size)
        var random = SplitMix64(seed: seed)
        let domains = SigningDomains(Deployment(chainId: 1, genesis: Digest(), registry: Address()))
        let status = NodeStatus(
            view: View(1),
            flags: .ready,
            software: SoftwareVersion(1, 0, 0),
            wallTimeAtStart: UnixMilliseconds(rawValue: 0)
        )
        machines = (0..<size).map { _ in
            GossipMachine(
                status: status,
                signatures: Unsigned(),
                domains: domains,
                random: SplitMix64(seed: random.next())
            )
        }
        for own in committee.indices {
            feed(own.offset, .epochStarted(EpochStart(committee: committee, own: own, incarnation: 1)))
        }
        for own in committee.indices {
            var chosen = NeighbourGraph.neighbours(of: own, in: committee)
            while NeighbourGraph.isSparse(size), chosen.count < 2 * NeighbourGraph.cycles(size) + 2 {
                let pick = committee.indices[Int(random.next() % UInt64(size))]
                if pick != own, !chosen.contains(pick) { chosen.append(pick) }
            }
            feed(own.offset, .neighboursChosen(chosen))
            for other in chosen { link(own.offset, other.offset) }
        }
    }

    /// The links that a member has on average.
    var degree: Double { Double(links.reduce(0) { $0 + $1.count }) / Double(links.count) }

    /// The members that live.
    var alive: [Int] { isDead.indices.filter { !isDead[$0] } }

    private mutating func link(_ one: Int, _ other: Int) {
        guard links[one].insert(other).inserted else { return }
        links[other].insert(one)
        let digests = (machines[one].frontierDigest, machines[other].frontierDigest)
        feed(one, .linkUp(MemberIndex(other + 1), frontierDigest: digests.1))
        feed(other, .linkUp(MemberIndex(one + 1), frontierDigest: digests.0))
    }

    /// Ends a member's process; its kernel closes its links.
    mutating func kill(_ member: Int) {
        isDead[member] = true
        for other in links[member].sorted() {
            links[other].remove(member)
            if !isDead[other] { feed(other, .linkDown(MemberIndex(member + 1), .closedByPeer)) }
        }
        links[member] = []
    }

    /// Lets a member append an entry of so many bytes.
    mutating func append(_ member: Int, bytes: Int) {
        feed(member, .entryComposed(.deal, body: [UInt8](repeating: 7, count: bytes)))
    }

    mutating func run(for duration: Duration) {
        let end = now.advanced(by: duration)
        while true {
            let due = alive.compactMap { machines[$0].nextDeadline }.min() ?? end
            let message = moments.first.map { Instant.start.advanced(by: .microseconds($0)) } ?? end
            let next = max(now, min(due, message))
            guard next < end else { break }
            now = next
            if message <= now {
                for happening in agenda.removeValue(forKey: moments.removeFirst()) ?? [] {
                    perform(happening)
                }
            } else {
                for member in alive where machines[member].nextDeadline.map({ $0 <= now }) ?? false {
                    carryOut(machines[member].expired(at: now), by: member)
                }
            }
        }
        now = end
    }

    private mutating func perform(_ happening: Happening) {
        switch happening {
        case .message(let message, let from, let to):
            guard links[from].contains(to) else { return }
            feed(to, .received(message, from: MemberIndex(from + 1)))
        case .stored(let member, let ticket):
            if !isDead[member] { feed(member, .persisted(ticket: ticket)) }
        }
    }

    private mutating func feed(_ member: Int, _ event: GossipMachine.Event) {
        carryOut(machines[member].handle(event, at: now), by: member)
    }

    private mutating func carryOut(_ actions: [GossipMachine.Action], by member: Int) {
        for action in actions {
            switch action {
            case .send(let message, let peer): send(message, from: member, to: peer.offset)
            case .persist(let record, let ticket):
                if case .entries(let author, let entries) = record {
                    logs[member][author, default: []] += entries
                }
                schedule(.stored(member, ticket), after: .zero)
            case .readLog(let read):
                let log = (logs[member][read.author] ?? []).dropFirst(Int(read.first) - 1).prefix(read.count)
                feed(member, .logRead(id: read.id, entries: Array(log)))
            case .deliver(.logEntry(let entry)):
                let name = UInt64(entry.author.rawValue) << 32 | entry.sequence
                arrivals[name, default: []].append(now)
                holders[name, default: []].insert(member)
            case .deliver, .evidence, .penalize, .disconnect, .count: break
            }
        }
    }

    private mutating func send(_ message: LinkMessage, from member: Int, to other: Int) {
        guard links[member].contains(other) else { return }
        sent[message.type, default: 0] += message.body.count + GossipSchedule.messageOverheadBytes
        if message.type == .range, let range = try? LogRange(ssz: message.body) {
            crossings += range.entries.count
        }
        schedule(.message(message, from: member, to: other), after: hop)
    }

    private mutating func schedule(_ happening: Happening, after delay: Duration) {
        let moment = Int(now.advanced(by: delay).sinceStart / .microseconds(1))
        if agenda[moment] == nil {
            let place = moments.firstIndex { $0 > moment } ?? moments.endIndex
            moments.insert(moment, at: place)
        }
        agenda[moment, default: []].append(happening)
    }
}

private func fill(_ number: Int, _ count: Int) -> [UInt8] {
    [UInt8](repeating: UInt8(truncatingIfNeeded: number + 1), count: count)
}
