package import Consensus
import Cryptography
package import Gossip
package import Primitives

/// All that one member of the mesh does, as one machine.
///
/// It joins the machines of `Gossip` and `Consensus`: facts that one learns become events of another, in the order
/// in which they were learnt. What remains for its owner is input and output. The product's shells and the
/// simulator drive the same machine.
///
/// ```
///   links ──> gossip ──> view change ──> signer, coordinator ──> anchor ──> chain
///                │            ▲                │     ▲                        │
///                └──> logs ───┼──> ceremony ───┘     └──── group key <────────┘
/// ```
package struct PeerMachine: Machine {
    /// Who the node is and how it behaves.
    package struct Setting: Sendable {
        /// The node's identity.
        package var identity: Identity
        /// The node's boot counter, durable and never used before.
        package var incarnation: UInt64
        /// What its signatures are for.
        package var deployment: Deployment
        /// The time between two heartbeats of the leader, D.
        package var heartbeatInterval: Duration
        /// How patient the making of a group key is.
        package var ceremony: CeremonyTiming
        /// By how much later each rank submits to the chain.
        package var stagger: Duration
        /// How long the leader waits from one list of what the logs come to, to be anchored, to the next.
        package var attestationInterval: Duration
        /// The contract for validators' keys, if the node oversees operations on them.
        package var operations: Address?
        /// Whether a log is begun without its past only when no neighbour has that any more.
        package var prefersWholeLogs: Bool
        /// How often a term that goes on is reported in the member's log.
        package var reportInterval: Duration
        /// The program's version.
        package var software: SoftwareVersion
        /// What the wall clock showed at ``Instant/start``.
        package var wallTimeAtStart: UnixMilliseconds
        /// For phases and jitter.
        package var seed: UInt64

        /// Joins the settings.
        package init(
            identity: Identity,
            incarnation: UInt64,
            deployment: Deployment,
            heartbeatInterval: Duration = .milliseconds(250),
            ceremony: CeremonyTiming = CeremonyTiming(),
            stagger: Duration = .seconds(15),
            attestationInterval: Duration = .seconds(600),
            operations: Address? = nil,
            prefersWholeLogs: Bool = true,
            reportInterval: Duration = .seconds(3_600),
            software: SoftwareVersion,
            wallTimeAtStart: UnixMilliseconds,
            seed: UInt64
        ) {
            self.identity = identity
            self.incarnation = incarnation
            self.deployment = deployment
            self.heartbeatInterval = heartbeatInterval
            self.ceremony = ceremony
            self.stagger = stagger
            self.attestationInterval = attestationInterval
            self.operations = operations
            self.prefersWholeLogs = prefersWholeLogs
            self.reportInterval = reportInterval
            self.software = software
            self.wallTimeAtStart = wallTimeAtStart
            self.seed = seed
        }
    }

    /// What one part has for another.
    enum Step: Sendable {
        case neighbours(NeighbourMachine.Event)
        case gossip(GossipMachine.Event)
        case view(ViewChangeMachine.Event)
        case signer(SignerMachine.Event)
        case coordination(CoordinationMachine.Event)
        case ceremony(KeyCeremonyMachine.Event)
        case anchor(AnchorMachine.Event)
        case attestation(AttestationMachine.Event)
        case monitor(TermMonitor.Event)
        case evidence(Evidence, EvidenceSource)
        /// To hold the leader of the view to be elected, once the parts before know the key.
        case endorsement
        /// To bring the next anchor to the chain, once the parts before know key and chain.
        case proofAnchors
    }

    let setting: Setting
    let authenticator: any Authenticator
    let cryptography: any PeerCryptography
    let domains: SigningDomains
    let statements: StatementDomain
    /// The domain of reports about operations, if this node oversees them.
    let operations: StatementDomain?
    var gossip: GossipMachine
    var epoch: PeerEpoch?
    /// The epoch's committee: who is asked for most, without touching the rest of the epoch.
    var committee: Committee?
    /// The committees of earlier epochs, as far as known.
    var past: [Epoch: Committee] = [:]
    var chain = ChainPicture()
    var desk = PublicationDesk()
    var isHalted = false
    /// What is still to be handed from part to part in this turn.
    var steps: [Step] = []
    /// What the owner will be given at the end of this turn.
    var out: [Action] = []
    /// How many of them the monitor has seen.
    var noted = 0
    private var status: NodeStatus
    package private(set) var nextDeadline: Instant?

    /// A member that waits for its first epoch.
    ///
    /// - Parameters:
    ///   - setting: Who it is.
    ///   - authenticator: Signs as this node and checks the signatures of others.
    ///   - cryptography: Checks group keys and how they were made.
    package init(_ setting: Setting, authenticator: any Authenticator, cryptography: any PeerCryptography) {
        self.setting = setting
        self.authenticator = authenticator
        self.cryptography = cryptography
        domains = SigningDomains(setting.deployment)
        statements = StatementDomain(setting.deployment)
        operations = setting.operations.map {
            StatementDomain(chainId: setting.deployment.chainId, operations: $0)
        }
        status = NodeStatus(
            view: View(0),
            software: setting.software,
            wallTimeAtStart: setting.wallTimeAtStart
        )
        var configuration = GossipMachine.Configuration()
        configuration.heartbeatInterval = setting.heartbeatInterval
        configuration.prefersWholeLogs = setting.prefersWholeLogs
        gossip = GossipMachine(
            configuration,
            status: status,
            signatures: authenticator,
            domains: domains,
            random: SplitMix64(seed: setting.seed)
        )
    }

    package mutating func handle(_ event: Event, at now: Instant) -> [Action] {
        guard !isHalted else { return [] }
        take(event, at: now)
        return finishTurn(at: now)
    }

    package mutating func expired(at now: Instant) -> [Action] {
        guard !isHalted else { return [] }
        if let due = gossip.nextDeadline, due <= now { perform(gossip.expired(at: now), at: now) }
        let due = epoch?.deadlines()
        if let neighbours = due?.neighbours, neighbours <= now {
            if gossip.lacksVouchers(at: now) {
                perform(epoch?.neighbours.handle(.vouchersLacking, at: now) ?? [])
            }
            perform(epoch?.neighbours.expired(at: now) ?? [])
        }
        if let view = due?.view, view <= now { perform(epoch?.view.expired(at: now) ?? []) }
        if let ceremony = due?.ceremony, ceremony <= now { perform(epoch?.ceremony.expired(at: now) ?? []) }
        if let anchor = due?.anchor, anchor <= now { perform(epoch?.anchor.expired(at: now) ?? []) }
        if let attestation = due?.attestation, attestation <= now {
            perform(epoch?.attestation.expired(at: now) ?? [])
        }
        if let monitor = due?.monitor, monitor <= now { perform(epoch?.monitor.expired(at: now) ?? []) }
        return finishTurn(at: now)
    }

    private mutating func take(_ event: Event, at now: Instant) {
        switch event {
        case .epochBegan(let beginning): begin(beginning, at: now)
        case .linkUp(let peer): greet(peer)
        case .linkDown(let peer, let cause): farewell(peer, cause)
        case .redialRefused(let peer, let closedAt):
            tell(peer) { .gossip(.redialRefused($0, closedAt: closedAt)) }
        case .redialRefusedEnded(let peer):
            tell(peer) { .view(.linkRefusedEnded($0)) }
        case .received(let messages, let peer): receive(messages, from: peer)
        case .persisted(let ticket): persisted(ticket)
        case .storeFailed: halt(at: now)
        case .logRead(let id, let entries): steps.append(.gossip(.logRead(id: id, entries: entries)))
        case .logsCut(let starts): steps.append(.gossip(.logsCut(starts)))
        case .secretsAnswered(.signer(let answer)): steps.append(.signer(answer))
        case .secretsAnswered(.ceremony(let answer)):
            noteProgress(answer)
            steps.append(.ceremony(answer))
        case .chain(let fact): take(fact)
        case .drainRequested(let drain): steps.append(.view(.drainRequested(drain)))
        case .publicationRequested(let request): publish(request, at: now)
        case .operations(let wish): take(wish)
        }
    }

    private mutating func persisted(_ ticket: PersistTicket) {
        switch ticket {
        case .gossip(let ticket): steps.append(.gossip(.persisted(ticket: ticket)))
        case .view(let ticket): steps.append(.view(.persisted(ticket)))
        case .votes(let ticket): steps.append(.signer(.persisted(ticket: ticket)))
        case .none: break
        }
    }

    private mutating func halt(at now: Instant) {
        perform(epoch?.view.handle(.storeFailed, at: now) ?? [])
        steps = []
        isHalted = true
        out.append(.notice(.halted))
    }

    /// Hands facts from part to part until none is left, then says what came of it.
    private mutating func finishTurn(at now: Instant) -> [Action] {
        repeat {
            var next = 0
            while next < steps.count {
                run(steps[next], at: now)
                next += 1
            }
            steps.removeAll(keepingCapacity: true)
            noteOffences(at: now)
            refreshDuty()
            refreshStatus()
        } while !steps.isEmpty
        refreshDeadline()
        defer { (out, noted) = ([], 0) }
        return out
    }

    private mutating func run(_ step: Step, at now: Instant) {
        switch step {
        case .neighbours(let event): perform(epoch?.neighbours.handle(event, at: now) ?? [])
        case .gossip(let event): perform(gossip.handle(event, at: now), at: now)
        case .view(let event): perform(epoch?.view.handle(event, at: now) ?? [])
        case .signer(let event): perform(epoch?.signer.handle(event, at: now) ?? [])
        case .coordination(let event): perform(epoch?.coordination.handle(event, at: now) ?? [])
        case .ceremony(let event): perform(epoch?.ceremony.handle(event, at: now) ?? [])
        case .anchor(let event): perform(epoch?.anchor.handle(event, at: now) ?? [])
        case .attestation(let event): perform(epoch?.attestation.handle(event, at: now) ?? [])
        case .monitor(let event): perform(epoch?.monitor.handle(event, at: now) ?? [])
        case .evidence(let evidence, let source): weigh(evidence, source)
        case .endorsement: endorseLeader()
        case .proofAnchors: considerAnchors()
        }
    }

    private mutating func refreshDeadline() {
        guard !isHalted else { return nextDeadline = nil }
        let due = epoch?.deadlines()
        nextDeadline = earlier(gossip.nextDeadline, due?.first)
    }

    /// Lets the view change know what the leader has to do.
    private mutating func refreshDuty() {
        guard let owes = epoch?.changedDuty() else { return }
        steps.append(.view(.dutyOwed(owes)))
        steps.append(.monitor(.owed(owes)))
    }

    /// Lets the heartbeats say where the node stands now.
    private mutating func refreshStatus() {
        guard let (content, firstView) = epoch?.heartbeatContent() else { return }
        var new = status
        new.view = content.view
        new.chainHead = chain.head
        new.anchoredView = chain.anchoredView
        new.flags = HeartbeatFlags()
        if content.view >= firstView { new.flags.insert(.ready) }
        if content.isDraining { new.flags.insert(.draining) }
        if content.lacksQuorum { new.flags.insert(.noQuorum) }
        if chain.isStale { new.flags.insert(.chainStale) }
        guard new != status else { return }
        status = new
        steps.append(.gossip(.statusChanged(new)))
    }

    /// Adds the step for a member of the epoch; nothing for others.
    mutating func tell(_ peer: Identity, _ step: (MemberIndex) -> Step) {
        guard let member = committee?.index(of: peer) else { return }
        steps.append(step(member))
    }
}
