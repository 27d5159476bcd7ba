import Consensus
import Cryptography
import Primitives

/// Watches a ceremony and notes every breach of what must hold.
struct CeremonyAudit {
    let cast: Cast
    let verifier: any CeremonyVerifier
    let honest: Set<MemberIndex>
    private(set) var breaches: [String] = []
    private(set) var convicted: [MemberIndex: Set<Crime>] = [:]
    private var deals: [[UInt8]: Deal] = [:]
    private var confirms: [[UInt8]: Digest] = [:]

    init(cast: Cast, verifier: any CeremonyVerifier, honest: Set<MemberIndex>) {
        self.cast = cast
        self.verifier = verifier
        self.honest = honest
    }

    private var judge: EvidenceJudge {
        EvidenceJudge(
            committee: cast.committee,
            deployment: cast.deployment,
            authenticator: cast.authenticator,
            ceremony: verifier
        )
    }

    /// An honest machine appends to its log.
    mutating func logs(_ topic: LogTopic, _ body: [UInt8], _ member: MemberIndex) {
        guard honest.contains(member) else { return }
        switch topic {
        case .deal:
            let deal = try! Deal(ssz: body)
            let place = member.sszBytes + deal.session.array
            if let other = deals.updateValue(deal, forKey: place), other != deal {
                breaches.append("\(member) deals twice")
            }
        case .confirm:
            let confirm = try! Confirm(ssz: body)
            let place = member.sszBytes + confirm.session.array
            if let other = confirms.updateValue(confirm.transcript, forKey: place),
                other != confirm.transcript
            {
                breaches.append("\(member) confirms twice")
            }
        case .complaint, .absent, .proposal, .keyProof, .dealCopy, .attestedLogs, .proofAnchor, .evidence,
            .termReport, .publication, .operationOrder, .carriedMessage, .signedReport:
            return
        }
    }

    mutating func convicts(_ evidence: Evidence, by member: MemberIndex) -> Conviction? {
        switch judge.judge(evidence, key: { _ in nil }) {
        case .guilty(let conviction):
            convicted[conviction.member, default: []].insert(conviction.crime)
            if honest.contains(conviction.member) {
                breaches.append("honest \(conviction.member) is framed for \(conviction.crime)")
            }
            let record = EvidenceRecord(evidence)
            if (try? record?.evidence()) != evidence { breaches.append("evidence that no entry holds") }
            return conviction
        case .unfounded, .undecided:
            breaches.append("\(member) holds up a proof that does not convince")
            return nil
        }
    }

    mutating func blames(_ culprit: MemberIndex, _ offence: CeremonyOffence, by member: MemberIndex) {
        if honest.contains(member), honest.contains(culprit) {
            breaches.append("\(member) blames honest \(culprit) for \(offence)")
        }
    }

    mutating func certifies(_ certificate: KeyCertificate, _ record: GroupKeyRecord, by member: MemberIndex) {
        let digest = verifier.digest(of: record.statement)
        let valid = certificate.approvals.filter { approval in
            verifier.isValid(approval.signature, of: digest, by: cast.committee[approval.member]!.account)
        }
        let members = certificate.approvals.map(\.member)
        if valid.count < cast.committee.quorum || members != Set(members).sorted()
            || valid.count != members.count
        {
            breaches.append("\(member) holds a certificate that the contract would refuse")
        }
        if certificate.transcript != record.statement.transcript
            || certificate.groupKey != record.statement.groupKey
        {
            breaches.append("\(member) certifies another key than it names")
        }
    }

    mutating func note(_ breach: String) {
        breaches.append(breach)
    }
}
