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
            text = "VALID for \(registry): " + finding.sentences(isCommitteeGiven: record != nil)
        } catch {
            finding = nil
            reason = error.reason
            text = "NOT VALID for \(registry): \(error.reason)."
        }
    }
}

/// What a bundle that holds proves, for people and programs.
package struct ProofFinding: Codable, Hashable, Sendable {
    /// `AUTHOR:SEQUENCE`, as `oracle proof list` names the entry.
    package var id: String
    /// The author's position in the committee that attests.
    package var member: Int
    /// The author's account.
    package var account: String
    /// The author's identity, whose signature the entry bears.
    package var identity: String
    /// The epoch in which the entry was written.
    package var epoch: UInt64
    /// Its place in its author's log, from 1.
    package var sequence: UInt64
    /// What it is: the name of a ``LogTopic``, or the number of one that this version does not know.
    package var topic: String
    /// The size of what it says, in bytes.
    package var size: Int
    /// The entry's hash-tree-root, which its log names it by.
    package var digest: String
    /// How many entries the log had when it was attested.
    package var logSize: UInt64
    /// The anchor's epoch.
    package var anchorEpoch: UInt64
    /// The anchor's number, which the chain has to show.
    package var number: UInt64
    /// The anchor's root, which the chain has to show.
    package var root: String
    /// The group key that signed it.
    package var groupKey: String
    /// How many members' shares such a signature takes.
    package var quorum: Int
    /// How many members the committee has.
    package var committeeSize: Int
    /// The registry that has to show it.
    package var registry: String
    /// The block it is said to be in.
    package var block: UInt64?
    /// The transaction that is said to have brought it.
    package var transaction: String?

    /// What is proven, by whom, what it rests on, and what remains to be looked at.
    func sentences(isCommitteeGiven: Bool) -> String {
        let source =
            isCommitteeGiven
            ? "The committee and its key are those of the given record."
            : """
            That this is the committee and its key is only the file's word: compare the key with the registry's, or give the \
            committee's record with --committee.
            """
        let place =
            block.map { " The file says it is in block \($0), transaction \(transaction ?? "unknown")." }
            ?? ""
        return """
            member \(member) of the committee of epoch \(anchorEpoch), account \(account), identity \(identity), wrote entry \
            \(sequence) of its log in epoch \(epoch): \(topic), \(size) bytes, digest \(digest). Its own signature proves \
            that. The entry is one of the \(logSize) that the log had when the committee attested to it: the group key \
            \(groupKey) signed anchor \(number) with root \(root), which takes \(quorum) of the \(committeeSize) members. \
            \(source) Compare with the chain: the ProofAnchored event of number \(number) at \(registry) must bear this \
            root; then nobody can have made this up, or changed it, since that block.\(place)
            """
    }
}
