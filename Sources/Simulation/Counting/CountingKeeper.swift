import Consensus
import Cryptography
import Peer
import Primitives

/// A member's secrets where there are none: it answers orders as a ``Custodian`` would, with hashes.
struct CountingKeeper: SecretKeeper {
    private enum Nonce {
        case unused
        case spent(request: Digest, share: Scalar)
    }

    private let committee: Committee
    private let member: MemberIndex
    private let account: Address
    private let domain: StatementDomain
    private var stored: Set<Digest>
    private var hasEncryptionKey: Bool
    private var shares: [Digest: CompressedPoint] = [:]
    private var nonces: [NonceContext: [NonceCommitment: Nonce]] = [:]
    private var random: SplitMix64

    init(_ seat: Seat) {
        committee = seat.committee
        member = seat.member
        account = seat.keys.account
        domain = StatementDomain(seat.deployment)
        stored = Set(seat.storedShares.map(\.transcript))
        hasEncryptionKey = seat.hasEncryptionKey
        random = SplitMix64(seed: seat.seed &+ 1)
    }

    mutating func perform(_ order: SecretOrder) -> KeeperOutcome {
        switch order {
        case .commitNonces(let context, let key):
            return KeeperOutcome(answer: .signer(commit(context, key)))
        case .signShare(let order):
            return KeeperOutcome(answer: .signer(sign(order)))
        case .forgetNonces(let view):
            nonces = nonces.filter { $0.key.view >= view }
            return KeeperOutcome()
        case .deal(let plan):
            let deal = CountingCeremony.deal(plan, by: member, number: random.next(), in: committee)
            return KeeperOutcome(answer: .ceremony(.dealt(deal)))
        case .openShare(let opening):
            return KeeperOutcome(answer: open(opening).map { .ceremony($0) })
        case .approve(let order):
            let approval = CountingCeremony.approval(of: domain.digest(of: order.statement), by: account)
            return KeeperOutcome(answer: .ceremony(.approved(order.session, approval)))
        case .erase(let transcript): return erase(keeping: transcript)
        }
    }

    // MARK: Signing

    private mutating func commit(_ context: NonceContext, _ key: Digest) -> SignerMachine.Event {
        let limit = committee.size - committee.quorum + 1
        guard shares[key] != nil, nonces[context, default: [:]].count < limit else {
            return .noncesRefused(context)
        }
        let number = random.next()
        let hiding = CountingHash.point(CountingHash.digest("hiding", number))
        let binding = CountingHash.point(CountingHash.digest("binding", number))
        let commitment = NonceCommitment(hiding: hiding, binding: binding)
        nonces[context, default: [:]][commitment] = .unused
        return .noncesCommitted(context, commitment)
    }

    private mutating func sign(_ order: ShareOrder) -> SignerMachine.Event {
        guard
            let key = shares[order.key], let own = order.request.commitment(of: member),
            let nonce = nonces[order.context]?[own]
        else { return .shareRefused(order, .unknownCommitment) }
        switch nonce {
        case .spent(order.root, let share): return .shareSigned(order, share)
        case .spent: return .shareRefused(order, .spent)
        case .unused:
            let round = CountingRound(
                key: key,
                signers: order.commitments,
                statement: order.context.statement.digest
            )
            let share = round.share(of: member)
            nonces[order.context]?[own] = .spent(request: order.root, share: share)
            return .shareSigned(order, share)
        }
    }

    // MARK: Ceremony

    private mutating func open(_ opening: ShareOpening) -> KeyCeremonyMachine.Event? {
        let key = CountingHash.point(opening.transcript)
        if stored.contains(opening.transcript) {
            shares[opening.transcript] = key
            return .shareOpened(opening.session)
        }
        guard hasEncryptionKey else { return nil }
        let bad = opening.deals.filter { !CountingCeremony.isGood($0.deal, from: $0.dealer, for: member) }
        guard bad.isEmpty else {
            let complaints = bad.map {
                CountingCeremony.complaint(about: $0.dealer, in: opening.session, by: member)
            }
            return .shareFaulty(opening.session, complaints)
        }
        shares[opening.transcript] = key
        return .shareOpened(opening.session)
    }

    private mutating func erase(keeping transcript: Digest) -> KeeperOutcome {
        var outcome = KeeperOutcome()
        let isHeld = shares[transcript] != nil
        if isHeld, !stored.contains(transcript) {
            outcome.safekeeping.append(.keepShare(KeptShare(transcript: transcript, share: nil)))
        }
        if hasEncryptionKey, isHeld { outcome.safekeeping.append(.eraseEncryptionKey) }
        shares = shares.filter { $0.key == transcript }
        stored = stored.filter { $0 == transcript }
        if isHeld { hasEncryptionKey = false }
        return outcome
    }
}
