package import Primitives

/// A place at which one member's log can be begun, without the entries before it.
///
/// The answer to a ``Pull`` of entries that its sender has no more, because they are of epochs that are over. It rests on
/// the committee's word alone: the group key has signed ``list``, whose tree of the log has ``entry`` at its place, and
/// ``path`` says what the tree of the entries before that is. That these are of past epochs, and nothing of the present
/// one is passed over, shows in the entry itself: it is of a past epoch, and epochs do not go back within a log.
package struct LogStart: SSZContainer {
    /// Whose log it is, by its position in the committee that has signed.
    package var author: MemberIndex
    /// What the logs came to, as this epoch's committee attests it.
    package var list: AttestedLogs
    /// The group's signature over the list's ``ProofAnchor``.
    package var signature: GroupSignature
    /// The entry with which the log begins, the second or a later one.
    package var entry: SignedObject
    /// The roots of the subtrees on the way from the entry to the root that the list names.
    package var path: SSZList<Digest, 64>

    /// Joins the parts; ``tree`` says whether they fit, ``isSound(in:)`` whether a log may begin so.
    package init(
        author: MemberIndex,
        list: AttestedLogs,
        signature: GroupSignature,
        entry: SignedObject,
        path: SSZList<Digest, 64>
    ) {
        self.author = author
        self.list = list
        self.signature = signature
        self.entry = entry
        self.path = path
    }

    package static let fields = [
        SSZField("author", MemberIndex.self),
        SSZField("list", AttestedLogs.self),
        SSZField("signature", GroupSignature.self),
        SSZField("entry", SignedObject.self),
        SSZField("path", SSZList<Digest, 64>.self),
    ]

    package func visit(_ visitor: inout SSZFieldVisitor) {
        visitor.field(author)
        visitor.field(list)
        visitor.field(signature)
        visitor.field(entry)
        visitor.field(path)
    }

    package init(fields reader: inout SSZFieldReader) throws(SSZError) {
        author = try reader.field()
        list = try reader.field()
        signature = try reader.field()
        entry = try reader.field()
        path = try reader.field()
    }
}

extension LogStart {
    /// The place of ``entry``, the first that is kept.
    package var first: UInt64 { entry.object.order.sequence }

    /// What the list says of the log.
    package var checkpoint: Checkpoint? { list[author] }

    /// What the log comes to with ``entry`` as its last; `nil` when the proof does not hold.
    package var tree: LogTree? {
        guard var tree = treeBefore else { return nil }
        tree.append(LogTree.leaf(entry.hashTreeRoot()))
        return tree
    }

    /// What the log comes to without ``entry``; `nil` when the proof does not hold.
    package var treeBefore: LogTree? {
        guard let checkpoint, first > 0 else { return nil }
        return InclusionProof(index: first - 1, size: checkpoint.size, path: path)
            .before(LogTree.leaf(entry.hashTreeRoot()), in: checkpoint.root)
    }

    /// Whether a log may begin so in the committee's epoch, provided that author and group have signed.
    package func isSound(in committee: Committee) -> Bool {
        let object = entry.object
        guard
            list.isSound(for: committee), first > 1, object.epoch < committee.epoch,
            object.kind == .logEntry, object.order.incarnation == 0,
            (try? LogEntry(ssz: object.payload.bytes)) != nil
        else { return false }
        return tree != nil
    }
}

/// Checks what the group key of an epoch has signed.
package protocol AttestationVerifier: Sendable {
    /// What is to be thought of the signature under the list.
    func judge(_ signature: GroupSignature, of list: AttestedLogs) -> AttestationVerdict
}

/// What is to be thought of a group's signature.
package enum AttestationVerdict: Hashable, Sendable {
    /// It is that of the key in force.
    case valid
    /// It is that of another key that the committee has made in this epoch, and nobody's offence.
    case otherKey
    /// No key that is known has signed.
    case invalid
}
