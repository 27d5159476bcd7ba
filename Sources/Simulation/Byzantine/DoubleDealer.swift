import Consensus
import Cryptography
import Gossip
import Peer
import Primitives

/// Deals twice in one place of its log: members of even number see a history, sound in itself, with other deals.
struct DoubleDealer: Strategy {
    private var deals: [KeyGenerationID: Deal] = [:]
    /// The root of an entry's counterpart in the other history, by its own.
    private var roots: [Digest: Digest] = [:]

    mutating func outcome(
        _ outcome: KeeperOutcome,
        of order: SecretOrder,
        _ tools: inout ImpostorTools
    ) -> KeeperOutcome {
        guard case .deal = order else { return outcome }
        var keeper = tools.seat.drawing(from: tools.random.next()).keeper()
        if case .ceremony(.dealt(let deal))? = keeper.perform(order).answer { deals[deal.session] = deal }
        return outcome
    }

    mutating func outgoing(
        _ messages: [LinkMessage],
        to peer: MemberIndex,
        _ tools: inout ImpostorTools
    ) -> [LinkMessage] {
        guard peer.rawValue.isMultiple(of: 2) else { return messages }
        return messages.map { message in
            guard message.type == .range, let range = try? LogRange(ssz: message.body) else { return message }
            var entries: [SignedObject] = []
            for entry in range.entries { entries.append(counterpart(of: entry, tools)) }
            guard let list = SSZList<SignedObject, 64>(entries) else { return message }
            return LinkMessage(.range, body: LogRange(list).sszBytes)
        }
    }

    private mutating func counterpart(of signed: SignedObject, _ tools: ImpostorTools) -> SignedObject {
        guard signed.object.author == tools.member,
            var entry = try? LogEntry(ssz: signed.object.payload.bytes)
        else { return signed }
        var isOther = false
        if let previous = roots[entry.previous] {
            entry.previous = previous
            isOther = true
        }
        if entry.topic == LogTopic.deal.rawValue, let deal = try? Deal(ssz: entry.body.bytes),
            let other = deals[deal.session], let body = ByteList<32_704>(other.sszBytes)
        {
            entry.body = body
            isOther = true
        }
        guard isOther else { return signed }
        let other = tools.signed(signed.object, entry.sszBytes)
        roots[signed.hashTreeRoot()] = other.hashTreeRoot()
        return other
    }
}
