internal import Cryptography
package import Primitives

/// By what the node recognises its chain and contract at an endpoint.
package struct ChainIdentity: Hashable, Sendable {
    /// Chain id, genesis block and registry.
    package var deployment: Deployment
    /// Keccak-256 of the registry's code; `nil` takes any code that is not empty.
    package var codeHash: Digest?

    /// What an endpoint must show.
    package init(deployment: Deployment, codeHash: Digest? = nil) {
        self.deployment = deployment
        self.codeHash = codeHash
    }

    /// The questions whose answers tell.
    var queries: [RPCQuery] {
        [.chainId, .header(.number(0)), .code(deployment.registry), .header(.latest)]
    }

    /// What is wrong with the answers to ``queries``, or `nil` when they fit.
    func fault(in outcomes: [RPCOutcome]) -> String? {
        guard case .success(.number(let chainId)) = outcomes[0] else {
            return Self.told(outcomes[0], "chain id")
        }
        guard chainId == deployment.chainId else {
            return "is on chain \(chainId), not \(deployment.chainId)"
        }
        guard case .success(.header(let genesis?)) = outcomes[1] else {
            return Self.told(outcomes[1], "genesis block")
        }
        guard genesis.hash == deployment.genesis else {
            return "has the genesis block \(genesis.hash), not \(deployment.genesis)"
        }
        guard case .success(.data(let code)) = outcomes[2] else { return Self.told(outcomes[2], "code") }
        guard !code.isEmpty else { return "has no contract at \(deployment.registry.checksummed)" }
        let hash = Keccak256.hash(code)
        if let codeHash, codeHash != hash {
            return "has another contract at \(deployment.registry.checksummed): its code hashes to \(hash)"
        }
        return nil
    }

    private static func told(_ outcome: RPCOutcome, _ what: String) -> String {
        if case .failure(let refusal) = outcome { return "does not tell its \(what): \(refusal)" }
        return "does not tell its \(what)"
    }
}
