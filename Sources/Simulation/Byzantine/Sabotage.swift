import Consensus
import Cryptography
import Gossip
import Peer
import Primitives

/// Withholds its signature shares, or makes bad ones: always, or now and then, so that sessions fail one by one.
struct Saboteur: Strategy {
    private let rate: Int
    private let isMute: Bool

    init(_ tools: inout ImpostorTools) {
        rate = tools.random.pick([1_000, 500])
        isMute = tools.random.permille(500)
    }

    mutating func outgoing(
        _ messages: [LinkMessage],
        to peer: MemberIndex,
        _ tools: inout ImpostorTools
    ) -> [LinkMessage] {
        messages.compactMap { message in
            guard message.type == .direct, let signed = try? SignedObject(ssz: message.body),
                signed.object.kind == .signShare, tools.random.permille(rate)
            else { return message }
            guard !isMute, var share = try? SignShare(ssz: signed.object.payload.bytes) else { return nil }
            share.share = share.share + Scalar(1)
            return LinkMessage(.direct, body: tools.signed(signed.object, share.sszBytes).sszBytes)
        }
    }
}

/// Deals one member a bad share.
struct BadDealer: Strategy {
    private let victim: MemberIndex

    init(_ tools: inout ImpostorTools) {
        victim = tools.random.pick(tools.committee.indices)
    }

    mutating func outcome(
        _ outcome: KeeperOutcome,
        of order: SecretOrder,
        _ tools: inout ImpostorTools
    ) -> KeeperOutcome {
        guard case .ceremony(.dealt(var deal))? = outcome.answer else { return outcome }
        var shares = deal.encryptedShares.elements
        guard shares.indices.contains(victim.offset) else { return outcome }
        shares[victim.offset][31] ^= 1
        deal.encryptedShares = SSZList(shares) ?? deal.encryptedShares
        var altered = outcome
        altered.answer = .ceremony(.dealt(deal))
        return altered
    }
}

/// Does not deal.
struct AbsentDealer: Strategy {
    mutating func outcome(
        _ outcome: KeeperOutcome,
        of order: SecretOrder,
        _ tools: inout ImpostorTools
    ) -> KeeperOutcome {
        if case .deal = order { KeeperOutcome() } else { outcome }
    }
}

/// Complains about good shares, with a valid proof of what it has received.
struct FalseAccuser: Strategy {
    private let victim: MemberIndex

    init(_ tools: inout ImpostorTools) {
        victim = tools.random.pick(tools.committee.indices)
    }

    mutating func outcome(
        _ outcome: KeeperOutcome,
        of order: SecretOrder,
        _ tools: inout ImpostorTools
    ) -> KeeperOutcome {
        guard case .openShare(let opening) = order, case .ceremony(.shareOpened)? = outcome.answer,
            victim != tools.member, let complaint = complaint(opening, tools)
        else { return outcome }
        return KeeperOutcome(answer: .ceremony(.shareFaulty(opening.session, [complaint])))
    }

    private func complaint(_ opening: ShareOpening, _ tools: ImpostorTools) -> Complaint? {
        guard let dealt = opening.deals.first(where: { $0.dealer == victim }) else { return nil }
        guard let secrets = tools.seat.keys.secrets else {
            return CountingCeremony.complaint(about: victim, in: opening.session, by: tools.member)
        }
        var random = SeededRandom(seed: tools.seat.seed &+ 5)
        guard
            let terms = KeyGenerationTerms(
                committee: tools.committee,
                deployment: tools.seat.deployment,
                attempt: opening.plan.attempt,
                dealers: opening.plan.dealers.elements
            ), let session = try? KeyGenerationSession(terms),
            let deal = try? session.check(dealt.deal, from: victim)
        else { return nil }
        return session.complaint(about: deal, with: secrets.encryption, as: tools.member, random: &random)
    }
}
