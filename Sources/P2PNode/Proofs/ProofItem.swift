internal import Consensus
internal import Primitives

/// An entry of a log that a node holds: one line of `oracle proof list`.
package struct ProofItem: Codable, Hashable, Sendable {
    /// `AUTHOR:SEQUENCE`: the author's position in the committee, and the place in its log.
    package var id: String
    /// The epoch in which it was written.
    package var epoch: UInt64
    /// What it is.
    package var topic: String
    /// The size of what it says, in bytes.
    package var size: Int
    /// The title of what its author publishes, fit for a terminal; `nil` of any other entry.
    package var title: String?
    /// When that was said by its author's clock, in milliseconds since 1970.
    package var time: UInt64?
    /// The newest anchor that covers it; `nil` while none does.
    package var anchor: UInt64?

    /// The author's position.
    var author: UInt16 { Self.parts(of: id)?.author ?? 0 }

    init(_ author: MemberIndex, _ object: SignedObject, anchor: UInt64?) {
        let entry = try? Primitives.LogEntry(ssz: object.object.payload.bytes)
        id = "\(author):\(object.object.order.sequence)"
        epoch = object.object.epoch.rawValue
        topic = entry?.topicName ?? "unreadable"
        size = entry?.body.bytes.count ?? object.object.payload.bytes.count
        self.anchor = anchor
        guard let publication = entry?.publication else { return }
        title = String(printable: publication.title.bytes)
        time = publication.time.rawValue
        size = publication.content.bytes.count
    }

    /// The author and the sequence that an id names; `nil` when it is none.
    package static func parts(of id: String) -> (author: UInt16, sequence: UInt64)? {
        let parts = id.split(separator: ":", omittingEmptySubsequences: false)
        guard parts.count == 2, let author = UInt16(parts[0]), let sequence = UInt64(parts[1]),
            author > 0, sequence > 0, id == "\(author):\(sequence)"
        else { return nil }
        return (author, sequence)
    }
}
