import Cryptography
import Ethereum
import Peer
import Primitives

/// A block while transactions are put into it.
struct LedgerPage {
    private let place: LedgerBlock.Place
    private let terms: ContractModel.Terms
    private let address: Address
    private var registry: LedgerRegistry
    private var accounts: [Address: LedgerBlock.Account]
    private var taken: [(transaction: SignedTransaction, outcome: LedgerOutcome)] = []
    private var logs: [LedgerLog] = []
    private var gasUsed: UInt64 = 0
    /// The views that the contract has come to within the block, one after another.
    private(set) var views: [View] = []

    init(
        _ place: LedgerBlock.Place,
        after parent: LedgerBlock,
        _ terms: ContractModel.Terms,
        _ address: Address
    ) {
        self.place = place
        self.terms = terms
        self.address = address
        registry = parent.registry
        accounts = parent.accounts
    }

    /// The governor names the committee.
    mutating func propose() {
        registry.proposed = place.number
        logs.append(.proposal(of: terms.committee.roster, by: address))
    }

    /// Executes a transaction if it is its sender's next and pays the block's fee.
    mutating func take(_ signed: SignedTransaction, from sender: Address) -> Bool {
        let transaction = signed.transaction
        var account = accounts[sender, default: LedgerBlock.Account()]
        guard transaction.nonce == account.nonce, transaction.maxFee >= place.baseFee else { return false }
        let price = min(transaction.maxFee, place.baseFee + transaction.maxPriorityFee)
        var outcome = LedgerOutcome(succeeded: true, gasUsed: 21_000, price: price)
        if transaction.to == address {
            outcome.gasUsed = 45_000
            outcome.succeeded = execute(signed)
        }
        guard let left = account.balance.subtracting(price * outcome.gasUsed) else { return false }
        account.balance = left
        account.nonce += 1
        accounts[sender] = account
        gasUsed += outcome.gasUsed
        taken.append((signed, outcome))
        return true
    }

    private mutating func execute(_ signed: SignedTransaction) -> Bool {
        guard let call = try? RegistryCall(data: signed.transaction.data),
            registry.execute(call, in: place.number, terms) == nil
        else { return false }
        views.append(registry.model.view)
        logs.append(.record(of: call, by: address, in: signed.hash))
        return true
    }

    /// The block; a full one makes the next dearer.
    func block(isFull: Bool) -> LedgerBlock {
        LedgerBlock(
            place,
            gasUsed: isFull ? LedgerBlock.gasLimit : gasUsed,
            taken,
            logs: logs,
            registry: registry,
            accounts: accounts
        )
    }
}
