package import Primitives

/// One change of what a node remembers.
package enum StoreWrite: Hashable, Sendable {
    /// Replaces a small state.
    case setState(StateName, VersionedBytes)
    /// Forgets a state; nothing happens when there is none.
    case removeState(StateName)
    /// Replaces a secret that the caller has sealed.
    case setSecret(StateName, VersionedBytes)
    /// Overwrites a secret and forgets it.
    case eraseSecret(StateName)
    /// Keeps a certificate; one that is there already stays as it is, and beyond
    /// ``StoredCertificate/keptPerKind`` the lowest are forgotten.
    case keepCertificate(StoredCertificate)
    /// Adds an entry to its author's log.
    ///
    /// Its sequence number is one above the last, from 1. An entry that is there already, with the same digest,
    /// changes nothing; anything else is the caller's error, ``StoreError/refused(_:)``.
    case appendToLog(StoredLogEntry)
    /// Begins a log at a later place: entries before it are not read any more, and may be swept.
    ///
    /// If the log does not reach there, nothing of it is left, and the entry of this place is the next to be appended.
    /// A start that is not beyond the one before changes only what shows it.
    case beginLog(StoredLogStart)
    /// Forgets at most so many entries that stand before the beginning of their author's log, the oldest first.
    case sweepLog(Identity, limit: Int)
    /// Keeps an entry whose place in the log another one has.
    case keepFork(StoredLogEntry)
    /// Keeps proof of an offence, once per ``StoredEvidence/id``.
    case keepEvidence(StoredEvidence)
    /// Puts or replaces a transaction.
    case putInOutbox(OutboxEntry)
    /// Forgets a transaction; nothing happens when there is none.
    case removeFromOutbox(Digest)
}

extension StoreWrite {
    /// Roughly how many bytes the write holds.
    package var size: Int {
        switch self {
        case .setState(let name, let value), .setSecret(let name, let value):
            name.rawValue.utf8.count + value.bytes.count
        case .removeState(let name), .eraseSecret(let name): name.rawValue.utf8.count
        case .keepCertificate(let certificate): certificate.value.bytes.count + 32
        case .appendToLog(let entry), .keepFork(let entry): entry.bytes.count + 96
        case .beginLog(let start): start.bytes.count + 96
        case .sweepLog(_, let limit): 32 + 64 * limit
        case .keepEvidence(let evidence): evidence.value.bytes.count + 96
        case .putInOutbox(let entry): entry.value.bytes.count + 32
        case .removeFromOutbox: 32
        }
    }
}

/// Bytes with the version of the schema by which they are read.
package struct VersionedBytes: Hashable, Sendable {
    /// The schema's version; a reader refuses those it does not know.
    package let version: UInt16
    /// The value's encoding.
    package let bytes: [UInt8]

    /// Joins the two.
    package init(version: UInt16, bytes: [UInt8]) {
        self.version = version
        self.bytes = bytes
    }
}

/// The name of a small state or a secret: words in lower case with dots between, such as `view.lock`.
package struct StateName: RawRepresentable, Hashable, Sendable, ExpressibleByStringLiteral,
    CustomStringConvertible
{
    package let rawValue: String

    package init(rawValue: String) {
        self.rawValue = rawValue
    }

    /// The name as written.
    package init(stringLiteral value: String) {
        rawValue = value
    }

    package var description: String { rawValue }
}

/// A state with its name.
package struct NamedState: Hashable, Sendable {
    /// What it is called.
    package let name: StateName
    /// What was set last.
    package let value: VersionedBytes

    /// Joins the two.
    package init(name: StateName, value: VersionedBytes) {
        self.name = name
        self.value = value
    }
}

/// A certificate by its place among its kind.
package struct StoredCertificate: Hashable, Sendable {
    /// What the certificate proves.
    package enum Kind: UInt8, CaseIterable, Sendable {
        /// That a quorum wished for the view.
        case view = 1
        /// That the committee elected the view's leader.
        case election = 2
    }

    /// How many certificates of one kind are kept: those of the highest epochs and views.
    package static let keptPerKind = 256

    /// What it proves.
    package let kind: Kind
    /// The epoch it holds in.
    package let epoch: Epoch
    /// The view it is about.
    package let view: View
    /// The certificate itself.
    package let value: VersionedBytes

    /// Joins the four.
    package init(kind: Kind, epoch: Epoch, view: View, value: VersionedBytes) {
        self.kind = kind
        self.epoch = epoch
        self.view = view
        self.value = value
    }
}

/// An entry of a member's log by its place there.
package struct StoredLogEntry: Hashable, Sendable {
    /// Who wrote it.
    package let author: Identity
    /// Its place in the author's log, from 1.
    package let sequence: UInt64
    /// The epoch it was written in.
    package let epoch: Epoch
    /// What the next entry names as its predecessor: the hash-tree-root of the signed object.
    package let digest: Digest
    /// The SSZ encoding of the signed object.
    package let bytes: [UInt8]

    /// Joins the five.
    package init(author: Identity, sequence: UInt64, epoch: Epoch, digest: Digest, bytes: [UInt8]) {
        self.author = author
        self.sequence = sequence
        self.epoch = epoch
        self.digest = digest
        self.bytes = bytes
    }
}

/// Where an author's log begins, when the entries before are not kept.
package struct StoredLogStart: Hashable, Sendable {
    /// Whose log it is.
    package let author: Identity
    /// The place of its first entry, from 2.
    package let first: UInt64
    /// The tree of the entries before that.
    package let tree: LogTree
    /// What shows the committee's word for it.
    package let bytes: [UInt8]

    /// Joins the four.
    ///
    /// - Precondition: The tree is that of all entries before the first.
    package init(author: Identity, first: UInt64, tree: LogTree, bytes: [UInt8]) {
        precondition(first > 1 && tree.size == first - 1, "a tree of other entries")
        self.author = author
        self.first = first
        self.tree = tree
        self.bytes = bytes
    }
}

/// A proof that a member broke a rule.
package struct StoredEvidence: Hashable, Sendable {
    /// Tells it from other evidence: the digest of what it proves, so that one offence is kept once.
    package let id: Digest
    /// The member it convicts.
    package let culprit: Identity
    /// The epoch of the offence.
    package let epoch: Epoch
    /// The proof.
    package let value: VersionedBytes

    /// Joins the four.
    package init(id: Digest, culprit: Identity, epoch: Epoch, value: VersionedBytes) {
        self.id = id
        self.culprit = culprit
        self.epoch = epoch
        self.value = value
    }
}

/// A transaction that must reach the chain, or be known not to, before it is forgotten.
package struct OutboxEntry: Hashable, Sendable {
    /// Tells it from the others.
    package let id: Digest
    /// The transaction and what is known of it.
    package let value: VersionedBytes

    /// Joins the two.
    package init(id: Digest, value: VersionedBytes) {
        self.id = id
        self.value = value
    }
}
