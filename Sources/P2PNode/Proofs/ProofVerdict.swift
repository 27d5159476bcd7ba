package import Consensus
internal import Cryptography
internal import Ethereum
internal import Primitives

/// Whether a bundle proves that a member has said something, and what that is and rests on, in words.
package struct ProofVerdict: Hashable, Sendable {
    /// Who has said what, and which anchor shows it; `nil` when nothing is proven.
    package let finding: ProofFinding?
    /// Why nothing is proven; `nil` when something is.
    package let reason: String?
    /// Whether the bundle's committee was compared with a record that the reader trusts.
    package let isCommitteeGiven: Bool
    /// The verdict in sentences.
    package let text: String

    /// Whether the bundle proves what it is about.
    package var isValid: Bool { finding != nil }

    /// Judges a bundle without a network, by its own committee, which has to be that of the record if one is given.
    package init(on bundle: ProofBundle, by record: CommitteeRecord?) {
        isCommitteeGiven = record != nil
        let deployment = bundle.committee.deployment
        let registry = "the registry \(deployment.registry.checksummed) on chain \(deployment.chainId)"
        do throws(ProofRefusal) {
            let finding = try ProofJudge(bundle: bundle, record: record).finding()
            self.finding = finding
            reason = nil
            text = "VALID for \(registry)\n\n" + finding.account(isCommitteeGiven: record != nil)
        } catch {
            finding = nil
            reason = error.reason
            text = "NOT VALID for \(registry): \(error.reason)."
        }
    }
}
