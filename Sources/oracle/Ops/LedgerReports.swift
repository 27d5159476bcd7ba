import BLS12381
import Cryptography
import Ethereum
import KeyOperations
import P2PNode
import Primitives

/// An operator's entry for programs, and for the lines of a table.
struct OperatorReport: Encodable {
    var id: UInt64
    var account: String
    var identity: String
    /// Missing when the operator has no RSA key.
    var sharesKeyHash: String?
    var endpoint: String
    var active: Bool
    var collateralised: Bool
    var validators: Int?

    init(_ record: OperatorRecord, validators: Int? = nil) {
        id = record.id.rawValue
        account = record.account.checksummed
        identity = "\(record.identity)"
        sharesKeyHash = record.sharesKeyHash.isZero ? nil : "\(record.sharesKeyHash)"
        endpoint = String(printable: record.endpoint.bytes)
        active = record.isActive
        collateralised = record.isCollateralised
        self.validators = validators
    }
}

/// A request for programs.
struct RequestReport: Encodable {
    var number: UInt64
    var id: String
    /// `keygen`, `reshare` or `exit`.
    var kind: String
    /// `open`, `done`, `failed` or `cancelled`.
    var state: String
    /// Whether the newest log about it is in a block that cannot be undone.
    var final: Bool
    var block: UInt64
    var transaction: String
    var count: Int?
    var size: Int?
    /// Who is named; for an exit those who hold the key.
    var operators: [UInt64]?
    var oldOperators: [UInt64]?
    var publicKey: String?
    var withdrawal: String?
    var compounding: Bool?
    var amountGwei: UInt64?
    var owner: String?
    var ownerNonce: UInt64?
    /// `signed`, `withdrawal` or `call`.
    var way: String?
    var feeCap: UInt64?
    var reason: String?
    var blamed: [UInt64]?
    var results: [EventReport]

    init(_ entry: OperationsLedger.Entry, _ reading: LedgerReading) {
        number = entry.request.number
        id = "\(entry.id)"
        kind = entry.request.kind
        state = entry.standing.name
        final = reading.isFinal(entry.newest)
        block = entry.asked.block.number
        transaction = "\(entry.asked.transaction)"
        results = entry.results.map { EventReport($0, isFinal: reading.isFinal($0)) }
        if case .failed(let reason, let blamed) = entry.standing {
            self.reason = reason.words
            self.blamed = blamed.map { $0.rawValue }
        }
        switch entry.request {
        case .keygen(let request):
            count = request.count
            size = request.size
            operators = request.operators?.numbers
            withdrawal = request.credentials.address.checksummed
            compounding = request.credentials.kind == .compounding
            amountGwei = request.amount.rawValue
            owner = request.owner.checksummed
            ownerNonce = request.ownerNonce
        case .reshare(let request):
            publicKey = "\(request.publicKey)"
            oldOperators = request.oldOperators.numbers
            operators = request.newOperators.numbers
        case .exit(let request):
            publicKey = "\(request.publicKey)"
            operators = request.operators.numbers
            way = ExitRequestCommand.Way(request.way).rawValue
            feeCap = request.way == .withdrawalRequest ? request.feeCap : nil
        }
    }
}

/// What came of a call, for programs and in lines.
struct ReceiptReport: Encodable {
    var block: UInt64
    var transaction: String
    /// The request's id, when the call asks for something or takes it back.
    var id: String?
    var number: UInt64?
    var operatorId: UInt64?

    init(_ receipt: ContractReceipt) {
        block = receipt.block.number
        transaction = "\(receipt.transaction)"
        for entry in receipt.entries {
            switch entry.event {
            case .requested(let request, let id):
                self.id = "\(id)"
                number = request.number
            case .requestCancelled(let id): self.id = "\(id)"
            case .operatorRegistered(let record), .operatorChanged(let record):
                operatorId = record.id.rawValue
            default: break
            }
        }
    }

    var text: String {
        var lines: [String] = []
        if let number { lines.append("request   \(number)") }
        if let id { lines.append("id        \(id)") }
        if let operatorId { lines.append("operator  \(operatorId)") }
        lines.append("block     \(block), transaction \(transaction)")
        return lines.joined(separator: "\n")
    }
}

extension OperationRequest {
    /// One word for what is asked.
    var kind: String {
        switch self {
        case .keygen: "keygen"
        case .reshare: "reshare"
        case .exit: "exit"
        }
    }
}

extension OperationsLedger.Standing {
    /// One word for it.
    var name: String {
        switch self {
        case .open: "open"
        case .done: "done"
        case .failed: "failed"
        case .cancelled: "cancelled"
        }
    }
}

extension OperationsLedger.Entry {
    /// The newest log about it.
    var newest: LedgerEntry { ending ?? results.last ?? asked }
}

extension FailureReason {
    /// Why, in words.
    var words: String {
        switch self {
        case .tooFewOperators: "too few operators are eligible"
        case .absent: "operators were absent"
        case .misbehaved: "operators broke the rules"
        case .impossible: "it cannot be done"
        case .unknownValidator: "the beacon chain does not know the validator"
        case .expired: "it took too long"
        default: "reason \(rawValue)"
        }
    }
}
