/// What the logs of a committee come to at one time, as the group key attests it.
///
/// Its hash-tree-root is what the chain keeps. So who has the list and an ``InclusionProof`` can show an entry to anybody
/// who knows that root, and a log that was anchored cannot be made shorter or other without contradicting it.
package struct AttestedLogs: SSZContainer {
    /// The committee that attests.
    package var epoch: Epoch
    /// The place among all such lists, from 1 without gaps, over all epochs.
    package var number: UInt64
    /// The hash-tree-root of the list before it; zero for the first.
    package var previous: Digest
    /// What each log comes to, in rising order of author; a log without entries is left out.
    package var logs: SSZList<Checkpoint, 128>

    /// Joins the parts; ``isSound(for:)`` says whether they make a list.
    package init(epoch: Epoch, number: UInt64, previous: Digest, logs: SSZList<Checkpoint, 128>) {
        self.epoch = epoch
        self.number = number
        self.previous = previous
        self.logs = logs
    }

    /// Whether the list is one that a committee could attest, whatever its logs really hold.
    package func isSound(for committee: Committee) -> Bool {
        guard epoch == committee.epoch, number > 0, (number == 1) == previous.isZero, !logs.isEmpty
        else { return false }
        let areSound = logs.allSatisfy { log in
            log.epoch == epoch && log.size > 0 && committee.contains(log.author)
        }
        return areSound && zip(logs, logs.dropFirst()).allSatisfy { $0.author < $1.author }
    }

    /// What it says of one member's log; `nil` when it says nothing.
    package subscript(author: MemberIndex) -> Checkpoint? {
        logs.first { $0.author == author }
    }

    package static let fields = [
        SSZField("epoch", Epoch.self),
        SSZField("number", UInt64.self),
        SSZField("previous", Digest.self),
        SSZField("logs", SSZList<Checkpoint, 128>.self),
    ]

    package func visit(_ visitor: inout SSZFieldVisitor) {
        visitor.field(epoch)
        visitor.field(number)
        visitor.field(previous)
        visitor.field(logs)
    }

    package init(fields reader: inout SSZFieldReader) throws(SSZError) {
        epoch = try reader.field()
        number = try reader.field()
        previous = try reader.field()
        logs = try reader.field()
    }
}
