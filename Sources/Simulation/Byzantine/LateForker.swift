import Consensus
import Gossip
import Peer
import Primitives

/// Keeps to one history while the key is made, and shows another, in which its deal never was, to whoever comes late.
///
/// So the key is certified with its deal, and who was away holds the proof of the fork before it holds the deal.
struct LateForker: Strategy {
    /// The one history.
    private var entries: [SignedObject] = []
    /// The other, up to where the two differ.
    private var others: [SignedObject] = []
    private var isMade = false
    /// Who has seen the one history.
    private var befriended: Set<MemberIndex> = []

    mutating func outgoing(
        _ messages: [LinkMessage],
        to peer: MemberIndex,
        _ tools: inout ImpostorTools
    ) -> [LinkMessage] {
        let altered = messages.compactMap { message -> LinkMessage? in
            guard message.type == .range, let range = try? LogRange(ssz: message.body),
                range.entries.first?.object.author == tools.member
            else { return message }
            for entry in range.entries { note(entry, tools) }
            guard isMade, !befriended.contains(peer) else {
                befriended.insert(peer)
                return message
            }
            return nil
        }
        // With the first words, before anybody else can show the one.
        guard isMade, hasForked, !befriended.contains(peer), messages.contains(where: { $0.type == .hello }),
            let list = SSZList<SignedObject, 64>(others)
        else { return altered }
        return altered + [LinkMessage(.range, body: LogRange(list).sszBytes)]
    }

    /// Takes an entry of the one history, and for the other an entry in the place of the deal that says nothing.
    private mutating func note(_ signed: SignedObject, _ tools: ImpostorTools) {
        guard signed.object.order.sequence == UInt64(entries.count) + 1,
            var entry = try? LogEntry(ssz: signed.object.payload.bytes)
        else { return }
        entries.append(signed)
        if entry.topic == LogTopic.confirm.rawValue { isMade = true }
        guard others.count + 1 == entries.count, !hasForked else { return }
        if entry.topic == LogTopic.deal.rawValue {
            entry.topic = 200
            entry.body = ByteList()
            others.append(tools.signed(signed.object, entry.sszBytes))
        } else {
            others.append(signed)
        }
    }

    private var hasForked: Bool { zip(entries, others).contains { $0 != $1 } }
}
