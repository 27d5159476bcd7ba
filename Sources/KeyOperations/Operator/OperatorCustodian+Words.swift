import BLS12381
import Cryptography
import Primitives

/// What the custodian says, and how it comes by it.
extension OperatorCustodian {
    /// Takes part, under a key of its own for the attempt: the one on the disk if a crash came between key and word.
    mutating func join(_ plan: CheckedPlan, keeping: inout [OperatorSafekeeping]) -> Join {
        let key: G1EncryptionKey
        if let kept = records.keys[plan.id] {
            key = kept.key
        } else {
            key = G1EncryptionKey(random: &random)
            keeping.append(.keepKey(KeptKey(request: plan.plan.request, attempt: plan.id, key: key)))
        }
        let proof = key.proof(for: Join.statement(in: plan.id, by: id), random: &random)
        return Join(encryptionKey: key.publicKey, proof: proof)
    }

    /// Deals each key, or the share of the key that is shared anew.
    mutating func deals(_ attempt: OperationAttempt) throws(OperatorInability) -> Deals {
        let index = try index
        var deals: [G1Deal] = []
        for session in attempt.sessions {
            do throws(G1SharingError) {
                if attempt.plan.sharing == nil {
                    deals.append(try session.deal(as: index, random: &random))
                } else {
                    guard let share = share(of: attempt.plan) else { throw .previousShare(index) }
                    deals.append(try session.deal(as: index, passingOn: share.secret.scalar, random: &random))
                }
            } catch .previousShare {
                throw .shareMissing
            } catch {
                throw .misplaced
            }
        }
        guard let list = SSZList<G1Deal, 20>(deals) else { throw .tooLong }
        return Deals(list)
    }

    /// Opens what was dealt to it, and confirms, or complains about whoever dealt badly.
    mutating func open(
        _ attempt: OperationAttempt,
        keeping: inout [OperatorSafekeeping]
    ) throws(OperatorInability) -> OperatorWord {
        let index = try index
        guard let key = records.keys[attempt.plan.id]?.key else { throw .keyMissing }
        if let complaints = attempt.complaints(by: id, with: key, random: &random) {
            return .complain(complaints)
        }
        guard let transcript = attempt.transcript else { throw .nothingToBlame }
        var shares: [KeyShare] = []
        for (position, (session, sum)) in zip(attempt.sessions, attempt.transcripts).enumerated() {
            let deals = attempt.plan.dealers.compactMap { attempt.deals[$0]?[position] }
            do throws(G1ShareFault) {
                shares.append(try session.share(from: deals, transcript: sum, with: key, as: index))
            } catch {
                throw .misplaced
            }
        }
        guard shares.count == attempt.plan.count else { throw .misplaced }
        return .confirm(try confirmation(attempt, transcript, shares, keeping: &keeping))
    }

    private func confirmation(
        _ attempt: OperationAttempt,
        _ transcript: Digest,
        _ shares: [KeyShare],
        keeping: inout [OperatorSafekeeping]
    ) throws(OperatorInability) -> Confirmation {
        let plan = attempt.plan
        let encryption = try encryption(for: plan)
        var confirmed: [ConfirmedShare] = []
        for (position, share) in shares.enumerated() {
            let secret = share.secretKey
            var encrypted: [UInt8] = []
            if let encryption {
                do throws(ShareEncryptionFault) {
                    encrypted = try encryption.encrypt(secret.scalar)
                } catch {
                    throw .encryption(error)
                }
            }
            let partials = attempt.statements(at: position).map { secret.sign($0, on: plan.network).bytes }
            guard let partials = SSZList<G2Bytes, 2>(partials), let encrypted = ByteList<512>(encrypted)
            else { throw .tooLong }
            let holding = secret.sign(.holding(transcript), on: plan.network).bytes
            confirmed.append(
                ConfirmedShare(holding: holding, partials: partials, encryptedShare: encrypted)
            )
            let held = HeldShare(
                attempt: plan.id,
                request: plan.plan.request,
                position: UInt16(position),
                publicKey: attempt.transcripts[position].key.publicKey.bytes,
                transcript: transcript,
                publicShare: secret.publicKey.bytes
            )
            guard let stored = StoredShare(held, secret) else { throw .misplaced }
            keeping.append(.keepShare(stored))
        }
        guard let list = SSZList<ConfirmedShare, 20>(confirmed),
            let sharesKey = ByteList<1_024>(encryption?.sharesKey ?? [])
        else { throw .tooLong }
        return Confirmation(transcript: transcript, sharesKey: sharesKey, shares: list)
    }

    /// How shares are encrypted in an attempt; `nil` when the chain names no RSA key of this operator.
    private func encryption(for plan: CheckedPlan) throws(OperatorInability) -> (any ShareEncryption)? {
        guard let hash = plan.operators[id]?.sharesKeyHash else { throw .misplaced }
        guard !hash.isZero else { return nil }
        guard let encryption, Keccak256.hash(encryption.sharesKey) == hash else { throw .otherSharesKey }
        return encryption
    }

    /// Signs the plan's exit and nothing else.
    func exitShare(_ plan: CheckedPlan) throws(OperatorInability) -> ExitShare {
        guard case .exit(let task) = plan.task else { throw .misplaced }
        guard let share = share(of: plan) else { throw .shareMissing }
        return ExitShare(signature: share.secret.sign(.exit(task.exit), on: plan.network).bytes)
    }

    /// The share that fits how the plan says that its key is shared.
    private func share(of plan: CheckedPlan) -> StoredShare? {
        guard let sharing = plan.sharing, let index = id.shareIndex,
            let expected = sharing.publicShare(at: index)?.bytes
        else { return nil }
        return records.shares.values.first {
            $0.held.publicKey == sharing.publicKey.bytes && $0.held.publicShare == expected
        }
    }

    private var index: ShareIndex {
        get throws(OperatorInability) {
            guard let index = id.shareIndex else { throw .number }
            return index
        }
    }
}
