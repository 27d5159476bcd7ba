internal import Consensus
internal import Cryptography
internal import Ethereum
internal import Logging
internal import Peer
internal import Primitives
internal import ServiceLifecycle

/// Brings what the chain shows to the member's machine, and begins epochs.
struct ChainListener: Service {
    let parts: NodeParts

    func run() async throws {
        try await cancelWhenGracefulShutdown {
            var epoch: Committee?
            for await event in parts.chain.events { try await take(event, &epoch) }
        }
    }

    private func take(_ event: ChainEvent, _ epoch: inout Committee?) async throws {
        switch event {
        case .state(let snapshot): try await take(snapshot, &epoch)
        case .head(let block, _): await feed(.head(block.number))
        case .stale: await feed(.stale(true))
        case .recovered: await feed(.stale(false))
        case .record(let record, let stage): try await take(record, stage, &epoch)
        case .takenBack(let record):
            if let fact = ChainFact(record, .gone) { await feed(fact) }
        case .submission(let call, let outcome):
            if let fact = ChainFact(call, outcome) { await feed(fact) }
        case .endpoint, .alarm: break
        }
    }

    /// The contract's state at the start, or after the chain has left what was known.
    private func take(_ snapshot: RegistrySnapshot, _ epoch: inout Committee?) async throws {
        if let roster = snapshot.committee, let installed = snapshot.state.committee {
            try await begin(roster, installed.membersHash, &epoch)
            for stage in [ChainStage.included, .confirmed] {
                await feed(.groupKey(installed.epoch, transcript: installed.transcript, stage))
            }
        } else if let roster = snapshot.pending, let pending = snapshot.state.pending {
            try await begin(roster, pending.membersHash, &epoch)
        }
        await feed(.beginning(snapshot.state.view))
    }

    private func take(_ record: RegistryRecord, _ stage: RecordStage, _ epoch: inout Committee?) async throws
    {
        switch record.event {
        case .committeeProposed(let proposed):
            // Another committee's rotation is for a later version; the first one's key is made here.
            if stage == .confirmed, proposed.roster.epoch == Epoch(1) {
                try await begin(proposed.roster, proposed.membersHash, &epoch)
            }
        case .committeeRotated(let rotated):
            if stage == .confirmed { try await begin(rotated.roster, rotated.statement.membersHash, &epoch) }
        case .leaderElected(let elected):
            if stage == .seen { await feed(.contractView(elected.statement.view)) }
        }
        if let fact = ChainFact(record, ChainStage(stage)) { await feed(fact) }
    }

    private func feed(_ fact: ChainFact) async {
        await parts.actor.feed(.chain(fact))
    }

    /// Enters an epoch, unless the node is in it already or no member of it.
    private func begin(_ roster: Roster, _ membersHash: Digest, _ epoch: inout Committee?) async throws {
        let committee: Committee
        do throws(CommitteeError) {
            committee = try Committee(roster)
        } catch {
            parts.logger.error(
                "the registry names a committee that cannot work",
                metadata: ["reason": "\(error)"]
            )
            return
        }
        guard committee.configDigest != epoch?.configDigest else { return }
        guard let own = committee.index(of: parts.setting.keys.identity.identity), let record = committee[own]
        else {
            parts.logger.notice(
                "not a member of the committee",
                metadata: [
                    "epoch": "\(committee.epoch)", "identity": "\(parts.setting.keys.identity.identity)",
                ]
            )
            return
        }
        let encryption = try parts.keys.encryptionKey(record.encryptionKey)
        let share = try await storedShare(of: committee)
        if encryption == nil, share.isEmpty {
            parts.logger.error(
                """
                the registry names an encryption key for this member that the data directory has no secret for; \
                this node cannot have a share of the group key
                """,
                metadata: ["key": "\(record.encryptionKey)"]
            )
        }
        let store = PeerStore(store: parts.store, committee: committee)
        let beginning = try await store.beginning(membersHash: membersHash, firstView: View(1))
        let custodian = Custodian(
            committee: committee,
            member: own,
            deployment: parts.deployment,
            account: parts.setting.keys.account,
            encryptionKey: encryption,
            storedShares: share.mapValues { SecretShare(member: own, secret: $0) },
            random: SystemRandom()
        )
        epoch = committee
        parts.events.setNode(Int(own.rawValue))
        await parts.actor.begin(beginning, custodian: custodian, store: store)
    }

    /// The share kept for the epoch, by its transcript.
    private func storedShare(of committee: Committee) async throws -> [Digest: SecretScalar] {
        guard let kept = try await parts.store.secret(EpochNames(committee).share) else { return [:] }
        guard let transcript = Digest(kept.bytes.prefix(32)) else { return [:] }
        let secret = try SealedSecret.open(
            Array(kept.bytes.dropFirst(32)),
            as: .share,
            with: parts.keys.sealing,
            context: transcript.array
        )
        return SecretScalar(secret).map { [transcript: $0] } ?? [:]
    }
}
