internal import Consensus
internal import Primitives

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
    /// What the author published; `nil` of any other entry.
    package var publication: PublishedText?
}

/// What a member has published, as it stands in its log.
package struct PublishedText: Codable, Hashable, Sendable {
    /// When, in milliseconds since 1970, by the author's clock.
    package var time: UInt64
    /// What it is about; in the author's own characters, which may be hostile to a terminal.
    package var title: String
    /// What is said, if it is UTF-8; in the author's own characters too.
    package var text: String?
    /// What is said in hexadecimal digits, if it is not.
    package var bytes: String?

    init(_ publication: Publication) {
        time = publication.time.rawValue
        title = String(decoding: publication.title.bytes, as: UTF8.self)
        text = String(validating: publication.content.bytes, as: UTF8.self)
        bytes = text == nil ? Hex.encode(publication.content.bytes) : nil
    }
}

/// A finding in words.
extension ProofFinding {
    /// Who has said what, where it stands and by what that is shown, line by line; then what this proves, and what not.
    func account(isCommitteeGiven: Bool) -> String {
        ([facts.map { name, value in name.padded(to: 12) + value }] + [publishedLines]
            + [["What it proves:"] + proven.map { "  - \($0)" }]
            + [["What it does not prove:"] + unproven(isCommitteeGiven).map { "  - \($0)" }])
            .filter { !$0.isEmpty }
            .map { $0.joined(separator: "\n") }
            .joined(separator: "\n\n")
    }

    private var facts: [(String, String)] {
        var facts = [
            ("said by", "member \(member) of the committee of epoch \(anchorEpoch)"),
            ("account", account),
            ("identity", identity),
            ("entry", "\(id), written in epoch \(epoch)"),
            ("what", "\(topic), \(size) bytes"),
        ]
        if let publication {
            facts.append(("title", publication.title.printable))
            facts.append(
                ("said at", "\(WallTime.utc(milliseconds: publication.time)), by its author's clock")
            )
        }
        facts += [
            ("digest", digest),
            ("attested in", "list \(number) of epoch \(anchorEpoch), with \(logSize) entries of this log"),
            ("list's root", root),
            ("signed by", "group key \(groupKey), which takes \(quorum) of the \(committeeSize) members"),
            ("look up", "event ProofAnchored of number \(number) at the registry \(registry)"),
        ]
        if let block {
            facts.append(("said to be", "in block \(block), transaction \(transaction ?? "unknown")"))
        }
        return facts
    }

    /// What was published, with a margin that nothing in it can leave.
    private var publishedLines: [String] {
        guard let publication else { return [] }
        guard let text = publication.text else {
            return ["  | not text, but these bytes: 0x\(publication.bytes ?? "")"]
        }
        return text.printableLines.map { "  | \($0)" }
    }

    private var proven: [String] {
        [
            "Member \(member) has said this: the entry bears the signature of its identity.",
            """
            It stood at this place of its log when the committee attested to the log: the group key signed the list.
            """,
            """
            If the registry shows anchor \(number) with this root, nobody has made it up or changed it since the block \
            that has the anchor.
            """,
        ]
    }

    private func unproven(_ isCommitteeGiven: Bool) -> [String] {
        [
            "That what it says is true\(publication == nil ? "" : ", or was said when it says").",
            "That the chain has the anchor: the event must bear this root. This command asks no network.",
            isCommitteeGiven
                ? "That the given record is the committee's: the members and the key are those of the given record."
                : """
                That this is the committee, and its key: that is only the file's word. Compare the key with \
                the registry's CommitteeRotated event of epoch \(anchorEpoch), or give the committee's record with --committee.
                """,
        ]
    }
}

extension WallTime {
    /// As in `2026-11-23 03:12:45 UTC`; of what no calendar has, the number.
    static func utc(milliseconds: UInt64) -> String {
        guard milliseconds < 253_402_300_800_000 else { return "\(milliseconds) ms after 1970" }
        let text = WallTime(microseconds: Int64(milliseconds) * 1_000).utc
        return text.prefix(19).replacing("T", with: " ") + " UTC"
    }
}

extension String {
    /// The text with spaces behind it, up to a width.
    fileprivate func padded(to width: Int) -> String {
        self + String(repeating: " ", count: max(1, width - count))
    }
}
