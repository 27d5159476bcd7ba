import Cryptography
import Primitives

@testable import Consensus

/// Logs as lists of leaves, and what they come to.
struct TestLogs {
    let epoch: Epoch
    private(set) var leaves: [[Digest]]

    init(size: Int, epoch: Epoch = Epoch(1)) {
        self.epoch = epoch
        leaves = Array(repeating: [], count: size)
    }

    func size(_ author: MemberIndex) -> UInt64 { UInt64(leaves[author.offset].count) }

    mutating func append(_ author: MemberIndex, salt: UInt8 = 0) {
        let place = UInt8(truncatingIfNeeded: leaves[author.offset].count)
        leaves[author.offset].append(SHA256.hash([UInt8(author.rawValue), place, salt]))
    }

    func checkpoint(_ author: MemberIndex, size: UInt64? = nil) -> Checkpoint {
        let known = leaves[author.offset].prefix(Int(size ?? self.size(author)))
        return Checkpoint(
            epoch: epoch,
            author: author,
            size: UInt64(known.count),
            root: LogTree(known.map { LogTree.leaf($0) }).root,
            head: known.last ?? Digest()
        )
    }
}

/// One attestation machine, fed by hand.
struct AttestationBench {
    static let interval = Duration.seconds(30)

    let committee: Committee
    let member: MemberIndex
    var machine: AttestationMachine
    var logs: TestLogs
    var now = Instant.start
    var proposed: [AttestedLogs] = []
    var endorsed: [ProofAnchorStatement] = []
    var retracted: [ProofAnchorStatement] = []
    var penalties: [MemberIndex] = []

    /// In view 1, with the key in force and a chain without anchors, unless it is to be without.
    init(_ member: MemberIndex? = nil, size: Int = 4, isReady: Bool = true) {
        committee = SimCommittee.make(size: size)
        let leader = committee.leader(of: View(1))
        self.member = member ?? leader
        logs = TestLogs(size: size)
        machine = AttestationMachine(
            AttestationMachine.Setting(
                committee: committee,
                member: self.member,
                interval: Self.interval
            )
        )
        guard isReady else { return }
        feed(.entered(View(1)))
        feed(.keyActivated)
        feed(.anchored(number: 0, root: Digest()))
    }

    /// A member that follows the leader of view 1.
    static func follower(size: Int = 4) -> AttestationBench {
        let committee = SimCommittee.make(size: size)
        let leader = committee.leader(of: View(1))
        return AttestationBench(committee.indices.first { $0 != leader }!, size: size)
    }

    var leader: MemberIndex { committee.leader(of: machine.view ?? View(1)) }
    var others: [MemberIndex] { committee.indices.filter { $0 != leader } }

    mutating func feed(_ event: AttestationMachine.Event) {
        take(machine.handle(event, at: now))
    }

    mutating func advance(by duration: Duration) {
        let end = now.advanced(by: duration)
        while let due = machine.nextDeadline, due <= end {
            precondition(due > now, "the machine asks for a moment that is past")
            now = due
            take(machine.expired(at: now))
        }
        now = end
    }

    private mutating func take(_ actions: [AttestationMachine.Action]) {
        for action in actions {
            switch action {
            case .propose(let list): proposed.append(list)
            case .endorse(let statement): endorsed.append(statement)
            case .retract(let statement): retracted.append(statement)
            case .penalize(let member, _): penalties.append(member)
            }
        }
    }

    /// An entry of a member becomes durable here.
    mutating func grow(_ author: MemberIndex, by count: Int = 1, isAttesting: Bool = false) {
        for _ in 0..<count {
            logs.append(author)
            feed(.stands(logs.checkpoint(author)))
            if !isAttesting { feed(.said(author, sequence: logs.size(author))) }
        }
    }

    func list(
        _ checkpoints: [Checkpoint]? = nil,
        number: UInt64 = 1,
        previous: Digest = Digest()
    ) -> AttestedLogs {
        let all = committee.indices.filter { logs.size($0) > 0 }.map { logs.checkpoint($0) }
        return AttestedLogs(
            epoch: Epoch(1),
            number: number,
            previous: previous,
            logs: SSZList(checkpoints ?? all)!
        )
    }

    mutating func propose(_ list: AttestedLogs, by author: MemberIndex? = nil) {
        feed(.proposed(list, by: author ?? leader))
    }
}
