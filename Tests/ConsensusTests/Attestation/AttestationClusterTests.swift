import Cryptography
import Primitives
import Testing

@testable import Consensus

/// A committee's attestation machines over logs that spread at random, with liars that lead.
private struct AttestationCluster {
    private enum Entry {
        case word
        case list(AttestedLogs)
    }

    let committee: Committee
    let liars: Set<MemberIndex>
    private var machines: [AttestationMachine]
    private var entries: [[Entry]]
    private(set) var logs: TestLogs
    /// How many entries of each log each member has.
    private var held: [[Int]]
    private var endorsers: [ProofAnchorStatement: Set<MemberIndex>] = [:]
    private var lists: [Digest: AttestedLogs] = [:]
    private(set) var anchored: [AttestedLogs] = []
    private var told: [Int]
    private var view = View(1)
    private var now = Instant.start
    private var random: SplitMix64

    init(size: Int, liars count: Int, seed: UInt64) {
        let committee = SimCommittee.make(size: size)
        self.committee = committee
        random = SplitMix64(seed: seed)
        liars = Set(committee.indices.shuffled(using: &random).prefix(count))
        logs = TestLogs(size: size)
        entries = Array(repeating: [], count: size)
        held = Array(repeating: Array(repeating: 0, count: size), count: size)
        told = Array(repeating: 0, count: size)
        machines = committee.indices.map { member in
            AttestationMachine(
                AttestationMachine.Setting(committee: committee, member: member, interval: .seconds(30))
            )
        }
        for member in committee.indices {
            feed(member, .entered(view))
            feed(member, .keyActivated)
            feed(member, .anchored(number: 0, root: Digest()))
        }
    }

    var honest: [MemberIndex] { committee.indices.filter { !liars.contains($0) } }
    var leader: MemberIndex { committee.leader(of: view) }

    mutating func changeView() {
        view = view.advanced(by: 1)
        for member in committee.indices { feed(member, .entered(view)) }
        if liars.contains(leader) { lie() }
    }

    mutating func say(_ author: MemberIndex) { append(.word, by: author) }

    /// Lets seconds pass, of which each brings some entries to some members.
    mutating func run(seconds: Int) {
        for _ in 0..<seconds {
            now = now.advanced(by: .seconds(1))
            for member in committee.indices {
                for author in committee.indices { spread(author, to: member) }
                tellOfAnchors(member)
                if let due = machines[member.offset].nextDeadline, due <= now {
                    take(machines[member.offset].expired(at: now), by: member)
                }
            }
        }
    }

    private mutating func append(_ entry: Entry, by author: MemberIndex) {
        logs.append(author)
        entries[author.offset].append(entry)
    }

    private mutating func lie() {
        guard var log = honest.first.map({ logs.checkpoint($0) }), log.size > 0 else { return }
        log.root = SHA256.hash([UInt8(truncatingIfNeeded: random.next())])
        let list = AttestedLogs(
            epoch: Epoch(1),
            number: UInt64(anchored.count) + 1,
            previous: anchored.last?.hashTreeRoot() ?? Digest(),
            logs: SSZList([log])!
        )
        append(.list(list), by: leader)
    }

    private mutating func spread(_ author: MemberIndex, to member: MemberIndex) {
        let known = entries[author.offset].count
        guard held[member.offset][author.offset] < known, random.next() % 3 != 0 else { return }
        let place = held[member.offset][author.offset]
        held[member.offset][author.offset] += 1
        let size = UInt64(place + 1)
        feed(member, .stands(logs.checkpoint(author, size: size)))
        switch entries[author.offset][place] {
        case .word: feed(member, .said(author, sequence: size))
        case .list(let list): feed(member, .proposed(list, by: author))
        }
    }

    private mutating func tellOfAnchors(_ member: MemberIndex) {
        guard told[member.offset] < anchored.count, random.next() % 3 == 0 else { return }
        let list = anchored[told[member.offset]]
        told[member.offset] += 1
        feed(member, .signed(number: list.number, root: list.hashTreeRoot()))
        feed(member, .anchored(number: list.number, root: list.hashTreeRoot()))
    }

    private mutating func feed(_ member: MemberIndex, _ event: AttestationMachine.Event) {
        take(machines[member.offset].handle(event, at: now), by: member)
    }

    private mutating func take(_ actions: [AttestationMachine.Action], by member: MemberIndex) {
        for action in actions where !liars.contains(member) {
            switch action {
            case .propose(let list):
                lists[list.hashTreeRoot()] = list
                append(.list(list), by: member)
            case .endorse(let statement):
                endorsers[statement, default: []].insert(member)
                // Liars sign whatever helps.
                let count = (endorsers[statement]?.count ?? 0) + liars.count
                if count >= committee.quorum, statement.number == anchored.count + 1 {
                    guard let list = lists[statement.root] else {
                        Issue.record("a list that nobody honest has proposed is signed")
                        continue
                    }
                    anchored.append(list)
                }
            case .retract(let statement): endorsers[statement]?.remove(member)
            case .penalize(let culprit, _):
                if !liars.contains(culprit) { Issue.record("\(member) blames \(culprit)") }
            }
        }
    }

    /// Whether the newest anchored list has all that the logs hold but what is about attesting.
    var coversAll: Bool {
        committee.indices.allSatisfy { author in
            let last = entries[author.offset].lastIndex { if case .word = $0 { true } else { false } }
            guard let last else { return true }
            return anchored.last?[author].map { $0.size > last } ?? false
        }
    }
}

@Suite struct AttestationClusterTests {
    @Test(arguments: [(4, 1), (4, 0), (7, 2)], 1...8)
    func `whoever leads, only the truth is anchored, and all of it once an honest member leads`(
        size: (members: Int, liars: Int),
        seed: UInt64
    ) {
        var cluster = AttestationCluster(size: size.members, liars: size.liars, seed: seed)
        var random = SplitMix64(seed: seed)
        for _ in 0..<12 {
            for _ in 0..<(1 + random.next() % 5) {
                cluster.say(cluster.committee.indices.randomElement(using: &random)!)
                cluster.run(seconds: Int(random.next() % 15))
            }
            cluster.changeView()
        }
        while cluster.liars.contains(cluster.leader) { cluster.changeView() }
        cluster.run(seconds: 120)
        #expect(cluster.coversAll)
        var previous = Digest()
        for (place, list) in cluster.anchored.enumerated() {
            #expect(list.number == UInt64(place + 1) && list.previous == previous)
            for log in list.logs { #expect(cluster.logs.checkpoint(log.author, size: log.size) == log) }
            previous = list.hashTreeRoot()
        }
        let count = cluster.anchored.count
        #expect(count > 1)
        cluster.run(seconds: 300)
        #expect(cluster.anchored.count == count)
    }
}
