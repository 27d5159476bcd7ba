package import BLS12381
package import Primitives

/// Tells ids of requests from other strings of 32 bytes.
package enum RequestTag {}

/// What reports name: the hash of all that was asked, of the contract and of the chain.
package typealias RequestID = FixedBytes<RequestTag, 32>

/// Asks for new validators, whose keys one group of operators makes in one ceremony.
package struct KeygenRequest: Hashable, Sendable {
    /// How many validators there may be.
    package static let counts: ClosedRange<Int> = 1...20

    /// Its place among all requests, from 1.
    package var number: UInt64
    /// Who must serve, or `nil` when ``OperatorSelection`` chooses.
    package var operators: OperatorGroup?
    /// How many operators each key has.
    package var size: Int
    /// How many validators.
    package var count: Int
    /// Where their ether goes.
    package var credentials: WithdrawalCredentials
    /// What each deposits.
    package var amount: Gwei
    /// Who owns them in SSV.
    package var owner: Address
    /// The owner's nonce for the first; the others' follow it.
    package var ownerNonce: UInt64

    /// Joins the parts; nothing is checked.
    package init(
        number: UInt64,
        operators: OperatorGroup?,
        size: Int,
        count: Int,
        credentials: WithdrawalCredentials,
        amount: Gwei,
        owner: Address,
        ownerNonce: UInt64
    ) {
        self.number = number
        self.operators = operators
        self.size = size
        self.count = count
        self.credentials = credentials
        self.amount = amount
        self.owner = owner
        self.ownerNonce = ownerNonce
    }
}

/// Asks that a key be shared anew, among other operators or the same.
package struct ReshareRequest: Hashable, Sendable {
    /// Its place among all requests, from 1.
    package var number: UInt64
    /// The validator's key, which stays.
    package var publicKey: G1Bytes
    /// Who held shares when it was asked.
    package var oldOperators: OperatorGroup
    /// Who is to hold shares.
    package var newOperators: OperatorGroup

    /// Joins the parts.
    package init(
        number: UInt64,
        publicKey: G1Bytes,
        oldOperators: OperatorGroup,
        newOperators: OperatorGroup
    ) {
        self.number = number
        self.publicKey = publicKey
        self.oldOperators = oldOperators
        self.newOperators = newOperators
    }

    /// Whether the same operators get other shares.
    package var isRefresh: Bool { oldOperators == newOperators }
}

/// Asks that a validator leave.
package struct ExitRequest: Hashable, Sendable {
    /// How it is made to leave.
    package enum Way: UInt8, CaseIterable, Sendable {
        /// By a voluntary exit that the operators sign.
        case signedExit = 1
        /// By a withdrawal request of the contract, EIP-7002.
        case withdrawalRequest = 2
        /// By a call that the owner makes.
        case ownerCall = 3
    }

    /// Its place among all requests, from 1.
    package var number: UInt64
    /// The validator's key.
    package var publicKey: G1Bytes
    /// Who hold shares of it.
    package var operators: OperatorGroup
    /// How it is made to leave.
    package var way: Way
    /// What a withdrawal request may cost, in wei; 0 for the other ways.
    package var feeCap: UInt64

    /// Joins the parts.
    package init(number: UInt64, publicKey: G1Bytes, operators: OperatorGroup, way: Way, feeCap: UInt64) {
        self.number = number
        self.publicKey = publicKey
        self.operators = operators
        self.way = way
        self.feeCap = feeCap
    }
}

/// Something the governor asks of oracles and operators.
package enum OperationRequest: Hashable, Sendable {
    /// New validators.
    case keygen(KeygenRequest)
    /// Other shares of a key.
    case reshare(ReshareRequest)
    /// A validator's end.
    case exit(ExitRequest)

    /// Its place among all requests, from 1.
    package var number: UInt64 {
        switch self {
        case .keygen(let request): request.number
        case .reshare(let request): request.number
        case .exit(let request): request.number
        }
    }
}

/// Why a request ended without success; the contract takes any number but 0.
package struct FailureReason: RawRepresentable, Hashable, Sendable {
    package var rawValue: UInt8

    package init(rawValue: UInt8) {
        self.rawValue = rawValue
    }

    /// Fewer operators are eligible than are needed.
    package static let tooFewOperators = FailureReason(rawValue: 1)
    /// Operators were absent.
    package static let absent = FailureReason(rawValue: 2)
    /// Operators broke the rules.
    package static let misbehaved = FailureReason(rawValue: 3)
    /// What is asked cannot be done.
    package static let impossible = FailureReason(rawValue: 4)
    /// The beacon chain does not know the validator.
    package static let unknownValidator = FailureReason(rawValue: 5)
    /// It took too long.
    package static let expired = FailureReason(rawValue: 6)
}
