package import Primitives

/// A call that this node brings onto the chain, whichever contract it is for.
///
/// All of them are paid for by one account, and so go one way: its nonces are given away in one place.
package enum ChainCall: Hashable, Sendable {
    /// A call of the registry.
    case registry(RegistryCall)
    /// A report to the contract for validators' keys.
    case report(ReportCall)

    /// What the call is for, whichever signatures it bears: two calls of one id need not both be made.
    package var id: Digest {
        switch self {
        case .registry(let call): call.id
        case .report(let call): call.id
        }
    }

    /// The transaction's data.
    package var data: [UInt8] {
        switch self {
        case .registry(let call): call.data
        case .report(let call): call.data
        }
    }

    /// How much gas the call may use, in excess of what it uses.
    package var gasLimit: UInt64 {
        switch self {
        case .registry(let call): call.gasLimit
        case .report(let call): call.gasLimit
        }
    }

    /// The contract that is called.
    package func contract(registry: Address) -> Address {
        switch self {
        case .registry: registry
        case .report(let call): call.contract
        }
    }

    /// As it is stored: a call of the registry by its data alone, since it is read back from that.
    var stored: RLP {
        switch self {
        case .registry(let call): .bytes(call.data)
        case .report(let call): call.stored
        }
    }

    /// Reads what was stored.
    ///
    /// - Throws: ``RLPError`` or ``ABIError`` when it is not what ``stored`` gives.
    init(stored: RLP) throws {
        switch stored {
        case .bytes(let data): self = .registry(try RegistryCall(data: data))
        case .list: self = .report(try ReportCall(stored: stored))
        }
    }
}
