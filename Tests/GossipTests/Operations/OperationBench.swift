import Primitives
import Testing

@testable import Gossip

/// One end of an exchange and what it has ordered, for tests that speak for all others.
struct OperationBench {
    static let operation = Digest(hex: String(repeating: "0a", count: 32)) ?? Digest()

    var machine: OperationExchange
    var now = Instant.start
    private(set) var actions: [OperationExchange.Action] = []

    init(_ limits: OperationLimits = OperationLimits()) {
        machine = OperationExchange(limits)
    }

    /// A name that is nobody's key.
    static func peer(_ number: Int) -> Identity {
        var identity = Identity()
        identity[0] = UInt8(truncatingIfNeeded: number >> 8)
        identity[1] = UInt8(truncatingIfNeeded: number)
        identity[2] = 1
        return identity
    }

    static func item(_ text: String, _ kind: ItemKind = .order, of operation: Digest = operation)
        -> OperationItem
    {
        guard let item = OperationItem(of: operation, kind, Array(text.utf8)) else { preconditionFailure() }
        return item
    }

    static func offer(_ names: [ItemName]) -> LinkMessage {
        LinkMessage(.operationOffer, body: OperationOffer(SSZList(names) ?? SSZList()).sszBytes)
    }

    static func want(_ digests: [Digest], asking operations: [Digest] = []) -> LinkMessage {
        let want = OperationWant(
            operations: SSZList(operations) ?? SSZList(),
            digests: SSZList(digests) ?? SSZList()
        )
        return LinkMessage(.operationWant, body: want.sszBytes)
    }

    static func items(_ items: [[UInt8]]) -> LinkMessage {
        let list = SSZList<ByteList<65_536>, 16>(items.compactMap { ByteList<65_536>($0) })
        return LinkMessage(.operationItems, body: OperationItems(list ?? SSZList()).sszBytes)
    }

    mutating func feed(_ event: OperationExchange.Event) {
        actions += machine.handle(event, at: now)
    }

    mutating func hear(_ message: LinkMessage, from peer: Identity) {
        feed(.received(message, from: peer))
    }

    /// Opens the operation with these at the other ends of links that are up.
    mutating func meet(_ peers: [Identity], in operation: Digest = operation) {
        feed(.opened(operation, peers: Set(peers)))
        for peer in peers { feed(.linkUp(peer)) }
        actions = []
    }

    mutating func rest(_ duration: Duration) {
        let end = now.advanced(by: duration)
        while let due = machine.nextDeadline, due <= end {
            now = max(now, due)
            actions += machine.expired(at: now)
        }
        now = end
    }

    mutating func takeActions() -> [OperationExchange.Action] {
        defer { actions = [] }
        return actions
    }

    /// What was sent since the last look, by whom it was for.
    mutating func takeSent() -> [(peer: Identity, message: LinkMessage)] {
        takeActions().flatMap { action -> [(peer: Identity, message: LinkMessage)] in
            guard case .send(let messages, let peer) = action else { return [] }
            return messages.map { (peer, $0) }
        }
    }

    /// Who was asked for an item since the last look.
    mutating func takeAsked() -> [Identity] {
        takeSent().filter { $0.message.type == .operationWant }.map(\.peer)
    }

    /// The offence for which a link was closed.
    func offence(of peer: Identity) -> OperationOffence? {
        for case .close(peer, let offence) in actions { return offence }
        return nil
    }

    var delivered: [OperationItem] {
        actions.compactMap { if case .deliver(let item, _) = $0 { item } else { nil } }
    }

    func count(_ metric: OperationMetric) -> Int {
        actions.reduce(0) { if case .count(metric, let count) = $1 { $0 + count } else { $0 } }
    }
}
