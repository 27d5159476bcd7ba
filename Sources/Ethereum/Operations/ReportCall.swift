internal import Cryptography
package import KeyOperations
package import Primitives

/// A call that brings a report of the committee to the contract for validators' keys.
///
/// Who makes it need not read it back: it holds the data that is sent, and of what is reported as much as tells whether it
/// has been reported already.
package struct ReportCall: Hashable, Sendable {
    /// What is reported.
    package enum Deed: Hashable, Sendable {
        /// The validator in this place of the request is made.
        case creation(UInt16)
        /// All that was asked is done: a reshare, or a way to leave.
        case fulfilment
        /// Nothing more will be done.
        case failure
    }

    /// How long the data may be; the longest calls have a third of it.
    package static let maxData = 8_192

    /// What the call is for, whichever signature of its epoch's key it bears: two calls of one id need not both be made.
    package let id: Digest
    /// The contract.
    package let contract: Address
    /// The request that is answered.
    package let request: RequestID
    /// The epoch whose key has signed.
    package let epoch: Epoch
    /// What is reported.
    package let deed: Deed
    /// The transaction's data.
    package let data: [UInt8]
    /// How much gas the call may use, in excess of what it uses.
    package let gasLimit: UInt64

    /// Makes the transaction's part of a report; `nil` for what only the governor may call.
    package init?(_ call: OperationsCall, to contract: Address) {
        switch call {
        case .request, .cancel: return nil
        case .create(_, let statement, _, _):
            (request, epoch) = (RequestID(statement.requestId.storage), statement.epoch)
            deed = .creation(statement.index)
        case .reshare(_, let statement, _):
            (request, epoch) = (RequestID(statement.requestId.storage), statement.epoch)
            deed = .fulfilment
        case .publishExit(_, let statement, _):
            (request, epoch) = (RequestID(statement.requestId.storage), statement.epoch)
            deed = .fulfilment
        case .triggerExit(_, let statement, _):
            (request, epoch) = (RequestID(statement.requestId.storage), statement.epoch)
            deed = .fulfilment
        case .publishCall(_, let statement, _):
            (request, epoch) = (RequestID(statement.requestId.storage), statement.epoch)
            deed = .fulfilment
        case .fail(let statement, _):
            (request, epoch) = (RequestID(statement.requestId.storage), statement.epoch)
            deed = .failure
        }
        self.contract = contract
        id = Keccak256.hash(contract.array + call.unsigned.data)
        data = call.data
        gasLimit = call.gasLimit
    }

    /// As it is stored.
    var stored: RLP {
        let (kind, index): (UInt64, UInt64) =
            switch deed {
            case .creation(let index): (0, UInt64(index))
            case .fulfilment: (1, 0)
            case .failure: (2, 0)
            }
        return .list([
            .bytes(id.array), .bytes(contract.array), .bytes(request.array), .number(epoch.rawValue),
            .number(kind),
            .number(index), .bytes(data), .number(gasLimit),
        ])
    }

    /// Reads what was stored.
    ///
    /// - Throws: ``RLPError`` when it is not what ``stored`` gives.
    init(stored: RLP) throws(RLPError) {
        let parts = try stored.elements("the report")
        guard parts.count == 8, let id = Digest(try parts[0].data("the id")),
            let contract = Address(try parts[1].data("the contract")),
            let request = RequestID(try parts[2].data("the request")),
            let index = UInt16(exactly: try parts[5].number("the index"))
        else { throw .unexpected("the report") }
        let data = try parts[6].data("the call")
        guard data.count <= Self.maxData else { throw .unexpected("a call of \(data.count) bytes") }
        switch (try parts[4].number("the deed"), index) {
        case (0, _): deed = .creation(index)
        case (1, 0): deed = .fulfilment
        case (2, 0): deed = .failure
        default: throw .unexpected("the deed")
        }
        self.id = id
        self.contract = contract
        self.request = request
        epoch = Epoch(try parts[3].number("the epoch"))
        self.data = data
        gasLimit = try parts[7].number("the gas")
    }
}

extension OperationsCall {
    /// The call without the committee's signature, by which it is known whichever it bears.
    fileprivate var unsigned: OperationsCall {
        switch self {
        case .request, .cancel: self
        case .create(let request, let statement, let signature, _):
            .create(request, statement, depositSignature: signature, .none)
        case .reshare(let request, let statement, _): .reshare(request, statement, .none)
        case .publishExit(let request, let statement, _): .publishExit(request, statement, .none)
        case .triggerExit(let request, let statement, _): .triggerExit(request, statement, .none)
        case .publishCall(let request, let statement, _): .publishCall(request, statement, .none)
        case .fail(let statement, _): .fail(statement, .none)
        }
    }
}
