internal import BLS12381
internal import Cryptography
package import Primitives

/// An operator's part in operations on validators' keys.
///
/// ```
///   f + 1 oracles offer one order ──> opened ──> plan is what the chain asks for ──> the words that are due
///        others' words ──> fold of the attempt ──> the next word ──> ... ──> complete ──> final on chain: forgotten
/// ```
///
/// It holds no secrets and says nothing by itself: its custodian makes each word, and the word comes back once it is on
/// the disk. After a restart the oracles' offers bring everything back, and the custodian the words that were said.
package struct OperatorMachine: Machine {
    /// How an operator behaves.
    package struct Setting: Sendable {
        /// The operator's number.
        package var id: OperatorID
        /// Its identity on chain.
        package var identity: Identity
        /// What signatures are for.
        package var deployment: Deployment
        /// The beacon chain.
        package var network: BeaconNetwork
        /// How long an order may be other than what the chain asks for, as it is read here.
        package var patience: Duration

        /// The usual patience.
        package init(
            id: OperatorID,
            identity: Identity,
            deployment: Deployment,
            network: BeaconNetwork,
            patience: Duration = .seconds(3_600)
        ) {
            self.id = id
            self.identity = identity
            self.deployment = deployment
            self.network = network
            self.patience = patience
        }
    }

    /// How many operations are open at once; the links bear no more.
    static let openLimit = 16
    /// How many orders of one oracle are remembered.
    static let voiceLimit = 64
    /// How many words one oracle may bring before the plan is known: 26 operators say three each.
    static let earlyLimit = 96

    let setting: Setting
    let verifier: any IdentityVerifier
    let domains: SigningDomains
    var facts = OperationFacts()
    var committee: Committee?
    /// What each oracle vouches for, the newest last.
    var voices: [Identity: [Voice]] = [:]
    var works: [Digest: OperatorWork] = [:]
    /// The shares on the disk.
    package internal(set) var held: Set<HeldShare>
    /// The attempts of which the disk has a secret or a word.
    var kept: [Digest: RequestID]
    /// The newest ceremony that the chain has named for each key, also of validators that have left.
    var named: [G1Bytes: Digest] = [:]
    private var out: [Action] = []
    package private(set) var nextDeadline: Instant?

    struct Voice: Hashable, Sendable {
        let operation: Digest
        let digest: Digest
    }

    /// An operator that knows nothing yet but what its disk has.
    package init(_ setting: Setting, records: OperatorRecords, verifier: any IdentityVerifier) {
        self.setting = setting
        self.verifier = verifier
        domains = SigningDomains(setting.deployment)
        held = Set(records.shares.keys)
        kept = records.attempts
    }

    /// What was said in an attempt; `nil` when it is not under way.
    package func attempt(_ id: Digest) -> OperationAttempt? { works[id]?.fold }

    package mutating func handle(_ event: Event, at now: Instant) -> [Action] {
        switch event {
        case .facts(let facts): take(facts, at: now)
        case .committee(let committee): enter(committee)
        case .vouched(let operation, let digest, let peer):
            hear(Voice(operation: operation, digest: digest), from: peer, at: now)
        case .came(let item, let peer): take(item, from: peer, at: now)
        case .answered(let answer): take(answer)
        case .notOpened(let operation): works[operation] = nil
        }
        return finish(at: now)
    }

    package mutating func expired(at now: Instant) -> [Action] {
        for (id, work) in inOrder(works) where work.fold == nil && due(work) <= now {
            tell(.given(up: id))
            close(id)
            for oracle in voices.keys { voices[oracle]?.removeAll { $0.operation == id } }
        }
        return finish(at: now)
    }

    private mutating func finish(at _: Instant) -> [Action] {
        nextDeadline = works.values.filter { $0.fold == nil }.map { due($0) }.min()
        defer { out = [] }
        return out
    }

    private func due(_ work: OperatorWork) -> Instant { work.since.advanced(by: setting.patience) }

    mutating func act(_ action: Action) { out.append(action) }

    mutating func tell(_ notice: OperatorNotice) { out.append(.notice(notice)) }

    /// The same order in every run.
    func inOrder<Value>(_ table: [Digest: Value]) -> [(Digest, Value)] {
        table.sorted { $0.key < $1.key }.map { ($0.key, $0.value) }
    }

    mutating func close(_ operation: Digest) {
        guard works.removeValue(forKey: operation) != nil else { return }
        act(.close(operation))
    }
}

/// One operation that enough oracles have spoken of.
struct OperatorWork: Sendable {
    /// When it was opened.
    let since: Instant
    /// The plan, once it has come.
    var plan: CheckedPlan?
    /// What was told last of why it waits.
    var obstacle: OrderObstacle?
    /// Words that came before the order was taken, by who has brought them.
    var early: [Identity: [OperatorItem]] = [:]
    /// What was said; there once the order is taken.
    var fold: OperationAttempt?
    /// Whether the custodian is at work.
    var isBusy = false
    /// Whether there is no further word to be had from the custodian.
    var isStuck = false
    /// What was told already.
    var toldGuilty: Set<OperatorID> = []
    var toldEnd = false
}
