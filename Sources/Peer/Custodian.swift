import Consensus
package import Cryptography
package import Primitives

/// Holds one member's secrets for an epoch and does with them what the member's machine orders, and nothing else.
///
/// It reads no file and writes none: what has to be kept or erased on disk comes back as ``Safekeeping``. Everything
/// is done in one step, so no second order can come between taking a nonce and using it.
package struct Custodian<Random: SecureRandom>: Sendable {
    /// What the owner must do with secrets on disk before the answer counts.
    package enum Safekeeping: Sendable {
        /// Seal and store the share of the key with this transcript.
        case keepShare(SecretShare, transcript: Digest)
        /// Erase the epoch's encryption key.
        case eraseEncryptionKey
    }

    /// What has come of an order.
    package struct Outcome: Sendable {
        /// For the machine; `nil` when the order wants none.
        package var answer: SecretAnswer?
        /// For the disk, in order.
        package var safekeeping: [Safekeeping] = []
    }

    private struct HeldShare: Sendable {
        var share: SecretShare
        var key: GroupKey
    }

    private let committee: Committee
    private let member: MemberIndex
    private let deployment: Deployment
    private let account: AccountKey
    private var encryptionKey: EncryptionKey?
    private var storedShares: [Digest: SecretShare]
    private var shares: [Digest: HeldShare] = [:]
    private let vault = NonceVault()
    private var random: Random

    /// The custodian of a member of a committee.
    ///
    /// - Parameters:
    ///   - committee: The members of the epoch.
    ///   - member: Whose secrets these are.
    ///   - deployment: What signatures are for.
    ///   - account: Approves group keys.
    ///   - encryptionKey: Opens what dealers have encrypted; `nil` once it is erased.
    ///   - storedShares: The shares kept on disk, by transcript.
    ///   - random: For nonces and polynomials.
    package init(
        committee: Committee,
        member: MemberIndex,
        deployment: Deployment,
        account: AccountKey,
        encryptionKey: EncryptionKey?,
        storedShares: [Digest: SecretShare],
        random: Random
    ) {
        self.committee = committee
        self.member = member
        self.deployment = deployment
        self.account = account
        self.encryptionKey = encryptionKey
        self.storedShares = storedShares
        self.random = random
    }

    /// Does what was ordered.
    package mutating func perform(_ order: SecretOrder) -> Outcome {
        switch order {
        case .commitNonces(let context, let key): Outcome(answer: .signer(commit(context, key)))
        case .signShare(let order): Outcome(answer: .signer(sign(order)))
        case .forgetNonces(let view):
            forget(before: view)
        case .deal(let plan): Outcome(answer: deal(plan).map { .ceremony(.dealt($0)) })
        case .openShare(let opening): Outcome(answer: open(opening).map { .ceremony($0) })
        case .approve(let order): Outcome(answer: .ceremony(approve(order)))
        case .erase(let transcript): erase(keeping: transcript)
        }
    }

    // MARK: Signing

    private mutating func commit(_ context: NonceContext, _ key: Digest) -> SignerMachine.Event {
        guard let held = shares[key] else { return .noncesRefused(context) }
        do throws(NonceVaultError) {
            let commitment = try vault.promise(
                in: context,
                share: held.share,
                key: held.key,
                random: &random
            )
            return .noncesCommitted(context, commitment)
        } catch {
            return .noncesRefused(context)
        }
    }

    private func sign(_ order: ShareOrder) -> SignerMachine.Event {
        guard let held = shares[order.key] else { return .shareRefused(order, .unknownCommitment) }
        do throws(NonceVaultError) {
            let share = try vault.share(
                for: order.commitments,
                in: order.context,
                share: held.share,
                key: held.key
            )
            return .shareSigned(order, share)
        } catch {
            return .shareRefused(order, error)
        }
    }

    private func forget(before view: View) -> Outcome {
        vault.leaveViews(before: view)
        return Outcome()
    }

    // MARK: Ceremony

    private func session(of plan: AttemptPlan) -> KeyGenerationSession? {
        KeyGenerationTerms(
            committee: committee,
            deployment: deployment,
            attempt: plan.attempt,
            dealers: plan.dealers.elements
        ).flatMap { try? KeyGenerationSession($0) }
    }

    private mutating func deal(_ plan: AttemptPlan) -> Deal? {
        // The machine orders a deal only for a plan that a session can be made for and that names this member.
        guard let session = session(of: plan) else { return nil }
        return try? session.deal(as: member, random: &random)
    }

    private mutating func open(_ opening: ShareOpening) -> KeyCeremonyMachine.Event? {
        guard let session = session(of: opening.plan) else { return nil }
        let deals = opening.deals.compactMap { try? session.check($0.deal, from: $0.dealer) }
        guard let transcript = try? session.transcript(of: deals), transcript.digest == opening.transcript
        else {
            return nil
        }
        if let share = storedShares[opening.transcript], transcript.key.isShare(share) {
            shares[opening.transcript] = HeldShare(share: share, key: transcript.key)
            return .shareOpened(opening.session)
        }
        guard let encryptionKey else { return nil }
        do throws(ShareFault) {
            let share = try session.share(
                from: deals,
                transcript: transcript,
                with: encryptionKey,
                as: member
            )
            shares[opening.transcript] = HeldShare(share: share, key: transcript.key)
            return .shareOpened(opening.session)
        } catch {
            let complaints = deals.filter { error.dealers.contains($0.dealer) }.map {
                session.complaint(about: $0, with: encryptionKey, as: member, random: &random)
            }
            return .shareFaulty(opening.session, complaints)
        }
    }

    private func approve(_ order: ApprovalOrder) -> KeyCeremonyMachine.Event {
        let digest = StatementDomain(deployment).digest(of: order.statement)
        return .approved(order.session, account.sign(digest).eip2098)
    }

    private mutating func erase(keeping transcript: Digest) -> Outcome {
        var outcome = Outcome()
        if let held = shares[transcript], storedShares[transcript] == nil {
            outcome.safekeeping.append(.keepShare(held.share, transcript: transcript))
        }
        if encryptionKey != nil, shares[transcript] != nil { outcome.safekeeping.append(.eraseEncryptionKey) }
        shares = shares.filter { $0.key == transcript }
        storedShares = storedShares.filter { $0.key == transcript }
        if shares[transcript] != nil { encryptionKey = nil }
        return outcome
    }
}
