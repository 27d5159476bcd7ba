package import Consensus
internal import Cryptography
package import KeyOperations
internal import Primitives

/// Whether a transcript of an operation proves anything, and what that is and rests on, in words.
package struct TranscriptVerdict: Hashable, Sendable {
    /// What is proven; `nil` when nothing is.
    package let story: TranscriptStory?
    /// Why nothing is proven; `nil` when something is.
    package let reason: String?
    /// Whether reports were held against a record that the reader trusts.
    package let isCommitteeGiven: Bool
    /// The verdict in sentences.
    package let text: String

    /// Whether the transcript proves what it is about.
    package var isValid: Bool { story != nil }

    /// Does the whole ceremony's public part again, without a network; the record's key checks the reports of its epoch.
    package init(on transcript: OperationTranscript, by record: CommitteeRecord?) {
        isCommitteeGiven = record != nil
        let contract =
            "the contract \(transcript.operations.checksummed) on chain \(transcript.deployment.chainId)"
        do throws(TranscriptRefusal) {
            let keys = try Self.keys(of: record, in: transcript)
            let finding: TranscriptFinding
            do throws(TranscriptFault) {
                finding = try transcript.verify(with: Ed25519Verifier(), groupKeys: keys)
            } catch { throw TranscriptRefusal(reason: "\(error)") }
            let story = TranscriptStory(finding, in: transcript)
            self.story = story
            reason = nil
            text = "VALID for \(contract)\n\n" + story.account
        } catch {
            story = nil
            reason = error.reason
            text = "NOT VALID for \(contract): \(error.reason)."
        }
    }

    private static func keys(
        of record: CommitteeRecord?,
        in transcript: OperationTranscript
    ) throws(TranscriptRefusal) -> [Epoch: GroupPublicKey] {
        guard let record else { return [:] }
        guard record.deployment == transcript.deployment else {
            throw TranscriptRefusal(
                reason: "the committee's record is of another deployment than the transcript"
            )
        }
        guard let key = try? GroupPublicKey(record.groupKey) else {
            throw TranscriptRefusal(reason: "the committee's record has no group key that can be used")
        }
        return [record.roster.epoch: key]
    }
}

/// Why a verdict is that nothing is proven.
private struct TranscriptRefusal: Error {
    let reason: String
}

/// A story in words.
extension TranscriptStory {
    /// What was made and by whom, line by line; then what this proves, and what not.
    var account: String {
        let parts = [
            facts.map { $0 + String(repeating: " ", count: max(1, 14 - $0.count)) + $1 },
            ["What it proves:"] + proven.map { "  - \($0)" },
            ["What it does not prove:"] + unproven.map { "  - \($0)" },
        ]
        return parts.map { $0.joined(separator: "\n") }.joined(separator: "\n\n")
    }

    private func list(_ numbers: [UInt64]) -> String { numbers.map { "\($0)" }.joined(separator: ", ") }

    private var facts: [(String, String)] {
        var facts = [
            ("what", complete ? "\(kind), complete" : "\(kind), FAILED"),
            ("request", request),
            ("attempt", "\(attempt), by plan \(plan)"),
            ("operators", "\(list(operators)), of whom \(threshold) sign as the validator"),
            ("beacon chain", network.printable),
        ]
        if let transcript { facts.append(("digest", transcript)) }
        for key in keys {
            facts.append((kind == "keygen" ? "key \(key.place)" : "key", key.publicKey))
            if let root = key.depositDataRoot { facts.append(("  deposit", "root \(root)")) }
        }
        if let exit {
            facts.append(("validator", "\(exit.publicKey), index \(exit.validatorIndex)"))
            facts.append(("exit", "from epoch \(exit.epoch) on, signature \(exit.signature)"))
        }
        for one in guilty { facts.append(("GUILTY", "operator \(one.operator) \(one.fault)")) }
        if !absent.isEmpty { facts.append(("not heard", "operators \(list(absent))")) }
        if !excluded.isEmpty {
            facts.append(("left out", "operators \(list(excluded)), after attempts before"))
        }
        for report in reports {
            let what =
                report.reason == 0
                ? (kind == "keygen" ? "key \(report.place)" : "the result")
                : "failure \(report.reason), blamed on operators \(list(report.blamed))"
            let how = report.proven ? "signed by the group" : "signature NOT CHECKED"
            facts.append(("reported", "\(what), by the committee of epoch \(report.epoch): \(how)"))
        }
        return facts
    }

    private var proven: [String] {
        var proven = ["Every message is signed by the identity that the plan has for its operator."]
        if !complete {
            proven.append(
                "What is said of the guilty follows from what they have signed; there is no other reading."
            )
        } else if exit != nil {
            proven.append(
                "The signature is the validator's over this exit, on the beacon chain that the plan names."
            )
        } else {
            proven += [
                "Every deal is right, and the keys and the public keys of all shares are what the deals come to.",
                "Every operator has signed with its share of each key, so that it holds it.",
            ]
            if kind == "keygen" {
                proven.append("The deposits and the ownership are signed by the keys.")
            } else {
                proven.append("The key is the one that was shared before.")
            }
        }
        if reports.contains(where: { $0.proven }) {
            proven.append(
                "The group key of the given record has signed the reports marked so, over this digest and result."
            )
        }
        return proven
    }

    private var unproven: [String] {
        var unproven = [
            """
            That the contract was asked for this, and that the operators have these identities there: look for request \
            \(request).
            """
        ]
        if reports.isEmpty {
            unproven.append("That the committee has reported it: no report is in the file.")
        } else if reports.contains(where: { !$0.proven }) {
            unproven.append(
                "That the committee has signed the other reports: give its record of their epoch with --committee."
            )
        }
        if complete, exit == nil {
            unproven.append(
                "That the shares encrypted for SSV are the right ones: only each operator can open its own."
            )
        }
        return unproven
    }
}
