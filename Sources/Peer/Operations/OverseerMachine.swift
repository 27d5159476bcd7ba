internal import BLS12381
internal import Cryptography
internal import Ethereum
internal import Gossip
package import KeyOperations
package import Primitives

/// An oracle's part in operations on validators' keys: it orders them where it leads, checks all of them, carries what
/// operators say, and reports what has come of them.
///
/// ```
///   request on chain ──> leader's order in its log ──> every oracle checks it and vouches to the operators
///        operators' words ──> fold of the attempt ──> carried in an oracle's log, offered to the others
///        attempt complete ──> report endorsed ──> group's signature ──> chain ──> final: forgotten
///        somebody guilty or silent ──> next attempt without it ──> ... ──> failure reported
/// ```
///
/// All it knows stands in final blocks and in the members' logs: after a restart it comes to the same by reading them
/// again, and so does the leader that follows a dead one. What an oracle endorses follows from what operators have signed;
/// that some are silent is each oracle's own view, and f + 1 of them must have it before operators begin anew.
package struct OverseerMachine: Machine {
    /// How an overseer behaves.
    package struct Setting: Sendable {
        /// The oracle.
        package var identity: Identity
        /// What operators' signatures are for.
        package var deployment: Deployment
        /// The beacon chain.
        package var network: BeaconNetwork
        /// Whether a beacon node can be asked; without one no exit is signed.
        package var hasBeacon: Bool
        /// How long an operator's next word may take.
        package var patience: Duration
        /// How long the group may take to sign a report before another attempt is made.
        package var reportPatience: Duration
        /// How much longer each oracle behind the leader waits before it carries what no log has.
        package var carryDelay: Duration

        /// The usual patience.
        package init(
            identity: Identity,
            deployment: Deployment,
            network: BeaconNetwork,
            hasBeacon: Bool,
            patience: Duration = .seconds(60),
            reportPatience: Duration = .seconds(900),
            carryDelay: Duration = .seconds(1)
        ) {
            self.identity = identity
            self.deployment = deployment
            self.network = network
            self.hasBeacon = hasBeacon
            self.patience = patience
            self.reportPatience = reportPatience
            self.carryDelay = carryDelay
        }
    }

    /// How many attempts are made at a request.
    static let attemptLimit: UInt64 = 8
    /// How many reports the group is asked to sign at once: fewer than signers and coordinators remember.
    static let unsignedLimit = 8
    /// How many requests are worked on at once.
    static let openLimit = 8
    /// How long to wait before an order that was not heard of is said again, or the beacon chain asked again.
    static let retry = Duration.seconds(5)

    let setting: Setting
    let verifier: any IdentityVerifier
    let domains: SigningDomains
    var facts = OperationFacts()
    var isFollowing = false
    var committee: Committee?
    var view: View?
    var works: [RequestID: OverseerWork] = [:]
    /// Attempts by their plans' roots: of which request, and which.
    var places: [Digest: (request: RequestID, attempt: UInt64)] = [:]
    /// What was carried in logs of attempts that are not known yet.
    var strays = StrayMessages()
    var carriage = Carriage()
    var reports: [Digest: OperationReport] = [:]
    var signed: Set<Digest> = []
    /// What is to be endorsed once the group has signed some of what was before it.
    var unendorsed: [Digest] = []
    /// How keys are shared, by key; as the chain has it.
    var sharings: [G1Bytes: KnownSharing] = [:]
    /// Keys of complete attempts that the chain has not told of yet, by transcript.
    var results: [Digest: [MadeKey]] = [:]
    var beacon: [G1Bytes: BeaconStanding] = [:]
    var asked: [G1Bytes: Instant] = [:]
    /// Orders of requests that are done: read again for the sharings that they made.
    var recalls: [Digest: OperationAttempt] = [:]
    var unknownOrders: [(author: Identity, order: OrderedPlan)] = []
    private var out: [Action] = []
    package private(set) var nextDeadline: Instant?

    /// How a key is shared, and which ceremony did it.
    struct KnownSharing: Sendable {
        let sharing: SharedPublicKey
        let transcript: Digest
    }

    /// An overseer that knows nothing yet.
    package init(_ setting: Setting, verifier: any IdentityVerifier) {
        self.setting = setting
        self.verifier = verifier
        domains = SigningDomains(setting.deployment)
    }

    /// What a hash that was to be endorsed is about; `nil` when it is settled.
    package func report(_ structHash: Digest) -> OperationReport? { reports[structHash] }

    /// What was said in an attempt; `nil` when it is forgotten.
    package func attempt(_ id: Digest) -> OperationAttempt? {
        places[id].flatMap { works[$0.request]?.attempts[$0.attempt]?.fold } ?? recalls[id]
    }

    package mutating func handle(_ event: Event, at now: Instant) -> [Action] {
        switch event {
        case .facts(let facts, _): take(facts, at: now)
        case .committee(let committee): enter(committee, at: now)
        case .view(let view):
            self.view = view
            carriage.hasten(to: now, leads: isLeader)
        case .entry(let author, let topic, let body): heed(author, topic, body, at: now)
        case .signed(let hash): note(signed: hash)
        case .item(let item, let operatorIdentity): take(item, from: operatorIdentity, at: now)
        case .beacon(let key, let standing): beacon[key] = standing
        case .sharing(let sharing, let transcript): learn(sharing, transcript)
        }
        return finish(at: now)
    }

    package mutating func expired(at now: Instant) -> [Action] { finish(at: now) }

    private mutating func finish(at now: Instant) -> [Action] {
        for request in facts.open.prefix(Self.openLimit) { review(request, at: now) }
        endorseNext()
        carry(at: now)
        nextDeadline = deadline(after: now)
        defer { out = [] }
        return out
    }

    mutating func act(_ action: Action) { out.append(action) }

    mutating func tell(_ notice: OverseerNotice) { out.append(.notice(notice)) }

    /// Whether this oracle leads the current view.
    var isLeader: Bool {
        guard let committee, let view else { return false }
        return committee.identity(of: committee.leader(of: view)) == setting.identity
    }

    private mutating func enter(_ committee: Committee, at now: Instant) {
        guard self.committee?.configDigest != committee.configDigest else { return }
        self.committee = committee
        view = nil
        // Another group signs, under another epoch: what the one before has not brought to the chain is signed anew.
        for hash in reports.keys.sorted() { act(.retract(hash)) }
        reports = [:]
        signed = []
        unendorsed = []
        for id in works.keys {
            works[id]?.reports = []
            for attempt in (works[id]?.attempts ?? [:]).keys {
                works[id]?.attempts[attempt]?.reports = []
                works[id]?.attempts[attempt]?.isComplete = false
            }
        }
    }

    private func deadline(after now: Instant) -> Instant? {
        var next = carriage.nextDue
        func consider(_ instant: Instant) { next = min(next ?? instant, instant) }
        for (_, work) in works {
            if let attempt = work.attempts[work.newest], !attempt.hasFailed {
                consider(
                    attempt.progress.advanced(
                        by: attempt.isComplete ? setting.reportPatience : setting.patience
                    )
                )
            }
            if let ordered = work.ordered, isLeader, ordered.attempt > work.newest {
                consider(ordered.at.advanced(by: Self.retry))
            }
        }
        for (key, instant) in asked where beacon[key] == nil || beacon[key] == .unknown {
            consider(instant.advanced(by: Self.retry))
        }
        // What is due already was looked at in this turn, and waits for something else.
        guard let due = next else { return nil }
        return max(due, now.advanced(by: .milliseconds(100)))
    }
}
