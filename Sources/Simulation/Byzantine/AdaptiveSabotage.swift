import Consensus
import Cryptography
import Gossip
import Peer
import Primitives

/// Fails signing sessions as cheaply as can be: of all liars in a session only one, which has failed none about the
/// statement yet, withholds its share, or sends a bad one when all others have sent theirs.
struct AdaptiveSaboteur: Strategy {
    private let isMute: Bool
    private var late: [(to: MemberIndex, message: LinkMessage)] = []

    init(_ tools: inout ImpostorTools) {
        isMute = tools.random.permille(500)
        tools.conspiracy.saboteurs.insert(tools.member)
    }

    mutating func incoming(_ messages: [LinkMessage], from peer: MemberIndex, _ tools: inout ImpostorTools) {
        for message in messages where message.type == .direct {
            guard let signed = try? SignedObject(ssz: message.body), signed.object.kind == .signRequest,
                let request = try? SignRequest(ssz: signed.object.payload.bytes)
            else { continue }
            tools.conspiracy.assign(request)
        }
    }

    mutating func outgoing(
        _ messages: [LinkMessage],
        to peer: MemberIndex,
        _ tools: inout ImpostorTools
    ) -> [LinkMessage] {
        messages.filter { message in
            guard message.type == .direct, let signed = try? SignedObject(ssz: message.body),
                signed.object.kind == .signShare,
                var share = try? SignShare(ssz: signed.object.payload.bytes),
                tools.conspiracy.traitors[share.request] == tools.member
            else { return true }
            share.share = share.share + Scalar(1)
            let bad = LinkMessage(.direct, body: tools.signed(signed.object, share.sszBytes).sszBytes)
            if !isMute { late.append((peer, bad)) }
            return false
        }
    }

    mutating func tick(in view: View?, _ tools: inout ImpostorTools) {
        for (peer, message) in late { tools.say([message], to: peer) }
        late = []
    }
}

/// Answers a request by two shares, of which one is bad, and offers nonces that it does not have beside its own.
struct DoubleSigner: Strategy {
    private let isFirst: Bool

    init(_ tools: inout ImpostorTools) {
        isFirst = tools.random.permille(500)
    }

    mutating func outgoing(
        _ messages: [LinkMessage],
        to peer: MemberIndex,
        _ tools: inout ImpostorTools
    ) -> [LinkMessage] {
        messages.flatMap { message -> [LinkMessage] in
            guard message.type == .direct, let signed = try? SignedObject(ssz: message.body),
                let other = other(than: signed, &tools)
            else { return [message] }
            let lie = LinkMessage(.direct, body: other.sszBytes)
            return isFirst ? [lie, message] : [message, lie]
        }
    }

    private func other(than signed: SignedObject, _ tools: inout ImpostorTools) -> SignedObject? {
        let bytes = signed.object.payload.bytes
        var object = signed.object
        // What comes second counts only if it is newer.
        if !isFirst { object.order.sequence += 1 << 40 }
        switch object.kind {
        case .signShare:
            guard var share = try? SignShare(ssz: bytes) else { return nil }
            share.share = share.share + Scalar(1)
            return tools.signed(object, share.sszBytes)
        case .ready:
            guard var ready = try? Ready(ssz: bytes) else { return nil }
            (ready.commitment.hiding, ready.commitment.binding) = (
                ready.commitment.binding, ready.commitment.hiding
            )
            return tools.signed(object, ready.sszBytes)
        case .heartbeat, .wish, .linkLost, .logEntry, .signRequest: return nil
        }
    }
}
