import Cryptography
package import Primitives

/// What this node has promised by signing: the one small record that must never be lost or restored from a copy.
///
/// For elections the newest vote is enough, because no vote is given for a view below it. For group keys there is
/// one vote for each transcript, which itself commits to the key.
package struct VoteLock: SSZContainer {
    /// The epoch in whose committee the votes were given.
    package private(set) var epoch: Epoch
    /// The view of the newest election vote; 0 with a zero digest: none yet.
    package private(set) var view: View
    /// The statement voted for in that view.
    package private(set) var statement: Digest
    /// The statements voted for about group keys.
    package private(set) var keys: SSZList<KeyVote, 128>

    /// No vote yet in an epoch.
    package init(epoch: Epoch) {
        self.epoch = epoch
        view = View(0)
        statement = Digest()
        keys = SSZList()
    }

    /// Whether this very vote has been given, or is none that binds.
    package func holds(_ endorsement: Endorsement) -> Bool {
        let digest = endorsement.statement.digest
        switch endorsement.subject {
        case .election(let view):
            return self.view == view && statement == digest
        case .groupKey(let transcript):
            return keys.contains(KeyVote(transcript: transcript, statement: digest))
        case .proofAnchor, .operation:
            return true
        }
    }

    /// Whether the vote may be given: it has been given, or no other stands in its way.
    package func permits(_ endorsement: Endorsement) -> Bool {
        if holds(endorsement) { return true }
        switch endorsement.subject {
        case .election(let view):
            return statement.isZero ? view >= self.view : view > self.view
        case .groupKey(let transcript):
            return keys.count < 128 && !keys.contains { $0.transcript == transcript }
        case .proofAnchor, .operation:
            return true
        }
    }

    /// Adds a vote that ``permits(_:)`` allows; others are not added.
    package mutating func give(_ endorsement: Endorsement) {
        guard permits(endorsement), !holds(endorsement) else { return }
        let digest = endorsement.statement.digest
        switch endorsement.subject {
        case .election(let view):
            self.view = view
            statement = digest
        case .groupKey(let transcript):
            let vote = KeyVote(transcript: transcript, statement: digest)
            keys = SSZList(keys.elements + [vote]) ?? keys
        case .proofAnchor, .operation:
            break
        }
    }

    package static let fields = [
        SSZField("epoch", Epoch.self),
        SSZField("view", View.self),
        SSZField("statement", Digest.self),
        SSZField("keys", SSZList<KeyVote, 128>.self),
    ]

    package func visit(_ visitor: inout SSZFieldVisitor) {
        visitor.field(epoch)
        visitor.field(view)
        visitor.field(statement)
        visitor.field(keys)
    }

    package init(fields reader: inout SSZFieldReader) throws(SSZError) {
        epoch = try reader.field()
        view = try reader.field()
        statement = try reader.field()
        keys = try reader.field()
    }
}

/// A vote for one group key.
package struct KeyVote: SSZContainer {
    /// The transcript of the ceremony that made the key.
    package var transcript: Digest
    /// The statement voted for.
    package var statement: Digest

    /// Joins the two.
    package init(transcript: Digest, statement: Digest) {
        self.transcript = transcript
        self.statement = statement
    }

    package static let fields = [
        SSZField("transcript", Digest.self),
        SSZField("statement", Digest.self),
    ]

    package func visit(_ visitor: inout SSZFieldVisitor) {
        visitor.field(transcript)
        visitor.field(statement)
    }

    package init(fields reader: inout SSZFieldReader) throws(SSZError) {
        transcript = try reader.field()
        statement = try reader.field()
    }
}
