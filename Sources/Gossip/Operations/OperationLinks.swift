package import Primitives

/// The links between oracles and operators, at either end: greetings, signs of life, and the exchange of items.
///
/// ```
///          linkUp             operationHello
///   none ─────────▶ awaited ─────────────────▶ greeted ⇄ OperationExchange
///                      │ 5 s, another version or committee, anything else first
///                      ▼
///                    closed
/// ```
/// Nothing is said of operations before both have greeted. Ends that know different committees part, and the one that
/// dialed tries again: one of the two has not seen the chain's newest.
package struct OperationLinks: Machine {
    /// How long a peer may take to greet.
    package static let greetingPatience = Duration.seconds(5)
    /// The time between two questions for a sign of life; a link on which nothing comes for 30 s is closed.
    package static let pingInterval = Duration.seconds(10)
    /// The questions and answers that a link may bring.
    private static let signs = TokenBucket(interval: .seconds(1), burst: 32)

    /// What happens to it.
    package enum Event: Sendable {
        /// There is a committee, or a new one: links of an earlier one end.
        case committeeBegan(Epoch, configDigest: Digest)
        /// A link is there, perhaps in the place of another.
        case linkUp(Identity)
        /// The link has ended.
        case linkDown(Identity)
        /// Messages have come that no link but the one in use has brought.
        case received([LinkMessage], from: Identity)
        /// The owner's news for the exchange; links and messages are not among them.
        case exchange(OperationExchange.Event)
    }

    /// What its owner is to do.
    package enum Action: Hashable, Sendable {
        /// What the exchange orders, but for the ends of links.
        case exchange(OperationExchange.Action)
        /// Send these in order.
        case send([LinkMessage], to: Identity)
        /// End the link; nothing more is expected from it.
        case close(Identity, Close.Code, String)
        /// A peer has greeted, and is of one's own committee.
        case greeted(Identity)
        /// A peer has broken the protocol; its link ends.
        case offended(Identity, OperationOffence)
        /// A peer knows another committee, of this epoch; its link ends.
        case otherCommittee(Identity, Epoch)
    }

    private struct Standing: Sendable {
        var isGreeted = false
        /// Until when it must greet, or when it is asked for a sign of life.
        var due: Instant
        var signs = OperationLinks.signs
    }

    private let software: ByteList<64>
    private var committee: (epoch: Epoch, configDigest: Digest)?
    private var exchange: OperationExchange
    private var standings: [Identity: Standing] = [:]
    private var nonce: UInt64 = 0
    private var out: [Action] = []

    /// No links yet, and no committee.
    package init(software: ByteList<64>, limits: OperationLimits = OperationLimits()) {
        self.software = software
        exchange = OperationExchange(limits)
    }

    /// The peers that have greeted, in the order of their identities.
    package var greeted: [Identity] { standings.keys.filter { standings[$0]?.isGreeted ?? false }.sorted() }

    package var nextDeadline: Instant? {
        [standings.values.map(\.due).min(), exchange.nextDeadline].compactMap(\.self).min()
    }

    package mutating func handle(_ event: Event, at now: Instant) -> [Action] {
        switch event {
        case .committeeBegan(let epoch, let digest): begin(epoch, digest, at: now)
        case .linkUp(let peer): linkUp(peer, at: now)
        case .linkDown(let peer): forget(peer, at: now)
        case .received(let messages, let peer):
            for message in messages { receive(message, from: peer, at: now) }
        case .exchange(let event): perform(exchange.handle(event, at: now), at: now)
        }
        return finish()
    }

    package mutating func expired(at now: Instant) -> [Action] {
        for peer in standings.keys.sorted() {
            guard let standing = standings[peer], standing.due <= now else { continue }
            guard standing.isGreeted else {
                end(peer, .tooSlow, "no greeting", at: now)
                continue
            }
            nonce += 1
            out.append(.send([LinkMessage(.ping, body: Ping(nonce: nonce).sszBytes)], to: peer))
            standings[peer]?.due = now.advanced(by: Self.pingInterval)
        }
        perform(exchange.expired(at: now), at: now)
        return finish()
    }

    private mutating func finish() -> [Action] {
        defer { out = [] }
        return out
    }

    // MARK: Links

    private mutating func begin(_ epoch: Epoch, _ configDigest: Digest, at now: Instant) {
        guard committee?.configDigest != configDigest || committee?.epoch != epoch else { return }
        for peer in standings.keys.sorted() { end(peer, .otherCommittee, "a new committee", at: now) }
        committee = (epoch, configDigest)
    }

    private mutating func linkUp(_ peer: Identity, at now: Instant) {
        forget(peer, at: now)
        guard let committee else {
            return out.append(.close(peer, .otherCommittee, "no committee yet: wait for the chain"))
        }
        standings[peer] = Standing(due: now.advanced(by: Self.greetingPatience))
        let hello = OperationHello(
            software: software,
            protocolVersion: Deployment.currentProtocolVersion,
            epoch: committee.epoch,
            configDigest: committee.configDigest
        )
        out.append(.send([LinkMessage(.operationHello, body: hello.sszBytes)], to: peer))
    }

    private mutating func forget(_ peer: Identity, at now: Instant) {
        guard let standing = standings.removeValue(forKey: peer), standing.isGreeted else { return }
        perform(exchange.handle(.linkDown(peer), at: now), at: now)
    }

    private mutating func end(_ peer: Identity, _ code: Close.Code, _ words: String, at now: Instant) {
        forget(peer, at: now)
        out.append(.close(peer, code, words))
    }

    private mutating func offend(_ peer: Identity, _ offence: OperationOffence, at now: Instant) {
        end(peer, .offence, "\(offence)", at: now)
        out.append(.offended(peer, offence))
    }

    // MARK: Messages

    private mutating func receive(_ message: LinkMessage, from peer: Identity, at now: Instant) {
        guard let standing = standings[peer] else { return }
        switch (standing.isGreeted, message.type) {
        case (false, .operationHello): greet(message, from: peer, at: now)
        case (false, _), (true, .operationHello): offend(peer, .misplaced(message.type), at: now)
        case (true, .ping), (true, .pong): sign(message, from: peer, at: now)
        case (true, _): perform(exchange.handle(.received(message, from: peer), at: now), at: now)
        }
    }

    private mutating func greet(_ message: LinkMessage, from peer: Identity, at now: Instant) {
        guard let hello = try? OperationHello(ssz: message.body) else {
            return offend(peer, .malformed(.operationHello), at: now)
        }
        guard hello.protocolVersion == Deployment.currentProtocolVersion else {
            let words = "protocol version \(hello.protocolVersion) meets \(Deployment.currentProtocolVersion)"
            return end(peer, .otherVersion, words, at: now)
        }
        guard let committee, hello.epoch == committee.epoch, hello.configDigest == committee.configDigest
        else {
            out.append(.otherCommittee(peer, hello.epoch))
            return end(peer, .otherCommittee, "another committee: wait for the chain", at: now)
        }
        standings[peer] = Standing(isGreeted: true, due: now.advanced(by: Self.pingInterval))
        out.append(.greeted(peer))
        perform(exchange.handle(.linkUp(peer), at: now), at: now)
    }

    private mutating func sign(_ message: LinkMessage, from peer: Identity, at now: Instant) {
        guard standings[peer]?.signs.take(at: now) ?? false else { return offend(peer, .flood, at: now) }
        // Both have the same form.
        guard let ping = try? Ping(ssz: message.body) else {
            return offend(peer, .malformed(message.type), at: now)
        }
        guard message.type == .ping else { return }
        out.append(.send([LinkMessage(.pong, body: Pong(nonce: ping.nonce).sszBytes)], to: peer))
    }

    private mutating func perform(_ actions: [OperationExchange.Action], at now: Instant) {
        for action in actions {
            switch action {
            case .send(let messages, let peer): out.append(.send(messages, to: peer))
            case .close(let peer, let offence): offend(peer, offence, at: now)
            case .deliver, .vouched, .refused, .tooManyOperations, .count: out.append(.exchange(action))
            }
        }
    }
}
