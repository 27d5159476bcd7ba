import Gossip
import Peer
import Primitives

/// Brings again over its own links what it has heard on them: to whom it was not meant, late, out of order, under
/// another name, and cut short.
struct Replayer: Strategy {
    private static let capacity = 256
    private var heard: [LinkMessage] = []

    mutating func incoming(_ messages: [LinkMessage], from peer: MemberIndex, _ tools: inout ImpostorTools) {
        for message in messages where message.type != .hello {
            if heard.count < Self.capacity {
                heard.append(message)
            } else {
                heard[tools.random.below(Self.capacity)] = message
            }
        }
    }

    mutating func tick(in view: View?, _ tools: inout ImpostorTools) {
        for peer in tools.audience where !heard.isEmpty && tools.random.permille(400) {
            var message = tools.random.pick(heard)
            switch tools.random.below(40) {
            case 0:
                let length = tools.random.below(message.body.count + 1)
                message = LinkMessage(message.type, body: Array(message.body.prefix(length)))
            case 1:
                // Too long for its type is what frames refuse; here comes what they let through.
                let types = tools.messageTypes.filter {
                    $0 != .hello && $0.bodyLimit >= message.body.count
                }
                message = LinkMessage(tools.random.pick(types), body: message.body)
            default: break
            }
            tools.say([message], to: peer)
        }
    }
}

/// Drops its links again and again, those with some members or with all.
struct Flapper: Strategy {
    private let rate: Int
    private let victims: Set<MemberIndex>

    init(_ tools: inout ImpostorTools) {
        rate = tools.random.pick([20, 200, 1_000])
        let members = tools.random.mixed(tools.committee.indices)
        victims = Set(members.prefix(1 + tools.random.below(members.count)))
    }

    mutating func tick(in view: View?, _ tools: inout ImpostorTools) {
        for peer in tools.audience where victims.contains(peer) && tools.random.permille(rate) {
            tools.dropped.append(peer)
        }
    }
}
