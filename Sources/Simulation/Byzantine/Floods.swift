import Consensus
import Gossip
import Peer
import Primitives

/// Sends as much as it can: within the quotas, or far above them, sense or nonsense.
struct Flooder: Strategy {
    private let count: Int
    private let isNonsense: Bool
    private var sequence: UInt64 = 1 << 32

    init(_ tools: inout ImpostorTools) {
        count = tools.random.pick([2, 20, 200])
        isNonsense = tools.random.permille(300)
    }

    mutating func tick(in view: View?, _ tools: inout ImpostorTools) {
        guard let view else { return }
        for peer in tools.audience {
            if isNonsense, tools.random.permille(20) {
                let types = tools.messageTypes.filter { $0 != .hello }
                let bytes = (0..<8).map { _ in UInt8(truncatingIfNeeded: tools.random.next()) }
                tools.say([LinkMessage(tools.random.pick(types), body: bytes)], to: peer)
            }
            var messages: [LinkMessage] = []
            for _ in 0..<count {
                sequence += 1
                let wish = Wish(withdrawingIn: view, leaderSeen: .zero)
                messages += tools.objects([tools.wish(wish, sequence: sequence)])
            }
            tools.say(messages, to: peer)
        }
    }
}

/// Announces log entries that are not there.
struct LyingFrontiers: Strategy {
    mutating func outgoing(
        _ messages: [LinkMessage],
        to peer: MemberIndex,
        _ tools: inout ImpostorTools
    ) -> [LinkMessage] {
        messages.map { message in
            guard [.frontiers, .announcement].contains(message.type),
                let frontiers = try? Frontiers(ssz: message.body)
            else {
                return message
            }
            let entries = frontiers.entries.map { frontier in
                var more = frontier
                more.sequence &+= 1 + UInt64(tools.random.below(1_000))
                more.head = CountingHash.digest("no entry", tools.random.next())
                return more
            }
            return LinkMessage(message.type, body: Frontiers(SSZList(entries) ?? frontiers.entries).sszBytes)
        }
    }
}
