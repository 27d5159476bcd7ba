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
        startGossip(beginning, own)
        for entry in beginning.entries { replay(entry) }
        for proof in beginning.evidence { steps.append(.evidence(proof, .known)) }
        steps.append(.ceremony(.started))
        steps.append(.view(.started))
        out.append(.setPeers(committee.indices.filter { $0 != own }.compactMap { committee[$0] }))
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
            schedule: HeartbeatSchedule(
                interval: self.setting.heartbeatInterval,
                size: beginning.committee.size
            )
        )
        return try? ViewChangeMachine(
            setting,
            domains: domains,
            authenticator: authenticator,
            record: beginning.viewRecord,
            at: now
        )
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
    }
}
