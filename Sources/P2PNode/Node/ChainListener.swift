internal import Consensus
internal import Cryptography
internal import Ethereum
internal import KeyOperations
internal import Logging
internal import Peer
internal import Primitives
internal import ServiceLifecycle

/// Brings what the chain shows to the member's machine, and begins epochs.
struct ChainListener: Service {
    let parts: NodeParts

    private var memory: EpochMemory { EpochMemory(store: parts.store, durability: parts.durability) }

    func run() async throws {
        try await cancelWhenGracefulShutdown {
            var interpreter = ChainInterpreter(
                identity: parts.setting.keys.identity.identity,
                deployment: parts.deployment,
                confirmations: parts.setting.confirmations,
                remembered: try await memory.read(for: parts.deployment)
            )
            for await event in parts.chain.events {
                if case .operations(let records, let block) = event {
                    let facts = records.map { OperationFact($0.event) }
                    await parts.desk.tell(overseer: .facts(facts, through: block.number))
                    for record in records {
                        await parts.transcripts?.take(record.event)
                        parts.exits.take(record.event)
                    }
                }
                for conclusion in interpreter.conclusions(from: event) {
                    try await draw(conclusion, &interpreter)
                }
            }
        }
    }

    private func draw(_ conclusion: ChainInterpreter.Conclusion, _ interpreter: inout ChainInterpreter)
        async throws
    {
        switch conclusion {
        case .tell(let fact): await parts.actor.feed(.chain(fact))
        case .enter(let committee, let own, let membersHash):
            try await begin(committee, own, membersHash)
            interpreter.entered(committee)
        case .unworkable(let error):
            parts.logger.error(
                "the registry names a committee that cannot work",
                metadata: ["reason": "\(error)"]
            )
        case .stranger(let committee):
            parts.logger.notice(
                "not a member of the committee",
                metadata: [
                    "epoch": "\(committee.epoch)", "identity": "\(parts.setting.keys.identity.identity)",
                ]
            )
        case .remember(let epoch): try await memory.write(epoch)
        case .recall(let epoch):
            parts.logger.warning(
                """
                the chain is silent: begins with epoch \(epoch.epoch) as the data directory has it from block \
                \(epoch.blockNumber), and compares it when an endpoint answers
                """,
                metadata: [
                    "event": "chain.epochRecalled", "epoch": "\(epoch.epoch)",
                    "block": "\(epoch.blockNumber)",
                ]
            )
            await parts.actor.recalls(epoch)
        case .recallEnded(let epoch):
            parts.logger.notice(
                "the chain answers, and names epoch \(epoch)",
                metadata: ["event": "chain.recallEnded", "epoch": "\(epoch)"]
            )
            await parts.actor.recalls(nil)
        case .recalledWrongly(let epoch):
            throw NodeError.recalledWrongly(epoch.epoch, block: epoch.blockNumber)
        }
    }

    /// Enters an epoch with what is stored of it.
    private func begin(_ committee: Committee, _ own: MemberIndex, _ membersHash: Digest) async throws {
        guard let record = committee[own] else { return }
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
        parts.events.setNode(Int(own.rawValue))
        await parts.actor.begin(beginning, custodian: custodian, store: store)
        await parts.desk.enter(committee)
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
