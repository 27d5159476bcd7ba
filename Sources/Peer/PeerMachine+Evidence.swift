package import Consensus
import Cryptography
import Gossip
import Primitives

/// Proofs of misbehaviour, and log entries that are nobody else's business.
extension PeerMachine {
    /// Takes an entry of the topics that the ceremony leaves.
    mutating func take(_ entry: LogEntry, by author: MemberIndex) {
        do throws(SSZError) {
            switch LogTopic(rawValue: entry.topic) {
            case .keyProof: prove(try KeyProof(ssz: entry.body.bytes))
            case .evidence:
                let evidence = try EvidenceRecord(ssz: entry.body.bytes).evidence()
                steps.append(.evidence(evidence, .log(author)))
            case .termReport: _ = try TermReport(ssz: entry.body.bytes)
            case .publication: _ = try Publication(ssz: entry.body.bytes)
            case .operationOrder: _ = try OrderedPlan(ssz: entry.body.bytes)
            case .carriedMessage: _ = try SignedOperatorMessage(ssz: entry.body.bytes)
            case .deal, .confirm, .complaint, .absent, .proposal, .dealCopy, .attestedLogs, .proofAnchor,
                .signedReport, nil:
                break
            }
        } catch {
            out.append(.penalize(author, .gossip(.malformedPayload(.logEntry))))
        }
    }

    /// Judges a proof; one that proves nothing is the offence of who has put it into its log.
    mutating func weigh(_ evidence: Evidence, _ source: EvidenceSource) {
        let outcome = epoch?.evidence.add(evidence)
        switch outcome {
        case .convicted(let conviction), .known(let conviction):
            if case .log(let author) = source { epoch?.evidence.note(conviction, inLogOf: author) }
        case .unfounded, .waiting, nil: break
        }
        switch outcome {
        case .convicted(let conviction): act(on: conviction, source)
        case .unfounded:
            if case .log(let author) = source { out.append(.penalize(author, .unfoundedEvidence)) }
        case .known, .waiting, nil: break
        }
    }

    /// Acts on a conviction that was not known before: keeps it, tells it, and trusts the member no more.
    mutating func act(on conviction: Conviction, _ source: EvidenceSource) {
        guard let proof = epoch?.evidence.proof(of: conviction) else { return }
        out.append(.notice(.convicted(conviction)))
        if source != .known { out.append(.persist(.evidence(conviction, proof), .none)) }
        steps.append(.view(.misbehaviourProven(conviction.member)))
        steps.append(.ceremony(.convicted(conviction)))
        if conviction.crime == .forkedLog { steps.append(.attestation(.convicted(conviction.member))) }
        for proof in proofs(toPublishOf: conviction, proof, source) {
            guard let record = EvidenceRecord(proof) else { continue }
            steps.append(.gossip(.entryComposed(.evidence, body: record.sszBytes)))
        }
        guard let epoch, let view = epoch.current, epoch.committee.leader(of: view) == conviction.member
        else { return }
        guard let endorsement = electionEndorsement(of: view) else { return }
        steps.append(.signer(.retracted(endorsement.statement.digest)))
        steps.append(.coordination(.retracted(endorsement.statement.digest)))
    }

    /// What others may not find by themselves.
    private func proofs(
        toPublishOf conviction: Conviction,
        _ proof: Evidence,
        _ source: EvidenceSource
    ) -> [Evidence] {
        guard let book = epoch?.evidence, source != .known else { return [] }
        var found: [Evidence] = []
        if source == .own, !proof.isInLogs || book.isHidden(proof) { found.append(proof) }
        if conviction.crime == .forkedLog {
            found += book.disputes(restingOn: conviction.member) + book.untold
        } else if case .log = source, book.untold.contains(proof) {
            found.append(proof)
        }
        return found
    }
}

/// What the member can show to others.
extension PeerMachine {
    /// The proofs that convict members, by member and crime: one for each conviction.
    package var convictingProofs: [(conviction: Conviction, proof: Evidence)] {
        guard let book = epoch?.evidence else { return [] }
        return book.convictions.compactMap { conviction in
            book.proof(of: conviction).map { (conviction, $0) }
        }
    }

    /// A proof of the epoch with all that anybody needs to judge it; `nil` before the first epoch.
    package func file(of evidence: Evidence) -> EvidenceFile? {
        guard let epoch else { return nil }
        var transcript: KeyTranscript?
        if case .badShare(let proof) = evidence { transcript = epoch.ceremony.transcript(proof.request.key) }
        return EvidenceFile(
            evidence,
            roster: epoch.committee.roster,
            deployment: setting.deployment,
            transcript: transcript
        )
    }
}

/// How a proof came to this node.
enum EvidenceSource: Hashable, Sendable {
    /// This node has found it, and is to tell the others.
    case own
    /// It stands in a member's log, where all find it.
    case log(MemberIndex)
    /// It was kept from earlier, when the others were told.
    case known
}
