import Cryptography
import Primitives

/// The deals of the registered key that stand in forked logs: whoever has read one there copies it into its own log.
///
/// A forked log ends for everybody where its fork was noticed, so some hold the deal and others cannot get it any
/// more, or hold another one; but the logs of the honest reach all. The members take turns, so that most find a copy
/// before theirs comes.
extension KeyCeremonyMachine {
    /// A copy as it stands in somebody's log.
    struct HeldCopy: Sendable {
        /// T, as the copy has it.
        let transcript: Digest
        let plan: AttemptPlan
        let dealer: MemberIndex
        /// `nil` where it would be of no use any more.
        var copy: DealCopy?
    }

    /// A deal of a key.
    struct DealName: Hashable, Sendable {
        let transcript: Digest
        let dealer: MemberIndex
    }

    /// The most copies of one author that are remembered: an honest one copies the deals of liars only.
    var copyLimit: Int { committee.size - committee.quorum }

    mutating func record(_ copy: DealCopy, by author: MemberIndex) -> [Action] {
        guard let dealer = copy.dealer(in: committee) else { return [.penalize(author, .malformed)] }
        let transcript = copy.transcript.digest
        var held = copies[author, default: []]
        guard !held.contains(where: { $0.transcript == transcript && $0.dealer == dealer }) else { return [] }
        let isUseless = attempt(of: transcript) != nil
        held.append(
            HeldCopy(
                transcript: transcript,
                plan: copy.plan,
                dealer: dealer,
                copy: isUseless ? nil : copy
            )
        )
        copies[author] = Array(held.suffix(copyLimit))
        return []
    }

    /// Whether the key that the attempt has come to is the registered one.
    func isRegistered(_ attempt: CeremonyAttempt) -> Bool {
        registered.map { $0 == attempt.outcome?.transcript } ?? false
    }

    /// The attempt that has come to this transcript here.
    func attempt(of transcript: Digest) -> CeremonyAttempt? {
        attempts.first { $0.outcome?.transcript == transcript }
    }
}

// MARK: - Completing what is lacking here

extension KeyCeremonyMachine {
    /// Takes the deals of the registered key from copies, all at once, in place of others of the same dealers.
    mutating func completeFromCopies() -> [Action] {
        guard let registered, !copies.isEmpty else { return [] }
        guard attempt(of: registered) == nil else {
            forgetBodies(of: registered)
            return []
        }
        guard let shown = copy(of: registered) else { return [] }
        var actions: [Action] = []
        if !attempts.contains(where: { $0.plan == shown.plan }) {
            guard let session = verifier.session(for: shown.plan) else { return [] }
            attempts.append(CeremonyAttempt(plan: shown.plan, session: session))
            actions += release()
        }
        guard let index = attempts.firstIndex(where: { $0.plan == shown.plan }) else { return actions }
        var deals: [MemberIndex: CeremonyAttempt.TakenDeal] = [:]
        for (dealer, digest) in zip(shown.plan.dealers, shown.transcript.deals) {
            if let known = attempts[index].deals[dealer], known.digest == digest {
                deals[dealer] = known
            } else if let deal = copiedDeal(of: dealer, in: registered) {
                deals[dealer] = CeremonyAttempt.TakenDeal(deal: deal, digest: digest, object: nil)
            } else {
                return actions
            }
        }
        guard var session = verifier.session(for: shown.plan) else { return actions }
        do throws(DealFault) {
            for dealer in shown.plan.dealers {
                if let taken = deals[dealer] { try session.take(taken.deal, from: dealer) }
            }
        } catch {
            // A quorum has confirmed the key with these deals: there is nothing to wait for if they are bad.
            return actions
        }
        attempts[index].replaceDeals(by: deals, in: session)
        return actions
    }

    /// Any copy of the transcript's deals with the plan that its session is of; those with another plan are dropped.
    private mutating func copy(of transcript: Digest) -> DealCopy? {
        for author in committee.indices {
            for held in copies[author, default: []] where held.transcript == transcript {
                guard let copy = held.copy else { continue }
                let known = attempts.first { $0.plan == copy.plan }?.id
                if known ?? verifier.session(for: copy.plan)?.id == copy.transcript.session { return copy }
                copies[author]?.removeAll { $0.transcript == transcript && $0.plan == copy.plan }
            }
        }
        return nil
    }

    private func copiedDeal(of dealer: MemberIndex, in transcript: Digest) -> Deal? {
        for author in committee.indices {
            let held = copies[author, default: []].first {
                $0.transcript == transcript && $0.dealer == dealer && $0.copy != nil
            }
            if let copy = held?.copy { return copy.deal }
        }
        return nil
    }

    private mutating func forgetBodies(of transcript: Digest) {
        for author in copies.keys {
            for place in copies[author, default: []].indices
            where copies[author]?[place].transcript == transcript {
                copies[author]?[place].copy = nil
            }
        }
    }
}

// MARK: - Copying for others

extension KeyCeremonyMachine {
    /// Copies what stands in forked logs alone, when it is this member's turn.
    mutating func copyDeals(at now: Instant) -> [Action] {
        guard isStarted, let registered, let attempt = attempt(of: registered), !forked.contains(member)
        else {
            homeless = [:]
            return []
        }
        let lost = lostDealers(of: attempt, registered)
        homeless = homeless.filter { lost.contains($0.key) }
        var actions: [Action] = []
        for dealer in lost {
            let since = homeless[dealer, default: now]
            homeless[dealer] = since
            guard
                now >= since.advanced(by: copyTurn), let deal = attempt.deals[dealer]?.deal,
                let transcript = transcript(registered),
                copied.insert(DealName(transcript: registered, dealer: dealer)).inserted
            else { continue }
            let copy = DealCopy(plan: attempt.plan, transcript: transcript, deal: deal)
            actions.append(.append(.dealCopy, body: copy.sszBytes))
        }
        return actions
    }

    /// When this member is to copy what nobody has copied until then.
    var copyDeadline: Instant? {
        guard let registered else { return nil }
        return homeless.filter { !copied.contains(DealName(transcript: registered, dealer: $0.key)) }
            .map { $0.value.advanced(by: copyTurn) }.min()
    }

    /// One after the other, by position, leaving out those whose logs help nobody.
    private var copyTurn: Duration {
        let forked = forked
        return timing.copying * committee.indices.count { $0 < member && !forked.contains($0) }
    }

    /// The dealers whose deals of the registered key stand in forked logs and in no other.
    ///
    /// If only the attempt's proposals do, any copy helps: it names the plan.
    private func lostDealers(of attempt: CeremonyAttempt, _ transcript: Digest) -> [MemberIndex] {
        let forked = forked
        guard !forked.isEmpty else { return [] }
        var dealers = attempt.plan.dealers.filter(forked.contains)
        let isPlanLost = attempt.plan.attempt > 0 && attempt.proposers.isSubset(of: forked)
        if dealers.isEmpty, isPlanLost { dealers = Array(attempt.plan.dealers.prefix(1)) }
        return dealers.filter { dealer in
            !copies.contains { author, held in
                !forked.contains(author)
                    && held.contains {
                        $0.transcript == transcript && $0.dealer == dealer && $0.plan == attempt.plan
                    }
            }
        }
    }
}
