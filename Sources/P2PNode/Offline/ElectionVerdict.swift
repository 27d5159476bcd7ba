package import Consensus
internal import Cryptography
internal import Ethereum
internal import Primitives

/// Whether a committee stands behind what a claim says, and what that is, in words.
package struct ElectionVerdict: Hashable, Sendable {
    /// The claim's epoch.
    package let epoch: UInt64
    /// The claim's view.
    package let view: UInt64
    /// The leader's position; `nil` where an account that is no member's is claimed.
    package let leader: Int?
    /// The leader's account.
    package let account: String?
    /// Why the claim does not hold; `nil` when it does.
    package let reason: String?

    /// Whether the claim holds.
    package var isValid: Bool { reason == nil }

    /// The verdict in sentences.
    package let text: String

    /// Judges a claim by a committee's record, without a network.
    package init(on claim: ElectionClaim, by record: CommitteeRecord) {
        let members = Array(record.roster.members)
        switch claim {
        case .certificate(let certificate):
            epoch = certificate.epoch.rawValue
            view = certificate.view.rawValue
            leader = Int(certificate.leader.rawValue)
            account =
                members.indices.contains(certificate.leader.offset)
                ? members[certificate.leader.offset].account.checksummed : nil
            reason = Self.fault(of: certificate, by: record)
        case .log(let election, let contract):
            let statement = election.statement
            epoch = statement.epoch.rawValue
            view = statement.view.rawValue
            leader = members.firstIndex { $0.account == statement.leader }.map { $0 + 1 }
            account = statement.leader.checksummed
            reason = Self.fault(of: election, leader: leader, contract: contract, by: record)
        }
        let registry =
            "the registry \(record.deployment.registry.checksummed) on chain \(record.deployment.chainId)"
        if let reason {
            text = "NOT VALID for \(registry): \(reason)."
        } else {
            let size = members.count
            let quorum = size - (size - 1) / 3
            text = """
                VALID for \(registry): the committee of epoch \(epoch) has elected member \(leader ?? 0), account \
                \(account ?? ""), leader of view \(view). Its group key \(record.groupKey) signed this, which takes \
                \(quorum) of its \(size) members.
                """
        }
    }

    private static func fault(of certificate: ElectionCertificate, by record: CommitteeRecord) -> String? {
        do throws(CommitteeRecordError) {
            try record.verify(certificate)
            return nil
        } catch {
            return "\(error)"
        }
    }

    private static func fault(
        of election: LeaderElected,
        leader: Int?,
        contract: Address,
        by record: CommitteeRecord
    ) -> String? {
        guard contract == record.deployment.registry else {
            return "the log is one of the contract \(contract.checksummed)"
        }
        guard let leader else { return "account \(election.statement.leader.checksummed) is no member's" }
        let certificate = ElectionCertificate(
            epoch: election.statement.epoch,
            view: election.statement.view,
            leader: MemberIndex(leader),
            signature: election.signature.compressed
        )
        if let fault = fault(of: certificate, by: record) { return fault }
        // The compressed form keeps of R's second coordinate only its parity.
        return RegistrySignature(election.signature.compressed) == election.signature
            ? nil : "the log's signature is not one that the contract takes"
    }
}
