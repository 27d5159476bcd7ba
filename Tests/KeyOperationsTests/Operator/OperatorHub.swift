import BLS12381
import CeremonySupport
import Cryptography
import KeyOperations
import Primitives

/// Operators' machines with their custodians and disks, and four oracles that pass on what is said.
///
/// Each operator's secrets are its own; the stage gives the chain's facts and the identities.
struct OperatorHub {
    /// One operator's process and disk.
    struct Seat {
        var machine: OperatorMachine
        var custodian: OperatorCustodian<SeededSecrets>
        /// What the disk has: what was kept, in order, up to a crash.
        var kept: [OperatorSafekeeping] = []
    }

    var stage: CeremonyStage
    private(set) var seats: [OperatorID: Seat] = [:]
    private(set) var notices: [OperatorID: [OperatorNotice]] = [:]
    private let committee: Committee
    private let oracles: [Identity]
    private var now = Instant.start
    /// Everything that was ever offered, as oracles would bring it again.
    private var offered: [OperatorItem] = []
    private var orders: [(plan: CheckedPlan, vouchers: Int)] = []
    private var queue: [(to: OperatorID, item: OperatorItem)] = []
    /// Operators that are not there.
    var silent: Set<OperatorID> = []
    /// After how many changes of its disk an operator's process ends, once.
    var crash: (id: OperatorID, after: Int)?

    init(operators: [UInt64], seed: UInt64) throws {
        stage = try CeremonyStage(operators: operators, seed: seed)
        var random = SeededSecrets(seed: seed &+ 1_000)
        let members = (0..<4).map { index in
            Member(
                account: random.bytes(),
                identity: IdentityKey(random: &random).identity,
                encryptionKey: EncryptionKey(random: &random).publicKey,
                endpoint: ByteList(Array("127.0.0.1:\(9_000 + index)".utf8)) ?? ByteList()
            )
        }
        committee = try Committee(Roster(epoch: Epoch(1), members: try known(SSZList(members), "a roster")))
        oracles = members.map { $0.identity }
        for id in stage.identities.keys.sorted() { try start(id, []) }
    }

    private mutating func start(_ id: OperatorID, _ kept: [OperatorSafekeeping]) throws {
        var records = OperatorRecords()
        for change in kept { records.apply(change) }
        let identity = try known(stage.identities[id], "an operator")
        let setting = OperatorMachine.Setting(
            id: id,
            identity: identity.identity,
            deployment: stage.domains.deployment,
            network: stage.network
        )
        let text = CeremonyStage.sharesKey(of: id)
        seats[id] = Seat(
            machine: OperatorMachine(
                setting,
                records: records,
                verifier: Ed25519Authenticator(key: identity)
            ),
            custodian: OperatorCustodian(
                id: id,
                identity: identity,
                domains: stage.domains,
                encryption: text.isEmpty ? nil : PlainEncryption(sharesKey: text),
                records: records,
                random: SeededSecrets(seed: id.rawValue &* 77 &+ UInt64(kept.count))
            ),
            kept: kept
        )
        let operators = stage.facts.operators.values.sorted { $0.registration < $1.registration }
        var facts: [OperationFact] = operators.map { .operatorKnown($0) }
        for request in stage.facts.requests.values.sorted(by: { $0.content.number < $1.content.number }) {
            facts.append(.requested(request.content, request.id))
        }
        feed(id, .facts(facts))
        feed(id, .committee(committee))
    }

    // MARK: What a test does

    /// The chain says something more.
    mutating func tell(_ fact: OperationFact) throws {
        for id in seats.keys.sorted() { feed(id, .facts([fact])) }
        try run()
    }

    /// Oracles offer a plan to all, and everything that follows happens.
    mutating func order(_ plan: CheckedPlan, by vouchers: Int = 2) throws {
        if let request = stage.facts.requests[plan.plan.request] {
            for id in seats.keys.sorted() { feed(id, .facts([.requested(request.content, request.id)])) }
        }
        orders.append((plan, vouchers))
        for id in seats.keys.sorted() { offer(plan, vouchers, to: id) }
        try run()
    }

    private mutating func offer(_ plan: CheckedPlan, _ vouchers: Int, to id: OperatorID) {
        let bytes = plan.plan.sszBytes
        for oracle in oracles.prefix(vouchers) {
            feed(id, .vouched(operation: plan.id, digest: SHA256.hash(bytes), by: oracle))
        }
        queue.append((id, OperatorItem(operation: plan.id, kind: .order, bytes: bytes)))
    }

    /// What an operator makes of an attempt.
    func attempt(_ plan: CheckedPlan, at id: OperatorID) -> OperationAttempt? {
        seats[id]?.machine.attempt(plan.id)
    }

    /// The shares on an operator's disk.
    func shares(of id: OperatorID) -> [StoredShare] {
        var records = OperatorRecords()
        for change in seats[id]?.kept ?? [] { records.apply(change) }
        return records.shares.values.sorted { $0.held.position < $1.held.position }
    }

    // MARK: What lies between

    private mutating func run() throws {
        while !queue.isEmpty {
            let next = queue.removeFirst()
            feed(next.to, .came(next.item, from: oracles[0]))
            try restartCrashed()
        }
    }

    private var fallen: OperatorID?

    private mutating func restartCrashed() throws {
        guard let id = fallen else { return }
        fallen = nil
        try start(id, seats[id]?.kept ?? [])
        for (plan, vouchers) in orders { offer(plan, vouchers, to: id) }
        for item in offered { queue.append((id, item)) }
    }

    private mutating func feed(_ id: OperatorID, _ event: OperatorMachine.Event) {
        guard fallen != id else { return }
        var waiting = seats[id]?.machine.handle(event, at: now)[...] ?? []
        while let action = waiting.popFirst(), fallen != id {
            switch action {
            case .offer(let item): pass(item, from: id)
            case .notice(let notice): notices[id, default: []].append(notice)
            case .order(let order):
                guard !silent.contains(id), let outcome = seats[id]?.custodian.perform(order) else {
                    continue
                }
                for change in outcome.safekeeping {
                    seats[id]?.kept.append(change)
                    if let crash, crash.id == id, seats[id]?.kept.count == crash.after {
                        self.crash = nil
                        fallen = id
                        return
                    }
                }
                if let answer = outcome.answer {
                    waiting += seats[id]?.machine.handle(.answered(answer), at: now) ?? []
                }
            case .open, .close, .convict: break
            }
        }
    }

    private mutating func pass(_ item: OperatorItem, from id: OperatorID) {
        guard !offered.contains(item) else { return }
        offered.append(item)
        for other in seats.keys.sorted() where other != id { queue.append((other, item)) }
    }
}

/// Takes as many bytes as RSA does; that nobody can check them is what this test relies on.
private struct PlainEncryption: ShareEncryption {
    let sharesKey: [UInt8]

    func encrypt(_: SecretFr) throws(ShareEncryptionFault) -> [UInt8] { [UInt8](repeating: 7, count: 256) }
}
