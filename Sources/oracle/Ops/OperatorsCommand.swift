import ArgumentParser
import Cryptography
import Ethereum
import KeyOperations
import P2PNode
import Primitives
import SystemPackage

/// `oracle ops operators`.
struct OperatorsCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "operators",
        abstract: "Registers operators with the contract, and lists them.",
        subcommands: [RegisterOperatorCommand.self, SetOperatorCommand.self, ListOperatorsCommand.self]
    )
}

/// `oracle ops operators register`.
struct RegisterOperatorCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "register",
        abstract: "Enters an operator in the contract; the governor's.",
        discussion: """
            The card is the operator's, from 'oracle keys new --operator'. Number and identity are never another's afterwards. \
            Collateralised operators may be chosen by the rule; others serve only where a request names them.

            Examples:
              oracle ops operators register --id 7 --card operator.json --collateralised --account-file governor.key
              oracle ops operators register --id 8 --account 0x… --identity 0x… --endpoint op8.example.org:9100 --dry-run
            """
    )

    @Option(name: .long, help: ArgumentHelp("Its number, from 1.", valueName: "number"))
    var id: UInt64

    @Option(name: .long, help: ArgumentHelp("The operator's card.", valueName: "file"))
    var card: String?

    @Option(
        name: .long,
        help: ArgumentHelp("In place of the card: who may change the entry.", valueName: "address")
    )
    var account: String?

    @Option(name: .long, help: ArgumentHelp("In place of the card: its Ed25519 key.", valueName: "hex"))
    var identity: String?

    @Option(
        name: .long,
        help: ArgumentHelp(
            "In place of the card: the hash of its RSA key's text; none unless given.",
            valueName: "hex"
        )
    )
    var sharesKeyHash: String?

    @Option(name: .long, help: ArgumentHelp("In place of the card: where it is.", valueName: "host:port"))
    var endpoint: String?

    @Flag(help: "It may not hold further shares yet.")
    var inactive = false

    @Flag(help: "The rule may choose it.")
    var collateralised = false

    @OptionGroup var target: ContractTarget
    @OptionGroup var governor: Governor

    func validate() throws {
        guard id != 0 else { throw ValidationError("--id is not 0") }
        let given = [account, identity, endpoint].compactMap(\.self).count
        guard card == nil ? given == 3 : given == 0 && sharesKeyHash == nil else {
            throw ValidationError("give --card, or else --account, --identity and --endpoint")
        }
    }

    func run() async throws {
        try await governor.perform(Governor.Call(OperatorCall.register(try record())), on: target)
    }

    private func record() throws -> OperatorRecord {
        guard let card else { return try recordOfParts() }
        do throws(KeyError) {
            let card = try OperatorCard(reading: FilePath(card))
            return record(card.account, card.identity, card.sharesKey.operatorKeyHash, card.endpoint)
        } catch {
            Terminal.complain("\(error)")
            throw ExitCode(Exit.failed)
        }
    }

    private func recordOfParts() throws -> OperatorRecord {
        guard let key = identity.flatMap({ Identity(hex: $0) }), key.isValidPoint else {
            throw ValidationError("--identity takes the 64 hexadecimal digits of an Ed25519 key")
        }
        guard let endpoint, endpoint.utf8.count <= OperatorCard.endpointLimit, let place = Endpoint(endpoint)
        else { throw ValidationError("--endpoint takes host:port of at most 64 bytes") }
        guard let hash = sharesKeyHash.map({ Digest(hex: $0) }) ?? Digest() else {
            throw ValidationError("--shares-key-hash takes 64 hexadecimal digits")
        }
        return record(try OpsText.address(account ?? "", "--account"), key, hash, place)
    }

    private func record(
        _ account: Address,
        _ identity: Identity,
        _ hash: Digest,
        _ endpoint: Endpoint
    ) -> OperatorRecord {
        OperatorRecord(
            id: OperatorID(id),
            account: account,
            identity: identity,
            sharesKeyHash: hash,
            // Cards and arguments are no longer, and an empty one the contract refuses.
            endpoint: ByteList(Array("\(endpoint)".utf8)) ?? ByteList(),
            isActive: !inactive,
            isCollateralised: collateralised,
            registration: 0
        )
    }
}

/// `oracle ops operators set`.
struct SetOperatorCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "set",
        abstract: "Says whether an operator may hold further shares, and be chosen; the governor's.",
        discussion: """
            What is not given stays as it is.

            Example:
              oracle ops operators set --id 7 --no-active --account-file governor.key
            """
    )

    @Option(name: .long, help: ArgumentHelp("Its number.", valueName: "number"))
    var id: UInt64

    @Flag(inversion: .prefixedNo, help: "Whether it may hold further shares.")
    var active: Bool?

    @Flag(inversion: .prefixedNo, help: "Whether the rule may choose it.")
    var collateralised: Bool?

    @OptionGroup var target: ContractTarget
    @OptionGroup var governor: Governor

    func validate() throws {
        guard active != nil || collateralised != nil else {
            throw ValidationError(
                "say what changes: --active, --no-active, --collateralised, --no-collateralised"
            )
        }
    }

    func run() async throws {
        try await governor.perform(on: target) { ledger in
            guard let record = ledger.operators[OperatorID(id)] else {
                Terminal.complain("there is no operator \(id); see 'oracle ops operators list'")
                throw ExitCode(Exit.failed)
            }
            return Governor.Call(
                OperatorCall.setStatus(
                    record.id,
                    isActive: active ?? record.isActive,
                    isCollateralised: collateralised ?? record.isCollateralised
                )
            )
        }
    }
}

/// `oracle ops operators list`.
struct ListOperatorsCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "list",
        abstract: "Lists all operators and how many validators each holds shares of.",
        discussion: """
            Examples:
              oracle ops operators list
              oracle ops operators list --json | jq '.[] | select(.active)'
            """
    )

    @OptionGroup var target: ContractTarget

    @Flag(help: "Print JSON.")
    var json = false

    func run() async throws {
        let ledger = try await target.opened { try await target.read($0).ledger }
        let records = ledger.operators.values.sorted { $0.id < $1.id }
        let reports = records.map { OperatorReport($0, validators: ledger.validatorCount(of: $0.id)) }
        print(json ? try LedgerView.json(reports) : LedgerView.table(reports))
    }
}
