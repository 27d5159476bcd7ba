internal import Ethereum
internal import Logging
internal import Primitives

/// Learns once which chain the node is on, and holds it to that.
///
/// Every signature is bound to the genesis block. It is taken from the configuration; without one, the first start
/// asks all endpoints, which must agree, and the answer is kept.
struct GenesisPin {
    private static let name: StateName = "chain.genesis"

    let store: any Store
    let transport: any RPCTransport
    let endpoints: [RPCEndpoint]
    let chainId: UInt64
    let clock: NodeClock
    let logger: Logger

    /// The genesis block's hash.
    ///
    /// - Throws: ``NodeError/chain(_:)`` when the configuration or the endpoints contradict what was known.
    func resolve(configured: Digest?) async throws -> Digest {
        let kept = try await store.state(Self.name).flatMap { Digest($0.bytes) }
        if let configured {
            if let kept, kept != configured {
                throw NodeError.chain(
                    "chain.genesis is \(configured), but this data directory belongs to the chain of genesis \(kept)"
                )
            }
            return try await keep(configured)
        }
        if let kept { return kept }
        return try await keep(await ask())
    }

    private func keep(_ genesis: Digest) async throws -> Digest {
        try await store.commit([.setState(Self.name, VersionedBytes(version: 1, bytes: genesis.array))])
        return genesis
    }

    /// Asks until an endpoint answers; those that do must agree.
    private func ask() async throws -> Digest {
        var pause = Duration.milliseconds(500)
        while true {
            var answers: [(RPCEndpoint, Digest)] = []
            for endpoint in endpoints {
                do throws(RPCFault) {
                    if let genesis = try await genesis(at: endpoint) { answers.append((endpoint, genesis)) }
                } catch {
                    logger.warning("no answer", metadata: ["endpoint": "\(endpoint)", "reason": "\(error)"])
                }
            }
            if let first = answers.first {
                for (endpoint, genesis) in answers where genesis != first.1 {
                    throw NodeError.chain(
                        "\(first.0) and \(endpoint) are on different chains (genesis \(first.1) and \(genesis)); "
                            + "correct chain.rpc, or set chain.genesis"
                    )
                }
                return first.1
            }
            logger.notice("waiting for an endpoint of the chain")
            try await clock.sleep(until: clock.now.advanced(by: pause))
            pause = min(pause * 2, .seconds(10))
        }
    }

    private func genesis(at endpoint: RPCEndpoint) async throws(RPCFault) -> Digest? {
        let batch = RPCBatch([.chainId, .header(.number(0))])
        let reply = try await transport.post(batch.body, to: endpoint, within: .seconds(5), limit: 1 << 20)
        let outcomes = try batch.outcomes(of: reply)
        guard
            case .success(.number(let id)) = outcomes[0], id == chainId,
            case .success(.header(let header?)) = outcomes[1]
        else {
            logger.error("not the configured chain", metadata: ["endpoint": "\(endpoint)"])
            return nil
        }
        return header.hash
    }
}
