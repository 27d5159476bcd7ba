import Cryptography
package import Primitives

/// Decides proofs for the committee of one epoch.
///
/// Every check is on the accused's own signed words; nothing rests on who shows the proof, or when.
package struct EvidenceJudge: Sendable {
    let committee: Committee
    let statements: StatementDomain
    let ceremony: any CeremonyVerifier
    private let domains: SigningDomains
    private let authenticator: any IdentityVerifier

    /// A judge for a committee in a deployment.
    package init(
        committee: Committee,
        deployment: Deployment,
        authenticator: any IdentityVerifier,
        ceremony: any CeremonyVerifier
    ) {
        self.committee = committee
        self.ceremony = ceremony
        self.authenticator = authenticator
        domains = SigningDomains(deployment)
        statements = StatementDomain(deployment)
    }

    /// Decides a proof; `key` finds the group key with a transcript, where it is known.
    package func judge(_ evidence: Evidence, key: (Digest) -> (any SigningKey)?) -> EvidenceVerdict {
        switch evidence {
        case .twoObjects(let proof): judge(proof)
        case .brokenLog(let proof): judge(proof)
        case .twoVotes(let proof): judge(proof)
        case .badShare(let proof): judge(proof, key: key)
        case .badDeal(let proof): judge(proof)
        case .dispute(let proof): judge(proof)
        case .twoDeals(let proof): judge(deals: proof)
        case .twoConfirms(let proof): judge(confirms: proof)
        }
    }

    func guilty(_ member: MemberIndex, of crime: Crime) -> EvidenceVerdict {
        .guilty(Conviction(epoch: committee.epoch, member: member, crime: crime))
    }
}

// MARK: - Whose words they are

extension EvidenceJudge {
    /// Whether the objects are of this epoch; a judge of another committee may know their authors.
    func isMine(_ objects: SignedObject...) -> Bool {
        objects.allSatisfy { $0.object.epoch == committee.epoch }
    }

    func isAuthentic(_ signed: SignedObject) -> Bool {
        guard let member = committee[signed.object.author] else { return false }
        return authenticator.isValid(signed, in: domains, by: member.identity)
    }

    func isAuthentic(_ signed: SignedSummary) -> Bool {
        guard let member = committee[signed.summary.author] else { return false }
        return authenticator.isValid(signed, in: domains, by: member.identity)
    }

    /// The share in a share object.
    func share(in signed: SignedObject) -> SignShare? {
        guard signed.object.kind == .signShare else { return nil }
        return try? SignShare(ssz: signed.object.payload.bytes)
    }

    /// The body of a log entry about a topic.
    func body(of signed: SignedObject, about topic: LogTopic) -> [UInt8]? {
        guard
            signed.object.kind == .logEntry,
            let entry = try? LogEntry(ssz: signed.object.payload.bytes), entry.topic == topic.rawValue
        else { return nil }
        return entry.body.bytes
    }
}

// MARK: - Objects and shares

extension EvidenceJudge {
    private func judge(_ proof: TwoObjects) -> EvidenceVerdict {
        guard proof.contradicts, let crime = proof.crime else { return .unfounded }
        guard proof.first.summary.epoch == committee.epoch else { return .undecided }
        guard isAuthentic(proof.first), isAuthentic(proof.second) else { return .unfounded }
        return guilty(proof.first.summary.author, of: crime)
    }

    private func judge(_ proof: BrokenLog) -> EvidenceVerdict {
        guard proof.contradicts else { return .unfounded }
        guard proof.entry.summary.epoch == committee.epoch else { return .undecided }
        guard isAuthentic(proof.entry), isAuthentic(proof.successor) else { return .unfounded }
        return guilty(proof.entry.summary.author, of: .forkedLog)
    }

    private func judge(_ proof: TwoVotes) -> EvidenceVerdict {
        guard isMine(proof.first, proof.second) else { return .undecided }
        let author = proof.first.object.author
        guard
            author == proof.second.object.author, proof.firstLeader != proof.secondLeader,
            let first = share(in: proof.first), let second = share(in: proof.second),
            first.statement == election(of: proof.firstLeader, in: proof.view),
            second.statement == election(of: proof.secondLeader, in: proof.view),
            isAuthentic(proof.first), isAuthentic(proof.second)
        else { return .unfounded }
        return guilty(author, of: .twoVotes)
    }

    private func election(of leader: Address, in view: View) -> Digest {
        statements.digest(of: ElectionStatement(epoch: committee.epoch, view: view, leader: leader)).digest
    }

    private func judge(_ proof: BadShare, key: (Digest) -> (any SigningKey)?) -> EvidenceVerdict {
        guard isMine(proof.share) else { return .undecided }
        let author = proof.share.object.author
        let statement = StatementDigest(domainSeparator: statements.separator, structHash: proof.structHash)
        guard
            let share = share(in: proof.share), share.request == proof.request.hashTreeRoot(),
            proof.request.isWellFormed(threshold: committee.quorum, size: committee.size),
            proof.request.statement == statement.digest,
            proof.request.commitment(of: author) != nil,
            isAuthentic(proof.share)
        else { return .unfounded }
        guard let key = key(proof.request.key) else { return .undecided }
        // A list with a commitment that is no point makes no round, and no honest signer answers it; but as
        // nothing can be computed from it, it proves nothing.
        guard
            let round = key.round(of: proof.request.signers.elements, over: statement),
            !round.isValid(share.share, of: author)
        else { return .unfounded }
        return guilty(author, of: .badShare)
    }
}
