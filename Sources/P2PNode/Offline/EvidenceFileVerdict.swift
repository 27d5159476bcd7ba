package import Consensus
internal import Cryptography
internal import Primitives

extension EvidenceFile {
    /// Reads a file.
    ///
    /// Whether it convicts anybody is for ``EvidenceFileVerdict``.
    package init(file bytes: [UInt8]) throws(OfflineError) {
        guard bytes.count <= Self.sizeLimit else { throw .tooLong(limit: Self.sizeLimit) }
        do throws(SSZError) {
            try self.init(ssz: bytes)
            _ = try evidence()
        } catch {
            throw .evidence("\(error)")
        }
    }
}

/// Whether a file of evidence convicts a member, and of what, in words.
package struct EvidenceFileVerdict: Hashable, Sendable {
    /// Who is convicted of what; `nil` when nobody is.
    package let finding: EvidenceFinding?
    /// Why nobody is convicted; `nil` when somebody is.
    package let reason: String?
    /// Whether the file's committee was compared with a record that the reader trusts.
    package let isCommitteeGiven: Bool
    /// The verdict in sentences.
    package let text: String

    /// Whether the file convicts a member of the committee that it is to be judged by.
    package var isValid: Bool { finding != nil }

    /// Judges a file without a network, by its own committee, which has to be that of the record if one is given.
    package init(on file: EvidenceFile, by record: CommitteeRecord?) {
        let verdict = Self.judge(file, by: record)
        isCommitteeGiven = record != nil
        let registry = Self.name(file.deployment)
        switch verdict {
        case .success(let finding):
            self.finding = finding
            reason = nil
            let source =
                record == nil
                ? """
                That this is the committee is only the file's word: compare the identity with the registry's, or give \
                the committee's record with --committee.
                """ : "The committee is that of the given record."
            text = """
                VALID for \(registry): member \(finding.member) of the committee of epoch \(finding.epoch), account \
                \(finding.account), identity \(finding.identity), \(finding.deed) (\(finding.crime)). Its own signatures \
                prove it, and nobody else's word is needed: a member that keeps to the protocol never does this, whatever \
                others do and whenever it stops. \(source)
                """
        case .failure(let refusal):
            finding = nil
            reason = refusal.reason
            text = "NOT VALID for \(registry): \(refusal.reason)."
        }
    }

    private struct Refusal: Error {
        let reason: String
    }

    private static func judge(
        _ file: EvidenceFile,
        by record: CommitteeRecord?
    ) -> Result<EvidenceFinding, Refusal> {
        if let record, let difference = difference(of: file, from: record) {
            return .failure(Refusal(reason: difference))
        }
        do {
            let conviction = try file.conviction()
            let (evidence, committee) = (try file.evidence(), try Committee(file.roster))
            guard let finding = EvidenceFinding(conviction, evidence, in: committee) else {
                return .failure(Refusal(reason: "the committee has no member \(conviction.member)"))
            }
            return .success(finding)
        } catch {
            return .failure(Refusal(reason: "\(error)"))
        }
    }

    private static func difference(of file: EvidenceFile, from record: CommitteeRecord) -> String? {
        guard file.deployment == record.deployment else {
            return "the given record is of \(name(record.deployment)) or another genesis or version"
        }
        guard file.roster.epoch == record.roster.epoch else {
            return
                "it is about the committee of epoch \(file.roster.epoch), the given record of \(record.roster.epoch)"
        }
        return file.roster == record.roster ? nil : "its committee has other members than the given record"
    }

    private static func name(_ deployment: Deployment) -> String {
        "the registry \(deployment.registry.checksummed) on chain \(deployment.chainId)"
    }
}
