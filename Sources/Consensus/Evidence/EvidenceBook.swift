package import Primitives

/// The convictions of one epoch, each with one proof.
///
/// Bounded: for each member and crime the first proof that convinced is kept; proofs that cannot be decided yet wait,
/// at most ``waitingLimit`` of them, the oldest giving way.
package struct EvidenceBook: Sendable {
    /// The most undecided proofs that are kept.
    package static let waitingLimit = 32

    /// What became of a proof that was handed in.
    package enum Outcome: Hashable, Sendable {
        /// It convicts a member of a crime not known before.
        case convicted(Conviction)
        /// The member stands convicted of that crime already.
        case known(Conviction)
        /// It proves nothing.
        case unfounded
        /// It waits for the group key that it is about.
        case waiting
    }

    private let judge: EvidenceJudge
    private var proofs: [Conviction: Evidence] = [:]
    /// In whose logs a proof of each conviction stands.
    private var logs: [Conviction: Set<MemberIndex>] = [:]
    private var waiting: [Evidence] = []
    private var keys: [Digest: any SigningKey] = [:]

    /// An empty book.
    package init(judge: EvidenceJudge) {
        self.judge = judge
    }

    /// All convictions, by member and crime.
    package var convictions: [Conviction] {
        proofs.keys.sorted { ($0.member, $0.crime) < ($1.member, $1.crime) }
    }

    /// The proof of a conviction.
    package func proof(of conviction: Conviction) -> Evidence? {
        proofs[conviction]
    }

    /// Whether a member stands convicted of anything.
    package func isConvicted(_ member: MemberIndex) -> Bool {
        proofs.keys.contains { $0.member == member }
    }

    /// The disputes that convict one member and rest on another's log too.
    ///
    /// When that log forks, some have read the entry that the dispute needs and the rest never will.
    package func disputes(restingOn member: MemberIndex) -> [Evidence] {
        convictions.compactMap { conviction in
            guard conviction.member != member, let proof = proofs[conviction], proof.parties.contains(member)
            else { return nil }
            return proof
        }
    }

    /// Whether a dispute rests on a log that is forked.
    package func isHidden(_ evidence: Evidence) -> Bool {
        evidence.parties.contains { member in
            proofs.keys.contains { $0.member == member && $0.crime == .forkedLog }
        }
    }

    /// Notes that a proof of the conviction stands in a member's log.
    package mutating func note(_ conviction: Conviction, inLogOf author: MemberIndex) {
        logs[conviction, default: []].insert(author)
    }

    /// The proofs that were told in logs that are forked now, and in no other: the rest may never read them there.
    package var untold: [Evidence] {
        let forked = Set(proofs.keys.filter { $0.crime == .forkedLog }.map(\.member))
        return convictions.compactMap { conviction in
            guard let authors = logs[conviction], authors.isSubset(of: forked),
                let proof = proofs[conviction],
                !proof.isInLogs
            else { return nil }
            return proof
        }
    }

    /// Hands in a proof.
    package mutating func add(_ evidence: Evidence) -> Outcome {
        switch judge.judge(evidence, key: { keys[$0] }) {
        case .guilty(let conviction):
            guard proofs[conviction] == nil else { return .known(conviction) }
            proofs[conviction] = evidence
            return .convicted(conviction)
        case .unfounded:
            return .unfounded
        case .undecided:
            if !waiting.contains(evidence) {
                waiting = Array((waiting + [evidence]).suffix(Self.waitingLimit))
            }
            return .waiting
        }
    }

    /// Makes a group key known, and decides the proofs that have waited for it.
    ///
    /// - Returns: The new convictions.
    package mutating func learn(_ key: any SigningKey, transcript: Digest) -> [Conviction] {
        keys[transcript] = key
        let undecided = waiting
        waiting = []
        return undecided.compactMap { evidence in
            guard case .convicted(let conviction) = add(evidence) else { return nil }
            return conviction
        }
    }
}
