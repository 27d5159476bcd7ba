import Consensus
import Gossip
import Peer
import Primitives

/// Wishes for other views all the time, for any reason, and never says what its machine would.
struct Wisher: Strategy {
    private enum Target: CaseIterable { case next, huge, some }

    private static let hard: [WishReason] = [
        .duty, .noCertificate, .noQuorum, .draining, .evidence, .joinedHard,
    ]
    private static let soft: [WishReason] = [.silence, .linkLost, .joined]

    private let target: Target
    private let reasons: [WishReason]
    private let isEquivocal: Bool
    private var sequence: UInt64 = 0

    init(_ tools: inout ImpostorTools) {
        target = tools.random.pick(Target.allCases)
        reasons = tools.random.permille(500) ? Self.hard : Self.soft
        isEquivocal = tools.random.permille(200)
    }

    mutating func outgoing(
        _ messages: [LinkMessage],
        to peer: MemberIndex,
        _ tools: inout ImpostorTools
    ) -> [LinkMessage] {
        let own = tools.member
        return messages.compactMap { message in
            guard message.type == .objects else { return message }
            return tools.changing(message) {
                $0.object.author == own && $0.object.kind == .wish ? nil : $0
            }
        }
    }

    mutating func tick(in view: View?, _ tools: inout ImpostorTools) {
        guard let view, tools.random.permille(600) else { return }
        sequence += 1
        var signed: SignedObject?
        for peer in tools.audience {
            if signed == nil || isEquivocal { signed = wish(from: view, &tools) }
            if let signed { tools.say(tools.objects([signed]), to: peer) }
        }
    }

    private func wish(from view: View, _ tools: inout ImpostorTools) -> SignedObject {
        let step: UInt64 =
            switch target {
            case .next: 1
            case .huge: 1_000_000
            case .some: 1 + UInt64(tools.random.below(tools.committee.faultLimit + 2))
            }
        let seen = Order(incarnation: 1, sequence: UInt64(tools.random.below(10_000)))
        let wish = Wish(
            from: view,
            to: view.advanced(by: step),
            reason: tools.random.pick(reasons),
            leaderSeen: seen
        )
        return tools.wish(wish, sequence: sequence)
    }
}

/// Keeps old wishes and certificates and brings them again, and makes certificates of what it has kept.
struct Hoarder: Strategy {
    private var certificates: [LinkMessage] = []
    private var objects: [LinkMessage] = []

    mutating func incoming(_ messages: [LinkMessage], from peer: MemberIndex, _ tools: inout ImpostorTools) {
        for message in messages {
            switch message.type {
            case .viewCertificate, .electionCertificate:
                if certificates.count < 32 { certificates.append(message) }
            case .objects:
                if objects.count < 64 { objects.append(message) }
                guard let batch = try? ObjectBatch(ssz: message.body) else { continue }
                for signed in batch { tools.conspiracy.keep(signed) }
            default: break
            }
        }
    }

    mutating func tick(in view: View?, _ tools: inout ImpostorTools) {
        guard let view else { return }
        if let certificate = tools.conspiracy.certificate(from: view) {
            tools.conspiracy.hasStruck = true
            let message = LinkMessage(.viewCertificate, body: certificate.sszBytes)
            for peer in tools.audience { tools.say([message], to: peer) }
        }
        guard tools.random.permille(300) else { return }
        for peer in tools.audience {
            if !certificates.isEmpty { tools.say([tools.random.pick(certificates)], to: peer) }
            if !objects.isEmpty { tools.say([tools.random.pick(objects)], to: peer) }
        }
    }
}
