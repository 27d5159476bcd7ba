import Cryptography
import Ethereum
import Gossip
import Peer
import Primitives

/// A committee of whole members in virtual time, over networks, disks, clocks and a chain that may all do their worst.
///
/// It performs what machines order as the product's shells do, from the same machines, and decides everything that
/// reality would decide by drawing from one seed. Everything is in the order of one queue; nothing runs beside it.
final class World {
    let scenario: Scenario
    let committee: Committee
    let deployment: Deployment
    let plan: FaultPlan
    let membersHash: Digest
    let pace: CeremonyPace
    let conspiracy: Conspiracy
    let makePlayer: (Seat) -> any Player
    var nodes: [SimulatedNode]
    var network: NetworkCondition
    var chain: SimulatedChain
    /// The newest anchor of the logs that was judged.
    var lastProof = LatestProof.none
    /// The chain in a world that plays chain clients.
    var ledger: Ledger?
    var random: SplitMix64
    var queue = EventQueue<Happening>()
    var now = WorldTime.start
    var trace: Trace
    var invariants: Invariants
    var judge: LivenessJudge
    var report: Report
    var lastLink: UInt64 = 0
    var isOver = false

    init(
        _ cast: Cast,
        plan: FaultPlan,
        conspiracy: Conspiracy,
        makePlayer: @escaping (Seat) -> any Player,
        keepsTrace: Bool
    ) {
        self.conspiracy = conspiracy
        scenario = cast.scenario
        committee = cast.committee
        deployment = cast.deployment
        membersHash = cast.membersHash
        self.plan = plan
        self.makePlayer = makePlayer
        pace = CeremonyPace(stagger: .seconds(3), attestationInterval: .seconds(10))
        random = SplitMix64(seed: cast.seed &* 0x9E37_79B9_7F4A_7C15 &+ 7)
        network = NetworkCondition(size: committee.size)
        nodes = zip(committee.indices, cast.keys).map { member, keys in
            SimulatedNode(
                member,
                keys: keys,
                size: cast.committee.size,
                isHonest: !cast.byzantine.contains(member)
            )
        }
        let terms = ContractModel.Terms(committee: committee, cryptography: cast.cryptography)
        chain = SimulatedChain(terms)
        if case .client(let access) = scenario.chain {
            ledger = Ledger(terms, registry: deployment.registry)
            for node in nodes { node.endpoints = Array(repeating: LedgerEndpoint(), count: access.endpoints) }
        }
        trace = Trace(isKept: keepsTrace)
        invariants = Invariants(
            committee: committee,
            honest: nodes.map(\.isHonest),
            domain: StatementDomain(deployment)
        )
        judge = LivenessJudge()
        report = Report(
            scenario: cast.scenario,
            seed: cast.seed,
            plan: plan,
            strategies: cast.strategies
        )
    }

    // MARK: The run

    /// Plays everything to its end.
    func run() -> Report {
        for node in nodes {
            queue.add(
                .boot(node: node.offset),
                at: now + random.span(.milliseconds(0)...Span.milliseconds(200))
            )
        }
        for (index, fault) in plan.faults.enumerated() { queue.add(.fault(index), at: fault.at) }
        queue.add(.block, at: now + .seconds(1))
        queue.add(.kindness, at: plan.end)
        while !isOver, let next = queue.take() {
            now = next.at
            report.events += 1
            happen(next.event)
        }
        report.span = now - .start
        report.violations += invariants.violations
        report.traceHash = trace.hash
        report.trace = trace.records
        return report
    }

    private func happen(_ event: Happening) {
        switch event {
        case .wake(let node, let life): wake(node, life)
        case .feed(let node, let life, let fact):
            whenAwake(node, life, event) { feed($0, fact) }
        case .parcel(let connection, let side, let parcel): arrive(connection, side, parcel, event)
        case .established(let connection, let side): establish(connection, side, event)
        case .dialFailed(let node, let life, let peer, let number, let failure):
            whenAwake(node, life, event) { dialFailed($0, peer, number, failure) }
        case .dialArrives(let node, let life, let peer, let number): dialArrives(node, life, peer, number)
        case .silence(let connection, let side, let since, let limit):
            listen(connection, side, since, limit, event)
        case .redial(let node, let life): redial(node, life)
        case .synced(let node, let life): whenAwake(node, life, event) { synced($0) }
        case .exit(let node, let life): whenAwake(node, life, event) { kill($0, takesPower: false) }
        case .openEye(let node, let life): whenAwake(node, life, event) { openEye($0) }
        case .look(let node, let life): whenAwake(node, life, event) { look($0) }
        case .submit(let node, let life, let submission):
            whenAwake(node, life, event) { submit(submission, by: $0) }
        case .wakeClient(let node, let life): wakeClient(node, life)
        case .asked(let node, let life, let request): answer(request, of: nodes[node], life)
        case .answered(let node, let life, let number, let result):
            whenAwake(node, life, event) { feedClient(of: $0, .answered(number, result)) }
        case .toldByClient(let node, let life, let fact):
            whenAwake(node, life, event) { hear(fact, at: $0) }
        case .wantedOfClient(let node, let life, let want):
            whenAwake(node, life, event) { feedClient(of: $0, want) }
        case .block: makeBlock()
        case .fault(let index): strike(plan.faults[index].fault)
        case .boot(let node): boot(nodes[node])
        case .kindness: becomeKind()
        case .examine: examine()
        case .flap: flap()
        }
    }

    /// Does something with a process if it still lives, and later if it stands still.
    func whenAwake(_ node: Int, _ life: Int, _ event: Happening, _ body: (SimulatedNode) -> Void) {
        let node = nodes[node]
        guard node.life == life, node.isUp else { return }
        guard node.pausedUntil <= now else { return queue.add(event, at: node.pausedUntil) }
        body(node)
    }

    func later(_ span: Span, _ event: Happening) {
        queue.add(event, at: now + span)
    }
}
