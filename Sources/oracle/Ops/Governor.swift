import ArgumentParser
import Cryptography
import Ethereum
import FoundationEssentials
import KeyOperations
import P2PNode
import Primitives
import SystemPackage

/// Who sends a call, and how.
struct Governor: ParsableArguments {
    @Option(
        name: .long,
        help: ArgumentHelp(
            "A file with the account's secret key in hexadecimal, mode 0600; or its path in ORACLE_ACCOUNT_FILE.",
            valueName: "file"
        )
    )
    var accountFile: String?

    @Flag(help: "Send nothing: print what is to be sent where, for a governor that is a contract.")
    var dryRun = false

    @Option(name: .long, help: ArgumentHelp("How long to wait for a block.", valueName: "seconds"))
    var timeout = 600

    @Flag(help: "Print JSON.")
    var json = false

    func validate() throws {
        guard (1...86_400).contains(timeout) else { throw ValidationError("--timeout is 1 to 86400 seconds") }
    }

    /// A call for the contract.
    struct Call {
        var data: [UInt8]
        var gasLimit: UInt64

        init(_ call: OperationsCall) {
            data = call.data
            gasLimit = call.gasLimit
        }

        init(_ call: OperatorCall) {
            data = call.data
            gasLimit = call.gasLimit
        }
    }

    private var path: String? {
        accountFile ?? ProcessInfo.processInfo.environment["ORACLE_ACCOUNT_FILE"]
    }

    /// The account, if its key is given.
    func account() throws -> Address? { try path.map { try key($0).address } }

    private func key(_ path: String) throws -> AccountKey {
        do {
            // Before there is a secret: no core dump, no debugger of the same user.
            _ = ProcessHardening.apply()
            guard let key = AccountKey(try SecretFile.account(FilePath(path))) else {
                throw KeyError.notAnAccount(path)
            }
            return key
        } catch {
            Terminal.complain("\(error)")
            throw ExitCode(Exit.failed)
        }
    }

    private func needed() throws -> AccountKey {
        guard let path else {
            throw ValidationError(
                "give the account's key: --account-file or ORACLE_ACCOUNT_FILE; or --dry-run"
            )
        }
        return try key(path)
    }

    /// Sends a call that needs nothing of the chain to be made, or shows it.
    func perform(_ call: Call, on target: ContractTarget) async throws {
        if dryRun {
            try show(call, to: try target.address(), chainId: nil)
        } else {
            let key = try needed()
            try await target.opened { try await send(call, key, $0) }
        }
    }

    /// The same for a call that is made from what the chain tells.
    func perform(
        on target: ContractTarget,
        _ make: (OperationsLedger) throws -> Call
    ) async throws {
        let key = dryRun ? nil : try needed()
        try await target.opened { contract in
            let call = try make(try await target.read(contract).ledger)
            if let key {
                try await send(call, key, contract)
            } else {
                try show(call, to: contract.address, chainId: contract.chainId)
            }
        }
    }

    private func show(_ call: Call, to address: Address, chainId: UInt64?) throws {
        let data = "0x" + Hex.encode(call.data)
        if json {
            print(
                try LedgerView.json(
                    DryRun(to: address.checksummed, value: "0", data: data, chainId: chainId)
                )
            )
        } else {
            print("to     \(address.checksummed)\nvalue  0\ndata   \(data)")
        }
    }

    private struct DryRun: Encodable {
        var to: String
        var value: String
        var data: String
        var chainId: UInt64?
    }

    private func send(_ call: Call, _ key: AccountKey, _ contract: OperationsContract) async throws {
        let progress = Waiting()
        let receipt = try await contract.send(
            call.data,
            gasLimit: call.gasLimit,
            from: key,
            patience: .seconds(timeout)
        ) { step in
            switch step {
            case .sent(let hash): Terminal.mention("sent transaction \(hash)")
            case .waiting(_, let time):
                progress.tell("waits for a block with it, for \(time.components.seconds) s")
            case .silent(let error): progress.tell("\(error); waits")
            }
        }
        let report = ReceiptReport(receipt)
        print(json ? try LedgerView.json(report) : report.text)
    }
}
