import Consensus
import Gossip
import Peer
import Primitives

/// What a member does that breaks the rules, in a word; several can be combined.
package enum StrategyKind: String, CaseIterable, Hashable, Sendable {
    /// Says nothing after its first words.
    case silent
    /// Signs two things in one place: heartbeats, wishes and log entries.
    case equivocator
    /// Keeps old wishes and certificates and brings them again.
    case hoarder
    /// Lets only some members hear its heartbeats.
    case selective
    /// Leads without ever asking for a certificate.
    case uncertifying
    /// Withholds its signature shares, or makes bad ones.
    case saboteur
    /// Deals one member a bad share.
    case badDealer
    /// Complains about good shares.
    case falseAccuser
    /// Does not deal.
    case absentDealer
    /// Sends as much as it can.
    case flooder
    /// Announces entries that are not there.
    case lyingFrontiers
    /// Wishes for other views all the time, for any reason.
    case wisher
    /// Runs two processes with one identity.
    case twin
    /// Deals twice, and shows some members the one history and some the other.
    case doubleDealer
    /// Fails signing sessions one by one, each at the last moment by one liar.
    case adaptiveSaboteur
    /// Sends two shares for one request, and nonces that it does not have.
    case doubleSigner
    /// Brings again what it has heard, to anybody, whole or spoilt.
    case replayer
    /// Drops its links again and again.
    case flapper
    /// Forks its log once its deal is part of a key, before those who were away.
    case lateForker
}

/// One way to break the rules: it alters what an honest machine would say, hears and orders, and adds to it.
protocol Strategy {
    /// What is sent to a member in place of what the machine wants to send.
    mutating func outgoing(
        _ messages: [LinkMessage],
        to peer: MemberIndex,
        _ tools: inout ImpostorTools
    ) -> [LinkMessage]

    /// Listens to what a member sends.
    mutating func incoming(_ messages: [LinkMessage], from peer: MemberIndex, _ tools: inout ImpostorTools)

    /// What an order to the secrets comes to, in place of the honest outcome.
    mutating func outcome(
        _ outcome: KeeperOutcome,
        of order: SecretOrder,
        _ tools: inout ImpostorTools
    ) -> KeeperOutcome

    /// Does something of its own, a few times a second.
    mutating func tick(in view: View?, _ tools: inout ImpostorTools)
}

extension Strategy {
    mutating func outgoing(
        _ messages: [LinkMessage],
        to peer: MemberIndex,
        _ tools: inout ImpostorTools
    ) -> [LinkMessage] { messages }
    mutating func incoming(_ messages: [LinkMessage], from peer: MemberIndex, _ tools: inout ImpostorTools) {}
    mutating func outcome(
        _ outcome: KeeperOutcome,
        of order: SecretOrder,
        _ tools: inout ImpostorTools
    ) -> KeeperOutcome { outcome }
    mutating func tick(in view: View?, _ tools: inout ImpostorTools) {}
}

/// What an impostor has at hand: its own keys, its links, chance, and its accomplices.
struct ImpostorTools {
    let seat: Seat
    let domains: SigningDomains
    let conspiracy: Conspiracy
    let authenticator: any Authenticator
    var random: SplitMix64
    /// The members that have greeted it and can be spoken to.
    var peers: Set<MemberIndex> = []
    /// What is to be sent beside the machine's words.
    var said: [(to: MemberIndex, messages: [LinkMessage])] = []
    /// Whose links are to be dropped.
    var dropped: [MemberIndex] = []

    /// The types that members of such a committee send: announcements only in a sparse mesh.
    var messageTypes: [MessageType] {
        MessageType.allCases.filter { $0 != .announcement || NeighbourGraph.isSparse(committee.size) }
    }

    init(_ seat: Seat, _ conspiracy: Conspiracy) {
        self.seat = seat
        self.conspiracy = conspiracy
        domains = SigningDomains(seat.deployment)
        authenticator = seat.authenticator
        random = SplitMix64(seed: seat.seed &+ 2)
    }

    var member: MemberIndex { seat.member }
    var committee: Committee { seat.committee }
    /// The members it can speak to, in order.
    var audience: [MemberIndex] { peers.sorted() }

    /// Signs as the member.
    func sign(_ object: Object) -> SignedObject {
        authenticator.sign(object, in: domains)
    }

    /// Signs anew what was changed.
    func signed(_ original: Object, _ payload: [UInt8]) -> SignedObject {
        var object = original
        object.payload = ByteList(payload) ?? ByteList()
        return sign(object)
    }

    mutating func say(_ messages: [LinkMessage], to peer: MemberIndex) {
        if peers.contains(peer) { said.append((peer, messages)) }
    }

    /// A wish of its own.
    func wish(_ wish: Wish, sequence: UInt64) -> SignedObject {
        sign(
            Object(
                epoch: committee.epoch,
                author: member,
                kind: .wish,
                order: Order(incarnation: seat.incarnation, sequence: sequence),
                payload: ByteList(wish.sszBytes) ?? ByteList()
            )
        )
    }

    /// A message with objects.
    func objects(_ objects: [SignedObject]) -> [LinkMessage] {
        guard let batch = ObjectBatch(objects) else { return [] }
        return [LinkMessage(.objects, body: batch.sszBytes)]
    }

    /// The message with its objects replaced, left out where `change` gives `nil`.
    func changing(_ message: LinkMessage, _ change: (SignedObject) -> SignedObject?) -> LinkMessage? {
        guard let batch = try? ObjectBatch(ssz: message.body) else { return message }
        let changed = batch.compactMap { change($0) }
        guard !changed.isEmpty, let batch = ObjectBatch(changed) else { return nil }
        return LinkMessage(message.type, body: batch.sszBytes)
    }
}
