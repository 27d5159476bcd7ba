/// What a peer did on a link of operations that no honest program does; each ends the link.
package enum OperationOffence: Hashable, Sendable {
    /// A message that is not the encoding of its type, or says nothing.
    case malformed(MessageType)
    /// A message that does not belong on such a link, or not now.
    case misplaced(MessageType)
    /// An item that was not wanted, or bytes that are not those of any that was.
    case notWanted
    /// An item of another length than its name says.
    case wrongLength
    /// More items of one operation than one end may have.
    case tooManyItems
    /// Two names for one digest.
    case twoNames
    /// An item that is not what its name says.
    case falseItem
    /// More messages than the pace allows.
    case flood
}

extension OperationOffence: CustomStringConvertible {
    package var description: String {
        switch self {
        case .malformed(let type): "malformed \(type) message"
        case .misplaced(let type): "\(type) message out of place"
        case .notWanted: "an item that was not wanted"
        case .wrongLength: "an item of another length than its name says"
        case .tooManyItems: "more items of one operation than the protocol allows"
        case .twoNames: "two names for one item"
        case .falseItem: "an item that is not what its name says"
        case .flood: "more messages than the protocol's pace allows"
        }
    }
}

/// What is counted of operations, and nobody's offence.
package enum OperationMetric: Hashable, Sendable, CaseIterable {
    /// A name of an operation that is not under way here, or not with this peer.
    case unknownOperation
    /// A wish for something that is not held for this peer, or above what is sent at a time.
    case unheldWant
    /// An item that came after its operation was over, or after another link had brought it.
    case lateItem
    /// An item was not brought in time.
    case lostWant
    /// An item was sent.
    case served
    /// A message over a link that has ended.
    case endedLink
}

/// Why an item of one's own is not offered.
package enum OperationRefusal: Hashable, Sendable, CaseIterable {
    /// Its operation is not under way.
    case notOpen
    /// Its operation has as many items as it may have.
    case tooMany
    /// There is no room for its bytes.
    case noRoom
}
