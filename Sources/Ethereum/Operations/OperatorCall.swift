package import KeyOperations
package import Primitives

/// A call about an operator's entry in the contract for validators' keys.
///
/// Apart from ``OperationsCall``, which brings requests and what comes of them.
package enum OperatorCall: Hashable, Sendable {
    /// Adds an operator; the governor's. The contract gives the place in the order of registration.
    case register(OperatorRecord)
    /// Changes how an operator is reached and who signs for it; its own account's.
    case change(OperatorID, identity: Identity, sharesKeyHash: Digest, endpoint: ByteList<64>)
    /// Says whether an operator may hold further shares, and whether the rule may choose it; the governor's.
    case setStatus(OperatorID, isActive: Bool, isCollateralised: Bool)

    private static let registerOperator = ABISignature(
        "registerOperator",
        [.uint(64), .address, .word, .word, .string, .bool, .bool]
    )
    private static let changeOperator = ABISignature("changeOperator", [.uint(64), .word, .word, .string])
    private static let setOperatorStatus = ABISignature("setOperatorStatus", [.uint(64), .bool, .bool])

    /// The transaction's data.
    package var data: [UInt8] {
        switch self {
        case .register(let record):
            Self.registerOperator.call([
                .number(record.id.rawValue), .address(record.account),
                .word(Digest(record.identity.storage)), .word(record.sharesKeyHash),
                .bytes(record.endpoint.bytes), .bool(record.isActive), .bool(record.isCollateralised),
            ])
        case .change(let id, let identity, let sharesKeyHash, let endpoint):
            Self.changeOperator.call([
                .number(id.rawValue), .word(Digest(identity.storage)), .word(sharesKeyHash),
                .bytes(endpoint.bytes),
            ])
        case .setStatus(let id, let isActive, let isCollateralised):
            Self.setOperatorStatus.call([.number(id.rawValue), .bool(isActive), .bool(isCollateralised)])
        }
    }

    /// How much gas the call may use, in excess of what it uses on the development chain.
    package var gasLimit: UInt64 {
        switch self {
        case .register: 350_000
        case .change: 180_000
        case .setStatus: 100_000
        }
    }
}
