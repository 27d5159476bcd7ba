import BLS12381
import CeremonySupport
import Cryptography
import Gossip
import KeyOperations
import Peer
import Primitives

/// Four oracles' overseers and some operators with real cryptography, in virtual time and from a seed.
///
/// It plays what lies between them: links bring items after a while, logs reach every oracle, the group signs what a quorum
/// endorses, and the chain makes that final.
struct OverseerStage {
    /// What is under way.
    private enum Parcel {
        case event(Int, OverseerMachine.Event)
        case item(OperatorID, OperationItem, from: Int)
    }

    let committee: Committee
    private let identities: [Identity]
    private(set) var overseers: [OverseerMachine?]
    var stage: CeremonyStage
    private var words: SplitMix64
    private var now = Instant.start
    private var under: [(at: Instant, order: Int, parcel: Parcel)] = []
    private var sent = 0
    private var view = View(1)
    private var logs: [(author: Int, topic: LogTopic, body: [UInt8])] = []
    private var attempts: [OperatorID: [Digest: OperationAttempt]] = [:]
    private var vouchers: [OperatorID: [Digest: Set<Int>]] = [:]
    private var said: Set<Digest> = []
    private var endorsers: [Digest: Set<Int>] = [:]
    private var signed: Set<Digest> = []
    private(set) var notices: [[OverseerNotice]]
    private(set) var reported: [OperationReport] = []
    /// Operators that say nothing.
    var silent: Set<OperatorID> = []
    /// What operators say in the place of what they should.
    var direct: @Sendable (OperatorID, OperatorWord) -> [OperatorWord] = { _, word in [word] }
    /// What each oracle's beacon node says of a key; by default that there is nothing.
    var beacon: @Sendable (G1Bytes) -> BeaconStanding = { _ in .none }
    /// Whether what the group signs comes on chain.
    var isChainOpen = true
    /// Whether the group signs what a quorum endorses.
    var isSigning = true
    /// How much of what each oracle endorses is not signed yet, at most so far.
    private(set) var mostUnsigned = 0
    /// Who carries operators' words in its log, and how many.
    var carriers: [Int: Int] {
        logs.reduce(into: [:]) { if $1.topic == .carriedMessage { $0[$1.author, default: 0] += 1 } }
    }

    init(operators: [UInt64], seed: UInt64) throws {
        words = SplitMix64(seed: seed)
        stage = try CeremonyStage(operators: operators, seed: seed)
        committee = PeerBench().committee(1)
        let identities = committee.roster.members.elements.map(\.identity)
        self.identities = identities
        let domains = stage.domains
        let network = stage.network
        overseers = identities.map {
            OverseerMachine(
                Self.setting($0, domains, network),
                verifier: Ed25519Authenticator(key: Self.anyKey)
            )
        }
        notices = Array(repeating: [], count: 4)
        for index in 0..<4 { begin(index) }
    }

    private static var anyKey: IdentityKey {
        var random = SeededSecrets(seed: 99)
        return IdentityKey(random: &random)
    }

    private static func setting(
        _ identity: Identity,
        _ domains: SigningDomains,
        _ network: BeaconNetwork
    ) -> OverseerMachine.Setting {
        OverseerMachine.Setting(
            identity: identity,
            deployment: domains.deployment,
            network: network,
            hasBeacon: true
        )
    }

    private mutating func begin(_ index: Int) {
        send(.event(index, .committee(committee)))
        send(.event(index, .view(view)))
        let operators = stage.facts.operators.values.sorted { $0.registration < $1.registration }
        send(.event(index, .facts(operators.map { .operatorKnown($0) }, through: 1)))
    }

    /// Who leads.
    var leader: Int { identities.firstIndex(of: committee.identity(of: committee.leader(of: view))!)! }

    // MARK: What a test does

    /// The governor asks; all oracles learn of it.
    mutating func ask(_ request: (inout CeremonyStage) throws -> RequestID) throws -> RequestID {
        let id = try request(&stage)
        let content = try known(stage.facts.requests[id], "a request").content
        tellAll(.facts([.requested(content, id)], through: 2))
        return id
    }

    /// An oracle stops, and forgets what stands in no log.
    mutating func kill(_ index: Int) { overseers[index] = nil }

    /// An oracle is back: it reads the chain and the logs again.
    mutating func restart(_ index: Int, facts: [OperationFact]) {
        overseers[index] = OverseerMachine(
            Self.setting(identities[index], stage.domains, stage.network),
            verifier: Ed25519Authenticator(key: Self.anyKey)
        )
        begin(index)
        send(.event(index, .facts(facts, through: 3)))
        for entry in logs {
            send(.event(index, .entry(author: identities[entry.author], entry.topic, body: entry.body)))
        }
    }

    /// The next view begins for all.
    mutating func changeView() {
        view = View(view.rawValue + 1)
        tellAll(.view(view))
    }

    /// The group signs what it had not signed.
    mutating func signAll() {
        isSigning = true
        for (hash, members) in endorsers.sorted(by: { $0.key < $1.key }) {
            if let index = members.min() { endorse(hash, index) }
        }
    }

    /// A member writes something into its log.
    mutating func write(_ index: Int, _ topic: LogTopic, _ body: [UInt8]) {
        logs.append((index, topic, body))
        tellAll(.entry(author: identities[index], topic, body: body))
    }

    /// Time passes, with all that happens in it.
    mutating func run(_ duration: Duration, until isEnough: (OverseerStage) -> Bool = { _ in false }) throws {
        let end = now.advanced(by: duration)
        while now <= end, !isEnough(self) {
            let deadlines = overseers.compactMap { $0?.nextDeadline }
            under.sort { ($0.at, $0.order) < ($1.at, $1.order) }
            let next = min(
                under.first?.at ?? end.advanced(by: .seconds(1)),
                deadlines.min() ?? end.advanced(by: .seconds(1))
            )
            guard next <= end else { break }
            now = max(now, next)
            if let first = under.first, first.at <= now {
                under.removeFirst()
                try deliver(first.parcel)
            } else {
                for index in 0..<4 where overseers[index]?.nextDeadline.map({ $0 <= now }) == true {
                    let actions = overseers[index]?.expired(at: now) ?? []
                    perform(actions, of: index)
                }
            }
        }
        if !isEnough(self) { now = max(now, end) }
    }

    // MARK: What lies between

    private mutating func send(_ parcel: Parcel) {
        sent += 1
        // What goes to one oracle about the chain and views keeps its order.
        let delay: Duration =
            if case .item = parcel { .milliseconds(Int64(1 + words.next() % 200)) } else { .milliseconds(20) }
        under.append((now.advanced(by: delay), sent, parcel))
    }

    private mutating func tellAll(_ event: OverseerMachine.Event) {
        for index in 0..<4 { send(.event(index, event)) }
    }

    private mutating func deliver(_ parcel: Parcel) throws {
        switch parcel {
        case .event(let index, let event):
            let actions = overseers[index]?.handle(event, at: now) ?? []
            perform(actions, of: index)
        case .item(let id, let item, let oracle): try take(item, at: id, from: oracle)
        }
    }

    private mutating func perform(_ actions: [OverseerMachine.Action], of index: Int) {
        for action in actions {
            switch action {
            case .offer(let items):
                for item in items {
                    for id in stage.identities.keys.sorted() { send(.item(id, item, from: index)) }
                }
            case .append(let topic, let body): write(index, topic, body)
            case .endorse(let hash): endorse(hash, index)
            case .retract(let hash): endorsers[hash]?.remove(index)
            case .askBeacon(let key): send(.event(index, .beacon(key, beacon(key))))
            case .notice(let notice): notices[index].append(notice)
            case .admit, .open, .close, .convict, .settled, .keep: break
            }
        }
    }

    private mutating func endorse(_ hash: Digest, _ index: Int) {
        endorsers[hash, default: []].insert(index)
        let unsigned = endorsers.filter { !signed.contains($0.key) && $0.value.contains(index) }.count
        mostUnsigned = max(mostUnsigned, unsigned)
        guard isSigning, endorsers[hash]?.count ?? 0 >= committee.quorum, signed.insert(hash).inserted,
            let report = overseers[index]?.report(hash)
        else { return }
        tellAll(.signed(hash))
        reported.append(report)
        if isChainOpen { finalise(report) }
    }

    private mutating func finalise(_ report: OperationReport) {
        let fact: OperationFact?
        switch report {
        case .created(_, let statement, let deposit):
            let group = OperatorGroup(statement.operatorIds.map { OperatorID($0) })
            fact = group.map {
                .created(
                    RequestID(statement.requestId.storage),
                    place: statement.index,
                    ValidatorRecord(
                        publicKey: deposit.message.publicKey,
                        operators: $0,
                        transcript: statement.transcript
                    )
                )
            }
        case .reshared(let request, let statement):
            fact = .reshared(
                RequestID(statement.requestId.storage),
                ValidatorRecord(
                    publicKey: request.publicKey,
                    operators: request.newOperators,
                    transcript: statement.transcript
                )
            )
        case .exitSigned(_, let statement): fact = .exited(RequestID(statement.requestId.storage))
        case .exitTriggered(_, let statement): fact = .exited(RequestID(statement.requestId.storage))
        case .exitCall(_, let statement): fact = .exited(RequestID(statement.requestId.storage))
        case .failed(let statement):
            fact = .failed(RequestID(statement.requestId.storage), FailureReason(rawValue: statement.reason))
        }
        guard let fact else { return }
        stage.take(fact)
        tellAll(.facts([fact], through: 4))
    }

    // MARK: Operators

    private mutating func take(_ item: OperationItem, at id: OperatorID, from oracle: Int) throws {
        switch item.name.kind {
        case .order:
            vouchers[id, default: [:]][item.name.operation, default: []].insert(oracle)
            guard vouchers[id]?[item.name.operation]?.count == committee.faultLimit + 1,
                attempts[id]?[item.name.operation] == nil
            else { return }
            let plan = try CheckedPlan(OperationPlan(ssz: item.bytes))
            guard plan.operators[id] != nil else { return }
            attempts[id, default: [:]][plan.id] = OperationAttempt(plan, in: stage.domains)
            for early in early[id]?[plan.id] ?? [] { fold(early, at: id) }
            try speak(id, plan.id)
        case .message:
            let message = try SignedOperatorMessage(ssz: item.bytes)
            guard attempts[id]?[item.name.operation] != nil else {
                early[id, default: [:]][item.name.operation, default: []].append(message)
                return
            }
            fold(message, at: id)
            try speak(id, item.name.operation)
        }
    }

    private var early: [OperatorID: [Digest: [SignedOperatorMessage]]] = [:]

    private mutating func fold(_ message: SignedOperatorMessage, at id: OperatorID) {
        _ = attempts[id]?[message.message.attempt]?.take(
            message,
            with: Ed25519Authenticator(key: Self.anyKey)
        )
    }

    private mutating func speak(_ id: OperatorID, _ operation: Digest) throws {
        guard !silent.contains(id) else { return }
        while let attempt = attempts[id]?[operation], let word = try stage.next(of: id, in: attempt) {
            let spoken = direct(id, word)
            for word in spoken {
                let message = try stage.sign(word, by: id, in: attempt.plan)
                fold(message, at: id)
                guard let item = OperationItem(of: operation, .message, message.sszBytes) else { continue }
                for index in 0..<4 { send(.event(index, .item(item, from: stage.identities[id]!.identity))) }
            }
            if attempts[id]?[operation]?.duty(of: id) == word.step { return }
        }
        if let attempt = attempts[id]?[operation], attempt.result != nil, said.insert(operation).inserted {
            results.append(attempt)
        }
    }

    /// Attempts that operators hold to be complete, each once.
    private(set) var results: [OperationAttempt] = []

    /// Keeps the shares of a complete attempt, so that its keys can be used.
    mutating func keepShares() throws {
        for attempt in results {
            if case .keys? = attempt.result { try stage.register(attempt) }
        }
        results = []
    }
}
