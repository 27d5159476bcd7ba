import Consensus
import Cryptography
import Ethereum
import Peer
import Primitives

/// `spends-within-bounds` and `believes-no-lie`: what a member's chain client pays, and what it takes for true.
struct LedgerCheck {
    private struct Nonce: Hashable {
        let member: MemberIndex
        let number: UInt64
    }

    /// The transaction of each nonce that is said to be settled.
    private var settled: [Nonce: Digest] = [:]

    /// Fees stay below the limit, but for the one payment of nothing that frees a nonce.
    func signs(_ transaction: Transaction, account: Address) -> String? {
        let limit = FeePolicy.simulated.limit
        let most = transaction.to == account ? limit * 9 / 8 + 1 : limit
        guard transaction.maxFee <= most, transaction.maxPriorityFee <= transaction.maxFee else {
            return "offers \(transaction.maxFee) wei per gas"
        }
        guard transaction.value == .zero else { return "gives \(transaction.value) wei away" }
        return nil
    }

    /// No transaction leaves before it is on disk.
    func sends(_ hash: Digest, _ memory: ChainMemory) -> String? {
        let isKnown = memory.records.contains { $0.attempts.contains { $0.transaction.hash == hash } }
        return isKnown ? nil : "sends transaction \(hash) that its disk does not know"
    }

    /// What is called settled was in a block, and is the only one of its nonce.
    mutating func tells(_ outcome: SubmissionOutcome, _ member: MemberIndex, _ ledger: Ledger) -> String? {
        guard case .progress(.settled(let hash, _, _)) = outcome else { return nil }
        guard let transaction = ledger.mined[hash] else {
            return "calls transaction \(hash) settled, which was in no block"
        }
        let nonce = Nonce(member: member, number: transaction.transaction.nonce)
        guard let other = settled.updateValue(hash, forKey: nonce), other != hash else { return nil }
        return "counts nonce \(nonce.number) twice: \(other) and \(hash)"
    }

    /// What a member learns was so on some branch of the chain, and signed by whom it must be.
    func learns(_ fact: ChainFact, _ ledger: Ledger) -> String? {
        switch fact {
        case .election(let record, .final)
        where record.block > ledger.finalized(under: ledger.head.number).number:
            return "takes view \(record.view) in block \(record.block) for final, which may be undone"
        case .election(let record, _):
            // A reorganisation may have put another key in the place of the first.
            let isSigned = ledger.keys.contains { key in
                guard key.epoch == record.epoch,
                    let verifier = ledger.terms.cryptography.verifier(of: key.groupKey)
                else { return false }
                return verifier.isValid(
                    record.signature,
                    epoch: record.epoch,
                    view: record.view,
                    leader: record.leader
                )
            }
            return isSigned ? nil : "believes in an election of view \(record.view) that nobody signed"
        case .proofAnchor(let record, .final)
        where record.block > ledger.finalized(under: ledger.head.number).number:
            return
                "takes anchor \(record.anchor.number) in block \(record.block) for final, which may be undone"
        case .proofAnchor(let record, _):
            let isSigned = ledger.keys.contains { key in
                key.epoch == record.anchor.epoch
                    && ledger.terms.cryptography.verifier(of: key.groupKey)?.isValid(record.anchor) == true
            }
            return isSigned ? nil : "believes in anchor \(record.anchor.number) that nobody signed"
        case .groupKey(let epoch, let transcript, _):
            let isTrue = ledger.keys.contains { $0.epoch == epoch && $0.transcript == transcript }
            return isTrue ? nil : "believes in the group key \(transcript), which was never registered"
        case .namedKey(let epoch, let key):
            let isTrue = ledger.keys.contains { $0.epoch == epoch && $0.groupKey == key }
            return isTrue ? nil : "believes in the group key \(key), which was never registered"
        case .beginning(let view, let proof):
            guard ledger.proofs.contains(proof) else {
                return "believes the contract's newest anchor is number \(proof.number)"
            }
            return ledger.views.contains(view) ? nil : "believes the contract is at view \(view)"
        case .contractView(let view):
            return ledger.views.contains(view) ? nil : "believes the contract is at view \(view)"
        case .head, .stale, .refused: return nil
        }
    }
}
