import Consensus
import Gossip
import Primitives

/// Signs two things in one place, and shows them to different members.
struct Equivocator: Strategy {
    mutating func outgoing(
        _ messages: [LinkMessage],
        to peer: MemberIndex,
        _ tools: inout ImpostorTools
    ) -> [LinkMessage] {
        guard peer.rawValue.isMultiple(of: 2) else { return messages }
        return messages.compactMap { message in
            switch message.type {
            case .registers, .objects: tools.changing(message) { other(than: $0, tools) }
            case .range: range(message, tools)
            default: message
            }
        }
    }

    private func range(_ message: LinkMessage, _ tools: ImpostorTools) -> LinkMessage? {
        guard let range = try? LogRange(ssz: message.body) else { return message }
        let changed = range.entries.map { other(than: $0, tools) }
        guard let list = SSZList<SignedObject, 64>(changed) else { return message }
        return LinkMessage(.range, body: LogRange(list).sszBytes)
    }

    private func other(than signed: SignedObject, _ tools: ImpostorTools) -> SignedObject {
        guard signed.object.author == tools.member else { return signed }
        let bytes = signed.object.payload.bytes
        switch signed.object.kind {
        case .heartbeat:
            guard var heartbeat = try? Heartbeat(ssz: bytes) else { return signed }
            heartbeat.chainHead &+= 1
            heartbeat.flags.formSymmetricDifference(.noQuorum)
            return tools.signed(signed.object, heartbeat.sszBytes)
        case .wish:
            guard var wish = try? Wish(ssz: bytes), !wish.isWithdrawal else { return signed }
            wish.to = wish.to.advanced(by: 1)
            return tools.signed(signed.object, wish.sszBytes)
        case .logEntry:
            guard var entry = try? LogEntry(ssz: bytes) else { return signed }
            entry.topic = 200
            return tools.signed(signed.object, entry.sszBytes)
        case .linkLost, .ready, .signRequest, .signShare: return signed
        }
    }
}
