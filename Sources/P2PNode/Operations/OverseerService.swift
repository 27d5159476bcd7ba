internal import BLS12381
internal import BeaconAPI
internal import Ethereum
internal import KeyOperations
internal import Logging
internal import Peer
internal import Primitives
internal import ServiceLifecycle

/// Joins an oracle's overseer with its member's machine, the chain, the beacon chain and the disk.
struct OverseerService: Service {
    let parts: NodeParts

    func run() async throws {
        await cancelWhenGracefulShutdown {
            await withDiscardingTaskGroup { group in
                group.addTask { await self.bringNews() }
                for await wish in parts.desk.wishes {
                    if case .askBeacon(let key) = wish {
                        group.addTask { await self.ask(key) }
                    } else {
                        await self.perform(wish)
                    }
                }
                group.cancelAll()
            }
        }
    }

    /// Brings the overseer what the member's machine tells.
    private func bringNews() async {
        // Under which id each report is on its way to the contract.
        var calls: [Digest: Digest] = [:]
        for await news in parts.actor.office.news {
            switch news {
            case .epoch(let committee): await parts.desk.tell(overseer: .committee(committee))
            case .view(let view): await parts.desk.tell(overseer: .view(view))
            case .entry(let author, let topic, let body):
                await parts.desk.tell(overseer: .entry(author: author, topic, body: body))
            case .refused(let topic, _):
                // An order is said again; what operators say, another member carries.
                parts.logger.warning("the own log does not take an entry", metadata: ["topic": "\(topic)"])
            case .signed(let hash): await parts.desk.tell(overseer: .signed(hash))
            case .submit(let hash, let signature):
                guard let call = await parts.desk.report(hash)?.call(signedBy: signature) else { continue }
                calls[hash] = await parts.chain.submit(call)
            case .withdraw(let hash):
                if let id = calls.removeValue(forKey: hash) { await parts.chain.withdraw(id) }
            }
        }
    }

    private func perform(_ wish: OverseerMachine.Action) async {
        switch wish {
        case .append(let topic, let body): await parts.actor.feed(.operations(.append(topic, body)))
        case .endorse(let hash): await parts.actor.feed(.operations(.endorse(hash)))
        case .retract(let hash): await parts.actor.feed(.operations(.retract(hash)))
        case .settled(let hash): await parts.actor.feed(.operations(.settled(hash)))
        case .keep(let id): await keep(id)
        case .notice(let notice):
            let text = OverseerText(notice)
            parts.logger.log(level: text.level, "\(text.message)", metadata: text.metadata)
        case .admit, .open, .close, .offer, .convict, .askBeacon: break
        }
    }

    private func keep(_ id: Digest) async {
        guard let attempt = await parts.desk.attempt(id) else { return }
        await parts.transcripts?.keep(attempt)
    }

    // MARK: The beacon chain

    private func ask(_ key: G1Bytes) async {
        await parts.desk.tell(overseer: .beacon(key, await standing(of: key)))
    }

    private func standing(of key: G1Bytes) async -> BeaconStanding {
        guard let beacon = parts.beacon, let publicKey = PublicKey(key) else { return .unknown }
        do {
            switch try await beacon.standing(of: publicKey) {
            case .none: return .none
            case .waiting: return .waiting
            case .validator(let record, _):
                let head = try await beacon.headEpoch()
                let rules = try await beacon.rules()
                // The least time of service, `SHARD_COMMITTEE_PERIOD`, before which a chain refuses exits.
                let mayLeave =
                    record.exitEpoch == nil
                    && record.activationEpoch.map {
                        head >= $0 + rules.leastService
                    } == true
                return .validator(index: record.index, exitEpoch: mayLeave ? head : nil)
            }
        } catch {
            parts.logger.warning("the beacon chain does not answer", metadata: ["reason": "\(error)"])
            return .unknown
        }
    }
}
