internal import Consensus
internal import Cryptography
internal import Gossip
internal import Logging
internal import Peer
internal import Primitives

/// Owns a member's machine: brings it everything that happens, and does what it orders.
///
/// Feeding is synchronous: between an event and the performance of what follows from it nothing else happens.
/// Performing means handing on: to a link's queue, to the store's, to the list of errands for what takes time.
actor NodeActor {
    private var machine: PeerMachine
    private var custodian: Custodian<SystemRandom>?
    private var peerStore: PeerStore?
    private var committee: Committee?
    private var links: [Identity: Link] = [:]
    private let identity: Identity
    private let durability: Durability
    private let clock: NodeClock
    private let errands: Errands
    private let notices: NoticeBoard
    private let metrics: NodeMetrics
    private let attestations: Attestations
    /// Where operations on validators' keys are overseen.
    nonisolated let office: OverseerOffice
    private let alarm = DeadlineAlarm()
    private let reads: LogReads
    private var ranges = RangeLane()
    private let rangeArrival = Nudge()
    /// The epoch that the node has from its disk, while the chain has not spoken.
    private var recalled: RememberedEpoch?

    init(
        _ machine: PeerMachine,
        identity: Identity,
        durability: Durability,
        clock: NodeClock,
        errands: Errands,
        reads: LogReads,
        notices: NoticeBoard,
        metrics: NodeMetrics,
        attestations: Attestations,
        office: OverseerOffice
    ) {
        self.machine = machine
        self.identity = identity
        self.durability = durability
        self.clock = clock
        self.errands = errands
        self.reads = reads
        self.notices = notices
        self.metrics = metrics
        self.attestations = attestations
        self.office = office
    }

    /// What the node can tell of itself.
    var snapshot: PeerSnapshot? { machine.snapshot() }

    /// The same with why the node follows whom it follows, and what it waits for.
    var account: (peer: PeerSnapshot?, view: ViewExplanation?, recalled: RememberedEpoch?) {
        (machine.snapshot(), machine.viewExplanation(at: clock.now), recalled)
    }

    /// The epoch that is entered next is remembered only; `nil` once the chain has spoken.
    func recalls(_ epoch: RememberedEpoch?) { recalled = epoch }

    /// What convicts members.
    var evidence: [EvidenceFinding] {
        guard let committee else { return [] }
        return machine.convictingProofs.compactMap { EvidenceFinding($0.conviction, $0.proof, in: committee) }
    }

    /// The proof with this id, as others can check it.
    func evidence(_ id: String) -> EvidenceFile? {
        machine.convictingProofs.first { EvidenceFinding.id(of: $0.proof) == id }
            .flatMap { machine.file(of: $0.proof) }
    }

    /// The links in use, by their peers.
    var linkAddresses: [Identity: String] { links.mapValues(\.address) }

    /// Has something published; answers how far it has come, or `nil` from a node that has stopped.
    func publish(_ request: PublicationRequest) -> PublicationState? {
        feed(.publicationRequested(request))
        return machine.publication(request.ticket)
    }

    /// What has become of a request to publish, how many members have it, and where the node stands.
    func publication(_ ticket: UInt64) -> (state: PublicationState, holders: Int, peer: PeerSnapshot?)? {
        guard let state = machine.publication(ticket) else { return nil }
        var holders = 0
        if case .said(let sequence, _) = state { holders = machine.holders(of: sequence) }
        return (state, holders, machine.snapshot())
    }

    /// Enters an epoch; links of an earlier one are closed, to be made anew.
    func begin(_ beginning: EpochBeginning, custodian: Custodian<SystemRandom>, store: PeerStore) {
        for link in links.values.sorted(by: { $0.id < $1.id }) {
            link.close(.otherCommittee, "a new committee")
        }
        links = [:]
        self.custodian = custodian
        peerStore = store
        committee = beginning.committee
        for log in beginning.logs { noteLength(of: log.author, log.head.sequence) }
        feed(.epochBegan(beginning))
    }

    /// Brings the machine one event and does what follows.
    func feed(_ event: PeerMachine.Event) {
        carryOut(machine.handle(event, at: clock.now))
        switch event {
        case .chain(.beginning): metrics.note(machine.proofStanding)
        case .chain(.proofAnchor(let record, let stage)):
            metrics.note(machine.proofStanding)
            keep(record, stage)
        default: break
        }
    }

    /// Keeps for later epochs what the chain has confirmed of this one, as long as it does.
    private func keep(_ record: ProofAnchorRecord, _ stage: ChainStage) {
        switch stage {
        // Only what the group has signed is among what stands confirmed.
        case .confirmed where machine.proofStanding.confirmedNewest.record == record:
            // Nothing waits for it; a store that fails ends the node.
            durability.submit([AnchorMemory.keeping(record)]) { _ in }
        case .gone:
            durability.submit([]) { failure in
                if failure == nil { await self.forget(record) }
            }
        default: break
        }
    }

    private func forget(_ record: ProofAnchorRecord) async {
        guard let store = peerStore?.store else { return }
        do {
            let kept = try await AnchorMemory.read(record.anchor.epoch, from: store)
            guard let kept, kept.anchor.number >= record.anchor.number else { return }
            durability.submit([AnchorMemory.forgetting(record.anchor.epoch)]) { _ in }
        } catch {
            errands.add(.stop(error))
        }
    }

    /// Wakes the machine at its deadlines, until cancelled.
    func run() async {
        alarm.set(machine.nextDeadline)
        await alarm.run(on: clock) { wake() }
    }

    /// Takes the ranges that wait, one at a time and behind everything else, until cancelled.
    func takeRanges() async {
        while !Task.isCancelled {
            guard let next = ranges.popFirst() else {
                await rangeArrival.wait()
                continue
            }
            if isUsed(next.link, to: next.peer) { feed(.received([next.range], from: next.peer)) }
            await Task.yield()
        }
        ranges.close()
    }

    private func wake() {
        carryOut(machine.expired(at: clock.now))
    }

    private func carryOut(_ actions: [PeerMachine.Action]) {
        var waiting = actions[...]
        while let action = waiting.popFirst() {
            if case .order(let order) = action {
                guard let answer = perform(order) else { continue }
                // What follows from the answer comes after what the machine has ordered before it: entries of a log
                // must reach the store in their order.
                waiting += machine.handle(.secretsAnswered(answer), at: clock.now)
            } else {
                perform(action)
            }
        }
        alarm.set(machine.nextDeadline)
    }

    private func perform(_ action: PeerMachine.Action) {
        switch action {
        case .setPeers(let members, let dialed): errands.add(.setPeers(members, dialed: dialed))
        case .send(let messages, let peer): links[peer]?.send(messages)
        case .close(let peer, let code, let words): links[peer]?.close(code, words)
        case .signOfLife(let peer): errands.add(.signOfLife(peer))
        case .persist(let record, let ticket): persist(record, ticket)
        case .readLog(let read): self.read(read)
        case .order: break
        case .submit(let submission): errands.add(.submit(submission))
        case .cancelSubmission(let key): errands.add(.withdraw(key))
        case .logsAttested(let list, let signature):
            guard let committee else { return }
            attestations.add(Attestations.Attested(committee: committee, list: list, signature: signature))
        case .operations(let news): office.hear(news)
        case .notice(let notice):
            metrics.note(notice)
            notices.post(notice, committee)
            if case .budget(let schedule) = notice { metrics.show(schedule) }
            if case .identityElsewhere = notice { errands.add(.stop(NodeError.identityElsewhere(identity))) }
        case .penalize(let member, let offence): penalize(member, offence)
        case .count(let metric, let amount): metrics.count(metric, amount)
        }
    }

    private func persist(_ record: PeerRecord, _ ticket: PersistTicket) {
        guard let peerStore else { return }
        durability.submit(peerStore.writes(for: record)) { failure in
            guard failure == nil else { return }
            if case .log(.entries(let author, let entries)) = record, let last = entries.last {
                await self.noteLength(of: author, last.object.order.sequence)
            }
            await self.feed(.persisted(ticket))
        }
    }

    private func noteLength(of author: Identity, _ length: UInt64) {
        if let member = committee?.index(of: author) { metrics.note(length, ofLogOf: member) }
    }

    /// Reads after all that was to be written before.
    private func read(_ read: LogRead) {
        guard let peerStore else { return }
        let order = LogReads.Order(read: read, store: peerStore)
        durability.submit([]) { failure in
            // Peers that come and go can order more than there is room for; then there is nothing for them.
            if failure == nil, !self.reads.add(order) { await self.feed(.logRead(id: read.id, entries: [])) }
        }
    }

    private func perform(_ order: SecretOrder) -> SecretAnswer? {
        guard let outcome = custodian?.perform(order) else { return nil }
        for keeping in outcome.safekeeping { errands.add(.keepSafe(keeping)) }
        return outcome.answer
    }

    private func penalize(_ member: MemberIndex, _ offence: PeerOffence) {
        metrics.count(offence)
        notices.post(offence: offence, by: member)
    }
}

extension NodeActor: LinkObserver {
    func linkUp(_ link: Link) {
        links[link.peer] = link
        feed(.linkUp(link.peer))
    }

    func linkDown(_ peer: Identity, _ cause: RedialMachine.LossCause, because reason: LinkEnd) {
        links[peer] = nil
        notices.post(linkEnd: reason, of: peer, committee)
        feed(.linkDown(peer, cause))
    }

    func redialRefused(_ peer: Identity, closedAt: Instant) {
        feed(.redialRefused(peer, closedAt: closedAt))
    }

    func redialRefusedEnded(_ peer: Identity) {
        feed(.redialRefusedEnded(peer))
    }

    func received(_ messages: [LinkMessage], over link: Link) async {
        // A link that another has replaced may still bring something.
        guard isUsed(link.id, to: link.peer) else { return }
        let others = messages.filter { $0.type != .range }
        if !others.isEmpty { feed(.received(others, from: link.peer)) }
        for message in messages where message.type == .range {
            ranges.append(RangeLane.Arrival(range: message, peer: link.peer, link: link.id))
            rangeArrival.give()
            if ranges.isFull(for: link.id) {
                await withCheckedContinuation { ranges.wait($0, for: link.id) }
            }
        }
    }

    private func isUsed(_ link: LinkID, to peer: Identity) -> Bool { links[peer]?.id == link }
}
