package import Primitives

/// How far a ceremony has come, and whom it waits for: for people to read.
package struct CeremonyStatus: Hashable, Sendable {
    /// Where the ceremony is.
    package enum Phase: Hashable, Sendable {
        /// A member has registered an encryption key that is no point; no key can be made for these members.
        case impossible
        /// The node replays its logs.
        case replaying
        /// Deals are awaited from ``CeremonyStatus/awaited``.
        case dealing
        /// Confirmations are awaited from ``CeremonyStatus/awaited``.
        case confirming
        /// The attempt has failed; the leader of the view, ``CeremonyStatus/awaited``, is to propose the next.
        case failed
        /// More members are guilty than the committee tolerates; no attempt can succeed.
        case hopeless
        /// The key is certified; its own signature and the registration are awaited.
        case certified
        /// The contract has registered a key whose deals are not all here yet.
        case learning
        /// The key is registered and known here.
        case registered
    }

    /// The attempt that the rest is about.
    package let attempt: UInt16
    /// Where it is.
    package let phase: Phase
    /// Whom it waits for, in rising order.
    package let awaited: [MemberIndex]
    /// The members with proven offences, in rising order.
    package let guilty: [MemberIndex]
}

extension CeremonyStatus: CustomStringConvertible {
    package var description: String {
        let names = awaited.map(\.description).joined(separator: ", ")
        let state =
            switch phase {
            case .impossible: "a member's encryption key is invalid; propose the committee anew with another"
            case .replaying: "replaying the logs"
            case .dealing: "waiting for the deals of \(names)"
            case .confirming: "waiting for the confirmations of \(names)"
            case .failed: "failed; leader \(names) is to propose another"
            case .hopeless: "failed, and too many members are guilty; propose the committee anew without them"
            case .certified: "certified; waiting for its registration"
            case .learning: "another attempt's key is registered; waiting for its deals"
            case .registered: "registered"
            }
        let blame = guilty.isEmpty ? "" : "; guilty: \(guilty.map(\.description).joined(separator: ", "))"
        return "key attempt \(attempt): \(state)\(blame)"
    }
}

extension KeyCeremonyMachine {
    /// How far the ceremony has come.
    package var status: CeremonyStatus {
        let certified = attempts.last { $0.certificate != nil && !isDead($0) }
        let known = registered.flatMap { transcript in
            attempts.first { $0.outcome?.transcript == transcript }
        }
        let newest = attempts.max { $0.plan.attempt < $1.plan.attempt }
        guard let attempt = known ?? certified ?? newest else { return status(0, .impossible) }
        let number = attempt.plan.attempt
        if registered != nil { return status(number, known == nil ? .learning : .registered) }
        if !isStarted { return status(number, .replaying) }
        if certified != nil { return status(number, .certified) }
        if hasFailed(attempt) {
            let isHopeless = committee.indices.count(where: isVoid) > committee.size - committee.quorum
            let leader = view.map { [committee.leader(of: $0)] } ?? []
            return isHopeless ? status(number, .hopeless) : status(number, .failed, leader)
        }
        if attempt.completed == nil { return status(number, .dealing, attempt.missingDealers) }
        return status(
            number,
            .confirming,
            committee.indices.filter { attempt.approvals[$0] == nil && !isGuilty($0) }
        )
    }

    private func status(
        _ attempt: UInt16,
        _ phase: CeremonyStatus.Phase,
        _ awaited: [MemberIndex] = []
    ) -> CeremonyStatus {
        CeremonyStatus(
            attempt: attempt,
            phase: phase,
            awaited: awaited,
            guilty: committee.indices.filter(isGuilty)
        )
    }
}
