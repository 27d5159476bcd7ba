import Cryptography
import Ethereum
import Primitives

// What a lying endpoint makes up: whatever can be made without the group's key.
extension LedgerEndpoint {
    /// Something for a made-up block: an election that nobody has signed, or one that was signed, at the wrong place.
    static func story(on block: LedgerBlock, _ ledger: Ledger, _ random: inout SplitMix64) -> LedgerLog? {
        random.permille(500) ? forgedElection(on: block, ledger) : newestElection(ledger)
    }

    private static func newestElection(_ ledger: Ledger) -> LedgerLog? {
        let logs = ledger.canonical.reversed().lazy.flatMap { $0.logs.reversed() }
        return logs.first { $0.topics.first == RegistryEvent.electedTopic }.map { log in
            LedgerLog(
                address: log.address,
                topics: log.topics,
                data: log.data,
                transaction: log.transaction
            )
        }
    }

    /// An election of the view after the newest under the newest one's signature; `nil` before the first.
    static func forgedElection(on block: LedgerBlock, _ ledger: Ledger) -> LedgerLog? {
        guard var forged = newestElection(ledger) else { return nil }
        let view = block.registry.model.view.rawValue + 1
        forged.topics[2] = UInt256(view).bigEndian
        forged.transaction = CountingHash.digest("forged", view)
        return forged
    }

    /// A proposal of the members in another order, which is another committee.
    static func forgedProposal(_ ledger: Ledger) -> LedgerLog? {
        let roster = ledger.terms.committee.roster
        guard let members = SSZList<Member, 128>(roster.members.elements.reversed()) else { return nil }
        return .proposal(of: Roster(epoch: roster.epoch, members: members), by: ledger.registry)
    }
}

extension LedgerLog {
    /// The log as if it stood in a block.
    func placed(in block: LedgerBlock) -> Log {
        Log(
            address: address,
            topics: topics,
            data: data,
            block: block.header.reference,
            transaction: transaction,
            index: 0
        )
    }
}

extension Log {
    /// As `eth_getLogs` gives it.
    var json: JSON {
        .object([
            "address": .hex(address.array), "topics": .array(topics.map { .hex($0.array) }),
            "data": .hex(data),
            "blockNumber": .quantity(block.number), "blockHash": .hex(block.hash.array),
            "transactionHash": .hex(transaction.array), "logIndex": .quantity(index),
        ])
    }
}

extension Receipt {
    /// As `eth_getTransactionReceipt` gives it.
    var json: JSON {
        .object([
            "transactionHash": .hex(transaction.array), "blockNumber": .quantity(block.number),
            "blockHash": .hex(block.hash.array), "status": .quantity(succeeded ? 1 : 0),
            "gasUsed": .quantity(gasUsed), "effectiveGasPrice": .string(Quantity.text(effectiveGasPrice)),
        ])
    }
}

extension RegistryRevert {
    /// `Error(string)` with the contract's word.
    var data: [UInt8] { ABISignature("Error", [.string]).call([.string(description)]) }
}
