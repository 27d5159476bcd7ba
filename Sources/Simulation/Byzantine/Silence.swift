import Consensus
import Gossip
import Primitives

/// Says nothing after its first words.
struct Silent: Strategy {
    mutating func outgoing(
        _ messages: [LinkMessage],
        to peer: MemberIndex,
        _ tools: inout ImpostorTools
    ) -> [LinkMessage] {
        messages.filter { $0.type == .hello }
    }
}

/// Lets only some members hear its heartbeats.
struct Selective: Strategy {
    private let chosen: Set<MemberIndex>

    init(_ tools: inout ImpostorTools) {
        let count = tools.random.below(tools.committee.size)
        chosen = Set(tools.random.mixed(tools.committee.indices).prefix(count))
    }

    mutating func outgoing(
        _ messages: [LinkMessage],
        to peer: MemberIndex,
        _ tools: inout ImpostorTools
    ) -> [LinkMessage] {
        chosen.contains(peer) ? messages : messages.filter { $0.type != .registers }
    }
}

/// Leads without ever asking for a certificate.
struct Uncertifying: Strategy {
    mutating func outgoing(
        _ messages: [LinkMessage],
        to peer: MemberIndex,
        _ tools: inout ImpostorTools
    ) -> [LinkMessage] {
        messages.filter { message in
            guard message.type == .direct, let signed = try? SignedObject(ssz: message.body) else {
                return message.type != .electionCertificate
            }
            return signed.object.kind != .signRequest
        }
    }
}
