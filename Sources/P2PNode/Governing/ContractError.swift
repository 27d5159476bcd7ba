package import Ethereum
package import Primitives

/// Why the contract for validators' keys could not be read or called.
package enum ContractError: Error, Hashable, Sendable, CustomStringConvertible {
    /// The endpoint gives no usable answer.
    case endpoint(String, RPCFault)
    /// The endpoint does not answer this question.
    case refused(String, method: String, RPCRefusal)
    /// There is no contract at the address.
    case noContract(Address, chainId: UInt64)
    /// A log says what the contract cannot have written.
    case forged(BlockReference, ABIError)
    /// The contract refuses the call, by this word.
    case reverted(String)
    /// The account cannot pay for the transaction.
    case unaffordable(Address, has: UInt256, needs: UInt256)
    /// The endpoint does not take the transaction.
    case unsent(RPCRefusal)
    /// The transaction is in a block and has failed there.
    case failed(Digest, BlockReference)
    /// The transaction is in no block after so long; it may still come into one.
    case notIncluded(Digest, after: Duration)

    /// Whether the chain's answer is no, rather than that none could be had.
    package var isRefusal: Bool {
        switch self {
        case .reverted, .failed: true
        default: false
        }
    }

    package var description: String {
        switch self {
        case .endpoint(let name, let fault): "the chain's endpoint \(name) gives no answer: \(fault)"
        case .refused(let name, let method, let refusal):
            "the chain's endpoint \(name) refuses \(method): \(refusal)"
        case .noContract(let address, let chainId):
            "there is no contract at \(address) on chain \(chainId). Is it the right chain? Is it ValidatorOperations?"
        case .forged(let block, let error):
            """
            a log in block \(block.number) cannot be one of the contract's (\(error)). Is the address that of \
            ValidatorOperations? Else do not believe this endpoint: give another with --rpc
            """
        case .reverted(let word): Self.explain(word)
        case .unaffordable(let account, let has, let needs):
            "the account \(account) has \(has) wei, and \(needs) may be needed; send it some ether"
        case .unsent(let refusal):
            switch refusal.sendVerdict {
            case .underbid:
                "another transaction of this account waits to be mined; try again when it is (\(refusal))"
            case .nonceUsed: "another transaction of this account was mined just now; try again (\(refusal))"
            default: "the endpoint does not take the transaction: \(refusal)"
            }
        case .failed(let hash, let block):
            "transaction \(hash) has failed in block \(block.number): something has changed on the chain meanwhile; try again"
        case .notIncluded(let hash, let time):
            """
            transaction \(hash) was sent and is in no block after \(time). It may still come into one: look for it \
            before you send another ('oracle ops list')
            """
        }
    }

    /// What the contract's word means, and what to do.
    private static func explain(_ word: String) -> String {
        let meaning =
            switch word {
            case "NOT_GOVERNOR": "this account is not the contract's governor"
            case "NOT_OPERATOR": "this account is not the operator's"
            case "NOT_OPEN": "there is no such request, or it is over already"
            case "BAD_OPERATOR": "the number, the account, the identity or the endpoint is empty"
            case "DUPLICATE_OPERATOR": "there is an operator of this number already"
            case "DUPLICATE_IDENTITY": "the identity is, or was, another operator's"
            case "UNKNOWN_OPERATOR": "one of the operators is not registered; see 'oracle ops operators list'"
            case "INACTIVE_OPERATOR": "one of the operators is not active; see 'oracle ops operators list'"
            case "BAD_OPERATORS": "the operators are no group: 4 to 13, each once"
            case "WRONG_OPERATORS": "others hold the key by now; try again"
            case "UNKNOWN_KEY": "the contract does not know this key"
            case "CLOSED_KEY": "this validator has left"
            case "BAD_SIZE": "a key has 4 to 13 operators, as many as are named"
            case "BAD_COUNT": "a request is for 1 to 20 validators"
            case "BAD_ADDRESS": "the withdrawal address or the owner is the zero address"
            case "BAD_AMOUNT": "the amount is not 32 ether, or up to 2048 ether for compounding credentials"
            case "BAD_NONCE": "the owner's nonce is too high"
            case "BAD_FEE_CAP": "a fee cap belongs to the way 'withdrawal', and to no other"
            case "": "it does not say why; is the address that of ValidatorOperations?"
            default: "it says no more"
            }
        return "the contract refuses it\(word.isEmpty ? "" : ", \(word.printable)"): \(meaning)"
    }
}
