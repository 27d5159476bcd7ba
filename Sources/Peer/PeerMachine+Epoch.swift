import Consensus
import Cryptography
import Gossip
import Primitives

/// The beginning of an epoch.
extension PeerMachine {
    /// Begins the epoch with what is stored of it.
    ///
    /// One that this node is no member of, or of whose record the store
    /// holds another epoch's, is a mistake of the owner's.
    mutating func begin(_ beginning: EpochBeginning, at now: Instant) {
        let committee = beginning.committee
        guard let own = committee.index(of: setting.identity) else {
            preconditionFailure("the node is no member of the committee it was told to serve")
        }
        guard let view = viewChange(beginning, own, at: now) else {
            preconditionFailure("the store's view record is of another epoch")
        }
        let verifier = cryptography.ceremony(of: committee)
        for earlier in beginning.past + [self.committee].compactMap(\.self)
        where earlier.epoch < committee.epoch {
            past[earlier.epoch] = earlier
        }
        self.committee = committee
        epoch = PeerEpoch(
            committee: committee,
            own: own,
            membersHash: beginning.membersHash,
            firstView: beginning.firstView,
            neighbours: NeighbourMachine(
                committee: committee,
                own: own,
                view: beginning.firstView,
                followerInterval: schedule(committee).followerInterval,
                random: SplitMix64(seed: setting.seed ^ committee.epoch.rawValue),
                at: now
            ),
            view: view,
            signer: SignerMachine(
                committee: committee,
                member: own,
                lock: beginning.votes ?? VoteLock(epoch: committee.epoch)
            ),
            coordination: CoordinationMachine(committee: committee, member: own),
            ceremony: KeyCeremonyMachine(
                committee: committee,
                member: own,
                membersHash: beginning.membersHash,
                timing: setting.ceremony,
                verifier: verifier
            ),
            anchor: AnchorMachine(
                AnchorMachine.Setting(committee: committee, member: own, stagger: setting.stagger)
            ),
            attestation: AttestationMachine(
                AttestationMachine.Setting(
                    committee: committee,
                    member: own,
                    interval: setting.attestationInterval
                )
            ),
            monitor: TermMonitor(member: own, interval: setting.reportInterval),
            evidence: EvidenceBook(
                judge: EvidenceJudge(
                    committee: committee,
                    deployment: setting.deployment,
                    authenticator: authenticator,
                    ceremony: verifier
                )
            )
        )
        out.append(.notice(.epochBegan(committee.epoch, size: committee.size, own: own)))
        if operations != nil { out.append(.operations(.epoch(committee))) }
        let pace = GossipSchedule(leaderInterval: setting.heartbeatInterval, size: committee.size)
        out.append(.notice(.budget(pace)))
        startGossip(beginning, own)
        for entry in beginning.entries { replay(entry) }
        // Of an epoch that is proposed later the chain has told before where following begins.
        if chain.hasBegun { noteAnchored(chain.proof.newest) }
        for proof in beginning.evidence { steps.append(.evidence(proof, .known)) }
        steps.append(.ceremony(.started))
        steps.append(.view(.started))
        perform(epoch?.neighbours.expired(at: now) ?? [])
    }

    private func viewChange(
        _ beginning: EpochBeginning,
        _ own: MemberIndex,
        at now: Instant
    ) -> ViewChangeMachine? {
        let setting = ViewChangeMachine.Setting(
            committee: beginning.committee,
            member: own,
            incarnation: self.setting.incarnation,
            firstView: beginning.firstView,
            schedule: schedule(beginning.committee),
            linksNeeded: linksNeeded(beginning.committee)
        )
        return try? ViewChangeMachine(
            setting,
            domains: domains,
            authenticator: authenticator,
            record: beginning.viewRecord,
            at: now
        )
    }

    private func schedule(_ committee: Committee) -> HeartbeatSchedule {
        HeartbeatSchedule(interval: setting.heartbeatInterval, size: committee.size)
    }

    /// How many links must be up before the loss of one counts: those of a quorum, or, where a member keeps fewer,
    /// more than half of those that the graph gives it.
    func linksNeeded(_ committee: Committee) -> Int {
        NeighbourGraph.isSparse(committee.size)
            ? NeighbourGraph.cycles(committee.size) + 1 : committee.quorum - 1
    }

    private mutating func startGossip(_ beginning: EpochBeginning, _ own: MemberIndex) {
        steps.append(
            .gossip(
                .epochStarted(
                    EpochStart(
                        committee: beginning.committee,
                        own: own,
                        incarnation: setting.incarnation,
                        past: past.values.sorted { $0.epoch < $1.epoch },
                        logs: beginning.logs
                    )
                )
            )
        )
    }

    /// Brings a stored entry to whom it concerns, as when it was delivered first.
    private mutating func replay(_ object: SignedObject) {
        steps.append(.ceremony(.entry(object)))
        guard let entry = try? LogEntry(ssz: object.object.payload.bytes) else { return }
        take(entry, by: object.object.author)
        heed(entry, object.object.order.sequence, of: object.object.author)
    }
}
