package import Ethereum
package import Primitives

/// The contract for validators' keys, through one endpoint of the chain, for a command that runs and ends.
///
/// What it shows is that endpoint's word; oracles and operators believe several, and reports for their signatures.
package struct OperationsContract: Sendable {
    /// Where the contract is.
    package let address: Address
    /// The chain's EIP-155 id, as the endpoint says.
    package let chainId: UInt64
    let endpoint: RPCEndpoint
    let transport: any RPCTransport

    /// How long one question may take.
    static let patience = Duration.seconds(20)
    /// How many bytes a reply may have.
    private static let replyLimit = 32 << 20

    /// Asks the endpoint for the chain's id, and whether there is a contract.
    package init(
        at address: Address,
        through endpoint: RPCEndpoint,
        transport: any RPCTransport
    ) async throws(ContractError) {
        let replies = try await Self.ask([.chainId, .code(address)], endpoint, transport)
        guard case .number(let chainId) = replies[0], case .data(let code) = replies[1], !code.isEmpty else {
            guard case .number(let chainId) = replies[0] else { throw Self.strange(endpoint) }
            throw .noContract(address, chainId: chainId)
        }
        self.address = address
        self.chainId = chainId
        self.endpoint = endpoint
        self.transport = transport
    }

    /// The answers to several questions; one refusal is that of all.
    func ask(_ queries: RPCQuery...) async throws(ContractError) -> [RPCValue] {
        try await Self.ask(queries, endpoint, transport)
    }

    private static func ask(
        _ queries: [RPCQuery],
        _ endpoint: RPCEndpoint,
        _ transport: any RPCTransport
    ) async throws(ContractError) -> [RPCValue] {
        let outcomes = try await outcomes(of: queries, endpoint, transport)
        var values: [RPCValue] = []
        for (query, outcome) in zip(queries, outcomes) {
            switch outcome {
            case .success(let value): values.append(value)
            case .failure(let refusal): throw .refused(endpoint.name, method: query.method, refusal)
            }
        }
        return values
    }

    /// What each of several questions came to.
    func outcomes(of queries: RPCQuery...) async throws(ContractError) -> [RPCOutcome] {
        try await Self.outcomes(of: queries, endpoint, transport)
    }

    private static func outcomes(
        of queries: [RPCQuery],
        _ endpoint: RPCEndpoint,
        _ transport: any RPCTransport
    ) async throws(ContractError) -> [RPCOutcome] {
        let batch = RPCBatch(queries)
        do throws(RPCFault) {
            let reply = try await transport.post(
                batch.body,
                to: endpoint,
                within: patience,
                limit: replyLimit
            )
            return try batch.outcomes(of: reply)
        } catch {
            throw .endpoint(endpoint.name, error)
        }
    }

    /// For an answer of another kind than the question's, which ``RPCBatch`` lets pass none of.
    static func strange(_ endpoint: RPCEndpoint) -> ContractError {
        .endpoint(endpoint.name, .badReply("is of another kind than was asked for"))
    }

    /// The newest block.
    package func head() async throws(ContractError) -> BlockHeader {
        guard case .header(let header?) = try await ask(.header(.latest))[0] else {
            throw Self.strange(endpoint)
        }
        return header
    }

    /// The number of the newest block that can no longer be undone; `nil` when the endpoint does not say.
    package func finalNumber() async throws(ContractError) -> UInt64? {
        guard case .success(.header(let header)) = try await outcomes(of: .header(.finalized))[0] else {
            return nil
        }
        return header?.number
    }
}
