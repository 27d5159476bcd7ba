import ArgumentParser
import Ethereum
import KeyOperations
import P2PNode
import Primitives

/// `oracle ops keygen`.
struct KeygenCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "keygen",
        abstract: "Asks for new validators.",
        discussion: """
            One group of operators makes all their keys in one ceremony; each deposit is paid by the contract when the \
            oracles' committee has reported its key. Without --operators the rule chooses: active and collateralised ones \
            with the fewest validators.

            Ends with 0 when the request is in a block, and prints its id; with 1 when the contract refuses it.

            Examples:
              oracle ops keygen --count 3 --withdrawal 0x… --account-file governor.key
              oracle ops keygen --count 1 --operators 1,2,5,6 --withdrawal 0x… --compounding --amount-gwei 64000000000 --owner 0x…
              oracle ops keygen --count 1 --withdrawal 0x… --owner 0x… --dry-run --json | jq -r .data
            """
    )

    @Option(name: .long, help: ArgumentHelp("How many validators, 1 to 20.", valueName: "number"))
    var count: Int

    @Option(name: .long, help: ArgumentHelp("How many operators each key has, 4 to 13.", valueName: "number"))
    var size: Int?

    @Option(name: .long, help: ArgumentHelp("Only these operators.", valueName: "numbers"))
    var operators: String?

    @Option(name: .long, help: ArgumentHelp("Where the validators' ether goes.", valueName: "address"))
    var withdrawal: String

    @Flag(help: "Let rewards stay with the validators, up to 2048 ether each (0x02).")
    var compounding = false

    @Option(
        name: .long,
        help: ArgumentHelp("What each deposits: 32 ether, or more if compounding.", valueName: "gwei")
    )
    var amountGwei: UInt64 = Gwei.ether(32).rawValue

    @Option(
        name: .long,
        help: ArgumentHelp("Who owns them in SSV; the account that asks unless given.", valueName: "address")
    )
    var owner: String?

    @Option(
        name: .long,
        help: ArgumentHelp("The owner's nonce in SSV for the first of them.", valueName: "number")
    )
    var ownerNonce: UInt64 = 0

    @OptionGroup var target: ContractTarget
    @OptionGroup var governor: Governor

    func validate() throws {
        guard KeygenRequest.counts.contains(count) else { throw ValidationError("--count is 1 to 20") }
        let named = try operators.map { try OpsText.operators($0).count }
        guard OperatorGroup.sizes.contains(size ?? named ?? 4), named == nil || size == nil || named == size
        else {
            throw ValidationError("--size is 4 to 13, and as many as --operators names")
        }
        let most = Gwei.ether(compounding ? 2_048 : 32).rawValue
        guard (Gwei.ether(32).rawValue...most).contains(amountGwei) else {
            throw ValidationError(
                compounding
                    ? "--amount-gwei is 32000000000 to 2048000000000"
                    : "--amount-gwei is 32000000000; more goes with --compounding"
            )
        }
        guard ownerNonce <= UInt64.max - UInt64(count) else {
            throw ValidationError("--owner-nonce is too high")
        }
    }

    func run() async throws {
        let group = try operators.map { try OpsText.operators($0) }
        guard let owner = try owner.map({ try OpsText.address($0, "--owner") }) ?? governor.account() else {
            throw ValidationError("say who owns the validators in SSV: --owner")
        }
        let request = KeygenRequest(
            number: 0,
            operators: group,
            size: size ?? group?.count ?? 4,
            count: count,
            credentials: WithdrawalCredentials(
                try OpsText.address(withdrawal, "--withdrawal"),
                kind: compounding ? .compounding : .regular
            ),
            amount: Gwei(rawValue: amountGwei),
            owner: owner,
            ownerNonce: ownerNonce
        )
        try await governor.perform(Governor.Call(OperationsCall.request(.keygen(request))), on: target)
    }
}

/// `oracle ops reshare`.
struct ReshareCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "reshare",
        abstract: "Asks that a validator's key be shared anew, among other operators or the same.",
        discussion: """
            The key stays; old shares are worth nothing afterwards. Who holds the key now is read from the chain. Without \
            --operators the same hold fresh shares.

            Examples:
              oracle ops reshare --key 0xa99a76ed --operators 1,2,5,6 --account-file governor.key
              oracle ops reshare --key 0xa99a76ed --account-file governor.key
            """
    )

    @Option(name: .long, help: ArgumentHelp("The validator's key, or its beginning.", valueName: "key"))
    var key: String

    @Option(name: .long, help: ArgumentHelp("Who is to hold shares.", valueName: "numbers"))
    var operators: String?

    @OptionGroup var target: ContractTarget
    @OptionGroup var governor: Governor

    func run() async throws {
        let group = try operators.map { try OpsText.operators($0) }
        try await governor.perform(on: target) { ledger in
            let validator = try OpsText.validator(key, in: ledger)
            let request = ReshareRequest(
                number: 0,
                publicKey: validator.publicKey,
                oldOperators: validator.operators,
                newOperators: group ?? validator.operators
            )
            return Governor.Call(OperationsCall.request(.reshare(request)))
        }
    }
}

/// `oracle ops exit`.
struct ExitRequestCommand: AsyncParsableCommand {
    /// How a validator is made to leave.
    enum Way: String, CaseIterable, ExpressibleByArgument {
        case signed
        case withdrawal
        case call
    }

    static let configuration = CommandConfiguration(
        commandName: "exit",
        abstract: "Asks that a validator leave.",
        discussion: """
            Ways: 'signed' has the operators sign a voluntary exit, which is published; 'withdrawal' has the contract make a \
            withdrawal request (EIP-7002), which works where the withdrawal address is the contract; 'call' publishes the call \
            that the owner makes in SSV.

            Examples:
              oracle ops exit --key 0xa99a76ed --way signed --account-file governor.key
              oracle ops exit --key 0xa99a76ed --way withdrawal --fee-cap 1000000 --account-file governor.key
            """
    )

    @Option(name: .long, help: ArgumentHelp("The validator's key, or its beginning.", valueName: "key"))
    var key: String

    @Option(name: .long, help: "How.")
    var way: Way

    @Option(
        name: .long,
        help: ArgumentHelp(
            "What a withdrawal request may cost at most; one gwei unless given.",
            valueName: "wei"
        )
    )
    var feeCap: UInt64?

    @OptionGroup var target: ContractTarget
    @OptionGroup var governor: Governor

    func validate() throws {
        guard feeCap == nil || way == .withdrawal else {
            throw ValidationError("--fee-cap belongs to --way withdrawal")
        }
        guard feeCap != 0 else { throw ValidationError("--fee-cap is at least 1 wei") }
    }

    func run() async throws {
        try await governor.perform(on: target) { ledger in
            let validator = try OpsText.validator(key, in: ledger)
            let request = ExitRequest(
                number: 0,
                publicKey: validator.publicKey,
                operators: validator.operators,
                way: way.requested,
                feeCap: way == .withdrawal ? feeCap ?? 1_000_000_000 : 0
            )
            return Governor.Call(OperationsCall.request(.exit(request)))
        }
    }
}

extension ExitRequestCommand.Way {
    fileprivate var requested: ExitRequest.Way {
        switch self {
        case .signed: .signedExit
        case .withdrawal: .withdrawalRequest
        case .call: .ownerCall
        }
    }

    /// The word for a way.
    init(_ way: ExitRequest.Way) {
        switch way {
        case .signedExit: self = .signed
        case .withdrawalRequest: self = .withdrawal
        case .ownerCall: self = .call
        }
    }
}

/// `oracle ops cancel`.
struct CancelCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "cancel",
        abstract: "Takes back what of a request has not been reported.",
        discussion: """
            Examples:
              oracle ops cancel 3 --account-file governor.key
              oracle ops cancel 0x4f6a… --account-file governor.key
            """
    )

    @Argument(help: "The request's number, its id, or the beginning of that.")
    var request: String

    @OptionGroup var target: ContractTarget
    @OptionGroup var governor: Governor

    func run() async throws {
        if request.count > 64, let id = RequestID(hex: request) {
            try await governor.perform(Governor.Call(OperationsCall.cancel(id)), on: target)
        } else {
            try await governor.perform(on: target) { ledger in
                Governor.Call(OperationsCall.cancel(try ledger.one(named: request).id))
            }
        }
    }
}

extension OperationsLedger {
    /// The request that a text names; says so when there is none.
    func one(named text: String) throws -> Entry {
        guard let entry = request(named: text) else {
            Terminal.complain("no one request is named \(text); see 'oracle ops list'")
            throw ExitCode(Exit.failed)
        }
        return entry
    }
}
