import Consensus
import Primitives

/// What a member does that breaks the rules.
///
/// A liar runs the machine to know the view, but publishes no honest wish.
final class Liar {
    enum Wishing: CaseIterable { case none, next, huge, random, flip, equivocal }
    enum Beating: CaseIterable { case normal, normal2, none, some, slow }

    var wishing = Wishing.none
    var beating = Beating.normal
    var acknowledges = true
    var signs = true
    var certifies = true
    var reasons: [WishReason] = [.silence]
    /// Wishes kept for later, shared by all liars.
    var hoard: Hoard?
    private var sequence: UInt64 = 0

    init() {}

    /// A liar with every trait drawn by chance.
    init(random: inout SplitMix64, hoard: Hoard?) {
        wishing = Wishing.allCases.randomElement(using: &random)!
        beating = Beating.allCases.randomElement(using: &random)!
        acknowledges = Bool.random(using: &random)
        signs = Bool.random(using: &random)
        certifies = Bool.random(using: &random)
        reasons = Bool.random(using: &random) ? [.silence, .linkLost, .joined] : Self.hardReasons
        self.hoard = hoard
    }

    static let hardReasons: [WishReason] = [
        .silence, .duty, .noCertificate, .noQuorum, .draining, .evidence, .joinedHard,
    ]

    func beats(to peer: MemberIndex, _ fact: HeartbeatFact, in world: World) -> Bool {
        switch beating {
        case .normal, .normal2: true
        case .none: false
        case .some: world.chance(40)
        case .slow: fact.order.sequence.isMultiple(of: 4)
        }
    }

    func hoard(_ signed: SignedObject) { hoard?.add(signed) }

    func act(as node: SimNode) {
        let world = node.world
        let peers = node.linked
        hoard?.strike(as: node)
        let view = node.machine.heartbeatContent.view
        guard wishing != .none, view > View(0) else { return }
        if wishing == .flip, world.chance(50) { return }
        sequence += 1
        var signed: SignedObject?
        for peer in peers {
            if signed == nil || wishing == .equivocal {
                let to = target(from: view, in: world)
                let reason = reasons.randomElement(using: &world.random)!
                let seen = node.machine.heartbeatContent.leaderSeen
                signed = forge(from: view, to: to, reason, seen: seen, sequence: sequence, as: node)
            }
            guard let signed else { continue }
            world.send(.registers(heartbeats: [], objects: [signed]), from: node.member, to: peer)
        }
    }

    private func target(from view: View, in world: World) -> View {
        switch wishing {
        case .none, .next: view.advanced(by: 1)
        case .huge: view.advanced(by: 1_000_000)
        case .random, .equivocal:
            view.advanced(by: .random(in: 1...UInt64(world.committee.faultLimit + 2), using: &world.random))
        case .flip: world.chance(50) ? view : view.advanced(by: 1)
        }
    }

    func forge(
        from: View,
        to: View,
        _ reason: WishReason,
        seen: Order,
        sequence: UInt64,
        as node: SimNode
    ) -> SignedObject {
        let wish =
            to > from
            ? Wish(from: from, to: to, reason: reason, leaderSeen: seen)
            : Wish(withdrawingIn: from, leaderSeen: seen)
        let object = Object(
            epoch: node.world.committee.epoch,
            author: node.member,
            kind: .wish,
            order: Order(incarnation: node.incarnation, sequence: sequence),
            payload: ByteList(wish.sszBytes)!
        )
        let root = SigningRoot(of: object, in: SimCommittee.domains)
        let signed = SignedObject(object: object, signature: node.authenticator.sign(root))
        node.world.checks.signed(signed)
        return signed
    }
}

/// Every wish the liars ever saw, and their attempts to make a certificate of them.
final class Hoard {
    private var kept: [View: [MemberIndex: [(signed: SignedObject, wish: Wish)]]] = [:]
    /// Certificates made that a verifier would accept.
    private(set) var struck = 0

    func add(_ signed: SignedObject) {
        guard signed.object.kind == .wish, let wish = try? Wish(ssz: signed.object.payload.bytes),
            !wish.isWithdrawal
        else { return }
        kept[wish.from, default: [:]][signed.object.author, default: []].append((signed, wish))
    }

    /// Hands every honest member a certificate made of honest wishes of any hour and the liars' own, if there
    /// are enough that bind.
    func strike(as node: SimNode) {
        let world = node.world
        let view = node.machine.heartbeatContent.view
        let liars = world.nodes.filter { $0.liar != nil }
        guard let hoarded = kept[view] else { return }
        let honest = hoarded.filter { world[$0.key].liar == nil }
        guard honest.count + liars.count >= world.committee.quorum else { return }
        let moments = honest.values.flatMap { $0.map(\.wish.leaderSeen) }.sorted()
        for oldest in moments {
            let fitting = honest.compactMapValues { wishes in
                wishes.last { _, wish in
                    let seen = wish.leaderSeen
                    let isNear = seen >= oldest && seen.sequence <= oldest.sequence + WishBinding.span
                    return wish.reason.isHard || seen.incarnation == oldest.incarnation && isNear
                }
            }
            guard fitting.count + liars.count >= world.committee.quorum else { continue }
            return strike(fitting.mapValues(\.signed), liars, view, oldest, as: node)
        }
    }

    private func strike(
        _ honest: [MemberIndex: SignedObject],
        _ liars: [SimNode],
        _ view: View,
        _ seen: Order,
        as node: SimNode
    ) {
        let world = node.world
        var all = honest
        for liar in liars {
            all[liar.member] = liar.liar?.forge(
                from: view,
                to: view.advanced(by: 20),
                .silence,
                seen: seen,
                sequence: .max,
                as: liar
            )
        }
        let sorted = all.sorted { $0.key < $1.key }.map(\.value)
        let certificate = ViewCertificate(
            epoch: world.committee.epoch,
            view: view.advanced(by: 1),
            wishes: SSZList(sorted)!
        )
        struck += 1
        for peer in node.linked {
            world.send(.viewCertificate(certificate), from: node.member, to: peer)
        }
    }
}
