internal import Primitives

/// What comes from peers, and rule 5: asking and giving.
extension ViewChangeMachine {
    mutating func heard(_ fact: HeartbeatFact, at now: Instant, into actions: inout [Action]) {
        guard suspicion.heard(fact, at: now) else { return }
        if fact.view == view, leader == me { lease.acknowledge(fact.leaderSeen, by: fact.author) }
        if fact.view > view { ask(fact.author, at: now, into: &actions) }
        // A heartbeat that was on its way while this node entered says nothing: its author asks by itself.
        if fact.view < view, enteredAt.duration(to: now) >= setting.schedule.followerInterval {
            give(to: fact.author, at: now, into: &actions)
        }
    }

    mutating func linkUp(
        _ member: MemberIndex,
        view theirs: View,
        at now: Instant,
        into actions: inout [Action]
    ) {
        suspicion.linkUp(member)
        if theirs > view { ask(member, at: now, into: &actions) }
        if theirs < view { give(to: member, at: now, into: &actions) }
        if theirs == view, let election = highestElection, electionPace.admits(member, at: now) {
            actions.append(.sendElectionCertificate(election, to: member))
        }
    }

    mutating func received(_ signed: SignedObject, at now: Instant, into actions: inout [Action]) {
        let author = signed.object.author
        guard signed.object.epoch == committee.epoch, author != me else { return }
        let payload = signed.object.payload.bytes
        switch signed.object.kind {
        case .wish:
            guard let wish = try? Wish(ssz: payload) else { break }
            return take(HeldWish(signed: signed, wish: wish), at: now, into: &actions)
        case .linkLost:
            guard let report = try? LinkLost(ssz: payload) else { break }
            return suspicion.reported(report, by: author)
        case .heartbeat, .logEntry, .ready, .signRequest, .signShare:
            preconditionFailure("a \(signed.object.kind) is not for the view change")
        }
        actions.append(.penalize(author, .malformed(signed.object.kind)))
    }

    private mutating func take(_ held: HeldWish, at now: Instant, into actions: inout [Action]) {
        guard tally.insert(held) else { return }
        let (author, wish) = (held.author, held.wish)
        if author == committee.leader(of: wish.from) { suspicion.leaderWished(wish) }
        if wish.from > view { ask(author, at: now, into: &actions) }
        guard !wish.isWithdrawal else { return }
        if wish.from < view { give(to: author, at: now, into: &actions) }
        guard wish.from == view else { return }
        if wish.reason == .noCertificate, let election = highestElection, election.view >= view,
            electionPace.admits(author, at: now)
        {
            actions.append(.sendElectionCertificate(election, to: author))
        }
        // A leader that let its last heartbeats reach only some must not keep soft wishes from binding.
        let newest = leaderSeen
        if leader != me, leader != author, !wish.reason.isHard, isBehind(wish.leaderSeen, newest),
            heartbeatPace.admits(author, at: now)
        {
            actions.append(.forwardHeartbeat(of: leader, to: author))
        }
    }

    private func isBehind(_ order: Order, _ newest: Order) -> Bool {
        guard order < newest else { return false }
        return order.incarnation != newest.incarnation
            || newest.sequence - order.sequence > WishBinding.tolerance
    }

    // MARK: Asking and giving

    private mutating func ask(_ member: MemberIndex, at now: Instant, into actions: inout [Action]) {
        guard member != me, askPace.admits(member, at: now) else { return }
        let next = CertificateRequest(epoch: committee.epoch, view: view.advanced(by: 1))
        actions.append(.request(next, from: member))
    }

    private mutating func give(to member: MemberIndex, at now: Instant, into actions: inout [Action]) {
        guard member != me, givePace.admits(member, at: now) else { return }
        if let certificate = record.viewCertificate.first {
            actions.append(.sendViewCertificate(certificate, to: member))
        }
        if let election = highestElection {
            actions.append(.sendElectionCertificate(election, to: member))
        }
    }

    mutating func answer(
        _ request: CertificateRequest,
        by member: MemberIndex,
        at now: Instant,
        into actions: inout [Action]
    ) {
        guard request.epoch == committee.epoch, request.view <= view else { return }
        give(to: member, at: now, into: &actions)
    }

    mutating func received(
        _ certificate: ViewCertificate,
        from sender: MemberIndex,
        at now: Instant,
        into actions: inout [Action]
    ) {
        guard certificate.view > view || certificate.epoch != committee.epoch else { return }
        do throws(ViewCertificateError) {
            try certificate.verify(in: committee, domains: domains, with: authenticator) { signed in
                tally[signed.object.author]?.signed == signed
            }
        } catch {
            return actions.append(.penalize(sender, .viewCertificate(error)))
        }
        enter(certificate.view, by: .certificate(certificate), at: now, into: &actions)
    }

    mutating func received(
        _ certificate: ElectionCertificate,
        from sender: MemberIndex?,
        at now: Instant,
        into actions: inout [Action]
    ) {
        if let highestElection, certificate.view <= highestElection.view { return }
        guard let verifier else {
            // It cannot be checked before this node has seen the group key; one per sender is kept until then, what
            // the chain shows in this node's own place.
            unverifiedElections[(sender ?? me).offset] = certificate
            return
        }
        do throws(ElectionCertificateError) {
            try certificate.verify(in: committee, with: verifier)
        } catch {
            if let sender, !isOfOtherKey(certificate) {
                actions.append(.penalize(sender, .electionCertificate(error)))
            }
            return
        }
        guard let kept = SSZList<ElectionCertificate, 1>([certificate]) else { return }
        record.electionCertificate = kept
        givePace.renew()
        actions.append(.learned(certificate))
        actions.append(.spreadElectionCertificate(certificate, except: sender))
        if certificate.view > view {
            enter(certificate.view, by: .election(certificate), at: now, into: &actions)
        } else {
            persist(then: nil, into: &actions)
        }
    }

    /// Whether one of the keys that are not in force has signed it: who sends it sees another chain, and is not to blame.
    private func isOfOtherKey(_ certificate: ElectionCertificate) -> Bool {
        otherVerifiers.contains { isValid(certificate, with: $0) }
    }

    private func isValid(_ certificate: ElectionCertificate, with verifier: any GroupVerifier) -> Bool {
        do throws(ElectionCertificateError) {
            try certificate.verify(in: committee, with: verifier)
            return true
        } catch {
            return false
        }
    }

    /// Remembers a key that is not in force; of too many the oldest goes.
    mutating func note(_ verifier: any GroupVerifier) {
        otherVerifiers = (otherVerifiers + [verifier]).suffix(Self.otherVerifierLimit)
    }

    mutating func activate(_ verifier: any GroupVerifier, at now: Instant, into actions: inout [Action]) {
        if let replaced = self.verifier {
            note(replaced)
            verifierSince = nil
        }
        self.verifier = verifier
        if verifierSince == nil {
            // Blocks do not reach all members at one time; a node that starts finds the key long in force.
            let isFresh = suspicion.startedAt != nil
            verifierSince = isFresh ? now.advanced(by: HeartbeatSchedule.activationPatience) : now
        }
        if let highestElection, !isValid(highestElection, with: verifier) {
            // Of a key that a reorganisation took back: the contract does not take it, and nobody else.
            record.electionCertificate = SSZList()
            persist(then: nil, into: &actions)
        }
        for member in committee.indices {
            guard let certificate = unverifiedElections[member.offset] else { continue }
            unverifiedElections[member.offset] = nil
            received(certificate, from: member == me ? nil : member, at: now, into: &actions)
        }
    }
}
