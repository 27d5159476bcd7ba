import BLS12381
import Cryptography
import Ethereum
import KeyOperations
import P2PNode
import Primitives

/// A log of the contract for programs, and on a line.
struct EventReport: Encodable {
    /// The event's name in the contract.
    var event = ""
    var block: UInt64
    var transaction: String
    var final: Bool
    /// Whether it was told of before and its block was undone.
    var gone: Bool?
    /// The request's id.
    var request: String?
    var number: UInt64?
    var index: UInt16?
    var publicKey: String?
    var operators: [UInt64]?
    var threshold: UInt16?
    var transcript: String?
    var amountGwei: UInt64?
    var withdrawalCredentials: String?
    var depositDataRoot: String?
    var exitEpoch: UInt64?
    var validatorIndex: UInt64?
    var feeWei: String?
    var call: String?
    var reason: String?
    var blamed: [UInt64]?
    var `operator`: OperatorReport?
    /// The committee's epoch whose key has signed the report.
    var epoch: UInt64?
    private var sentence = ""

    private enum CodingKeys: CodingKey {
        case event, block, transaction, final, gone, request, number, index, publicKey, operators, threshold
        case transcript, amountGwei, withdrawalCredentials, depositDataRoot, exitEpoch, validatorIndex, feeWei
        case call, reason, blamed, `operator`, epoch
    }

    init(_ entry: LedgerEntry, isFinal: Bool, isGone: Bool = false) {
        block = entry.block.number
        transaction = "\(entry.transaction)"
        final = isFinal
        gone = isGone ? true : nil
        switch entry.event {
        case .operatorRegistered(let record): take("OperatorRegistered", record, "is registered")
        case .operatorChanged(let record): take("OperatorChanged", record, "is changed")
        case .requested(let asked, let id):
            event = asked.kind.prefix(1).uppercased() + asked.kind.dropFirst() + "Requested"
            request = "\(id)"
            number = asked.number
            sentence = "request \(asked.number): \(LedgerView.asked(asked))"
        case .requestCancelled(let id):
            event = "RequestCancelled"
            request = "\(id)"
            sentence = "is cancelled"
        case .requestFailed(let report):
            take("RequestFailed", report.statement.requestId, report.statement.epoch)
            reason = report.reason.words
            blamed = report.blamed.map { $0.rawValue }
            let names = report.blamed.isEmpty ? "" : " (operators \(LedgerView.list(report.blamed)))"
            sentence = "has failed: \(report.reason.words)\(names)"
        case .validatorCreated(let report): take(report)
        case .validatorReshared(let report):
            take("ValidatorReshared", report.statement.requestId, report.statement.epoch)
            take(report.publicKey, report.operators)
            transcript = "\(report.statement.transcript)"
            sentence =
                "operators \(LedgerView.list(report.operators.ids)) hold shares of \(LedgerView.short(report.publicKey))"
        case .exitSigned(let report):
            take("ValidatorExitSigned", report.statement.requestId, report.statement.epoch)
            publicKey = "\(report.publicKey)"
            exitEpoch = report.exit.epoch
            validatorIndex = report.exit.validatorIndex
            sentence = "the exit of validator \(report.exit.validatorIndex) is signed"
        case .exitTriggered(let report):
            take("ValidatorExitTriggered", report.statement.requestId, report.statement.epoch)
            publicKey = "\(report.publicKey)"
            feeWei = "\(report.fee)"
            sentence =
                "a withdrawal request is made for \(LedgerView.short(report.publicKey)), for \(report.fee) wei"
        case .exitCall(let report):
            take("ValidatorExitCall", report.statement.requestId, report.statement.epoch)
            publicKey = "\(report.publicKey)"
            call = "0x" + Hex.encode(report.statement.call)
            sentence = "the call with which the owner ends \(LedgerView.short(report.publicKey)) is published"
        case .validatorClosed(let closed):
            event = "ValidatorClosed"
            take(closed.publicKey, closed.operators)
            sentence = "validator \(LedgerView.short(closed.publicKey)) has left, in the governor's word"
        }
    }

    private mutating func take(_ name: String, _ record: OperatorRecord, _ done: String) {
        event = name
        self.operator = OperatorReport(record)
        let standing =
            record.isActive ? record.isCollateralised ? "" : ", not collateralised" : ", not active"
        sentence =
            "operator \(record.id.rawValue) \(done)\(standing), at \(String(printable: record.endpoint.bytes))"
    }

    private mutating func take(_ name: String, _ id: Digest, _ epoch: Epoch) {
        event = name
        request = "\(id)"
        self.epoch = epoch.rawValue
    }

    private mutating func take(_ key: G1Bytes, _ group: OperatorGroup) {
        publicKey = "\(key)"
        operators = group.numbers
        threshold = UInt16(group.threshold)
    }

    private mutating func take(_ report: ValidatorCreated) {
        let message = report.deposit.message
        take("ValidatorCreated", report.statement.requestId, report.statement.epoch)
        take(message.publicKey, report.operators)
        index = report.statement.index
        transcript = "\(report.statement.transcript)"
        amountGwei = message.amount.rawValue
        withdrawalCredentials = "\(message.withdrawalCredentials)"
        depositDataRoot = "\(report.statement.depositDataRoot)"
        sentence =
            "validator \(LedgerView.short(message.publicKey)) is made by operators \(LedgerView.list(report.operators.ids)), "
            + "\(LedgerView.ether(message.amount)) deposited"
    }

    /// The event on one line.
    func line(isTerminal: Bool) -> String {
        let name = number == nil ? request.map { "request \($0.prefix(10)) " } ?? "" : ""
        let mark = gone == true ? "GONE AGAIN: " : ""
        let colour: Terminal.Colour? =
            gone == true
            ? .yellow : reason != nil ? .red : publicKey != nil ? .green : number != nil ? .bold : nil
        let text = mark + name + sentence
        return "block \(String(block).padding(to: 10))"
            + (colour.map { Terminal.paint(text, $0, isTerminal) } ?? text)
    }
}
