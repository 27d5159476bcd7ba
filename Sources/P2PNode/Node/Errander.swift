internal import Consensus
internal import Cryptography
internal import Ethereum
internal import Logging
internal import Peer
internal import Primitives
internal import ServiceLifecycle

/// Runs the node's errands one after the other, and wakes its machine in time.
struct Errander: Service {
    let parts: NodeParts

    func run() async throws {
        try await cancelWhenGracefulShutdown {
            try await withThrowingDiscardingTaskGroup { group in
                group.addTask { await parts.actor.run() }
                group.addTask { await parts.actor.takeRanges() }
                group.addTask { await readLogs() }
                for await errand in parts.errands.waiting { try await run(errand) }
                group.cancelAll()
            }
        }
    }

    private func readLogs() async {
        do {
            try await parts.reads.answer(to: parts.actor)
        } catch {
            parts.errands.add(.stop(error))
        }
    }

    private func run(_ errand: Errands.Errand) async throws {
        switch errand {
        case .setPeers(let members, let dialed):
            await parts.links.setPeers(Endpoint.of(members, logger: parts.logger), dialed: dialed)
        case .signOfLife(let peer): await parts.links.signOfLife(of: peer)
        case .submit(let submission): await submit(submission)
        case .withdraw(let key): await withdraw(key)
        case .keepSafe(let keeping): try await keepSafe(keeping)
        case .stop(let error):
            await parts.actor.feed(.storeFailed)
            throw error
        }
    }

    private func submit(_ submission: Submission) async {
        guard let call = RegistryCall(submission) else {
            await parts.actor.feed(.chain(.refused(submission.key)))
            return
        }
        await parts.chain.submit(call)
    }

    private func withdraw(_ key: ChainStatement.Key) async {
        for id in await parts.chain.status.calls(for: key) { await parts.chain.withdraw(id) }
    }

    private func keepSafe(_ keeping: Custodian<SystemRandom>.Safekeeping) async throws {
        guard let peer = await parts.actor.snapshot else { return }
        switch keeping {
        case .keepShare(let share, let transcript):
            var random = SystemRandom()
            let sealed = try SealedSecret.seal(
                share.secret.bytes,
                as: .share,
                under: parts.keys.sealing,
                context: transcript.array,
                random: &random
            )
            let value = VersionedBytes(version: 1, bytes: transcript.array + sealed)
            try await parts.durability.write([.setSecret(EpochNames(peer.committee).share, value)])
        case .eraseEncryptionKey:
            guard let own = peer.committee[peer.own] else { return }
            try parts.keys.erase(own.encryptionKey)
        }
    }
}
