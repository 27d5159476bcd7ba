import ArgumentParser
import Cryptography
import Ethereum
import EthereumHTTP
import FoundationEssentials
import P2PNode
import Primitives

/// Which contract a command speaks with, and through whom.
struct ContractTarget: ParsableArguments {
    @Option(
        name: .long,
        help: ArgumentHelp(
            "A JSON-RPC endpoint of the chain; or ORACLE_CHAIN_RPC, the first.",
            valueName: "url"
        )
    )
    var rpc: String?

    @Option(
        name: .long,
        help: ArgumentHelp("The contract's address; or ORACLE_OPERATIONS_ADDRESS.", valueName: "address")
    )
    var contract: String?

    @Option(
        name: .long,
        help: ArgumentHelp(
            "No log of the contract is older than this block; or ORACLE_OPERATIONS_FIRST_BLOCK.",
            valueName: "number"
        )
    )
    var firstBlock: String?

    /// A value of the command line, or of the environment.
    private func value(_ given: String?, _ variable: String) -> String? {
        given ?? ProcessInfo.processInfo.environment[variable].flatMap { $0.isEmpty ? nil : $0 }
    }

    func address() throws -> Address {
        guard let text = value(contract, "ORACLE_OPERATIONS_ADDRESS") else {
            throw ValidationError(
                "name the contract ValidatorOperations: --contract, or ORACLE_OPERATIONS_ADDRESS"
            )
        }
        return try OpsText.address(text, "--contract")
    }

    private func endpoint() throws -> RPCEndpoint {
        guard let texts = value(rpc, "ORACLE_CHAIN_RPC"), let text = texts.split(separator: ",").first else {
            throw ValidationError("name an endpoint of the chain: --rpc, or ORACLE_CHAIN_RPC")
        }
        // The address is not shown: it often holds an access token.
        guard let endpoint = RPCEndpoint(address: String(text)) else {
            throw ValidationError("--rpc takes an address that begins with http:// or https://")
        }
        return endpoint
    }

    private func start() throws -> UInt64 {
        guard let text = value(firstBlock, "ORACLE_OPERATIONS_FIRST_BLOCK") else { return 0 }
        guard let number = UInt64(text) else {
            throw ValidationError("--first-block is a number, not '\(text)'")
        }
        return number
    }

    /// Does something with the contract; when it cannot be done, says why and ends with the exit code of that.
    func opened<Result>(_ body: (OperationsContract) async throws -> Result) async throws -> Result {
        let (address, endpoint) = (try address(), try endpoint())
        let transport = HTTPTransport()
        let result: Swift.Result<Result, any Error>
        do {
            let contract = try await OperationsContract(at: address, through: endpoint, transport: transport)
            result = .success(try await body(contract))
        } catch {
            result = .failure(error)
        }
        try await transport.shutdown()
        do {
            return try result.get()
        } catch let error as ContractError {
            Terminal.complain("\(error)")
            throw ExitCode(error.exitCode)
        }
    }

    /// All that the contract's logs tell up to now.
    func read(_ contract: OperationsContract) async throws -> LedgerReading {
        let progress = Waiting()
        let first = try start()
        let head = try await contract.head().number
        let final = try await contract.finalNumber()
        guard first <= head else {
            throw ValidationError("--first-block is \(first), and the chain's newest block is \(head)")
        }
        let entries = try await contract.entries(in: first...head) { block in
            progress.tell("reads the contract's logs: block \(block) of \(head)")
        }
        return LedgerReading(entries: entries, head: head, final: final)
    }
}

/// The contract's logs up to a block.
struct LedgerReading {
    let entries: [LedgerEntry]
    let head: UInt64
    /// The newest block that cannot be undone; `nil` when the endpoint does not say.
    let final: UInt64?

    var ledger: OperationsLedger { OperationsLedger(entries) }

    func isFinal(_ entry: LedgerEntry) -> Bool { final.map { entry.block.number <= $0 } ?? false }
}

extension ContractError {
    /// What a command ends with.
    fileprivate var exitCode: Int32 {
        switch self {
        case .reverted, .failed: Exit.negative
        case .endpoint, .notIncluded: Exit.unreachable
        case .refused, .noContract, .forged, .unaffordable, .unsent: Exit.failed
        }
    }
}
