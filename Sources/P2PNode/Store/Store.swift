package import Primitives

/// What a node remembers across crashes.
///
/// A write is atomic and durable when ``commit(_:)`` returns: no loss of the process or of power undoes it.
/// Values are bytes of the callers' making; the store knows their names, order and bounds, not their meaning.
/// Every implementation passes one suite of tests, `StoreConformance`.
package protocol Store: Sendable {
    /// Counts this start of the node and answers the new count, from 1.
    ///
    /// Durable on return, so no two runs of a node use the same number, however the first one ended.
    func beginIncarnation() async throws(StoreError) -> UInt64

    /// Makes all the writes, in their order, or none.
    func commit(_ writes: [StoreWrite]) async throws(StoreError)

    /// The newest value set for a name, or `nil` when there is none.
    func state(_ name: StateName) async throws(StoreError) -> VersionedBytes?

    /// All states whose names begin with a text, ordered by name.
    func states(startingWith prefix: String) async throws(StoreError) -> [NamedState]

    /// A sealed secret, or `nil` when there is none.
    func secret(_ name: StateName) async throws(StoreError) -> VersionedBytes?

    /// The certificate for the highest epoch and view.
    func newestCertificate(_ kind: StoredCertificate.Kind) async throws(StoreError) -> StoredCertificate?

    /// The certificates of an epoch for views at or above one, lowest first, at most `limit`.
    func certificates(
        _ kind: StoredCertificate.Kind,
        epoch: Epoch,
        from view: View,
        limit: Int
    ) async throws(StoreError) -> [StoredCertificate]

    /// The last entry of each log, ordered by author. Takes time proportional to all entries.
    func logHeads() async throws(StoreError) -> [LogHead]

    /// Where logs begin whose earlier entries are not kept, ordered by author.
    func logStarts() async throws(StoreError) -> [StoredLogStart]

    /// A log whose entries before its beginning are not all swept yet; `nil` when there is none.
    func unsweptLog() async throws(StoreError) -> Identity?

    /// The digests of at most `limit` entries of one log from a sequence number on, with which no entry is read.
    func logDigests(
        of author: Identity,
        from sequence: UInt64,
        limit: Int
    ) async throws(StoreError) -> [Digest]

    /// Entries of one log from a sequence number on; none of those before its beginning.
    ///
    /// Consecutive, at most `limit`, and after the first only while their bytes sum up to at most `byteLimit`.
    func logEntries(
        of author: Identity,
        from sequence: UInt64,
        limit: Int,
        byteLimit: Int
    ) async throws(StoreError) -> [StoredLogEntry]

    /// The entries of an epoch in the order in which they were stored, after a cursor, at most `limit`.
    ///
    /// The cursor of the first page is `0`; that of the next is ``LogPage/cursor`` of the one before, and an empty
    /// page is the end.
    func logPage(epoch: Epoch, after cursor: Int64, limit: Int) async throws(StoreError) -> LogPage

    /// The entries kept beside an author's log because another one has their place there.
    func forks(of author: Identity) async throws(StoreError) -> [StoredLogEntry]

    /// All evidence, in the order in which it was stored.
    func evidence() async throws(StoreError) -> [StoredEvidence]

    /// The transactions not yet done with, in the order in which they were first put.
    func outbox() async throws(StoreError) -> [OutboxEntry]
}

/// The last entry of an author's log.
package struct LogHead: Hashable, Sendable {
    /// Whose log it is.
    package let author: Identity
    /// The last entry's sequence number, which is also the number of entries.
    package let sequence: UInt64
    /// The last entry's digest.
    package let digest: Digest
    /// The epoch of the last entry.
    package let epoch: Epoch
    /// The tree of all entries, whose leaves are made of their digests.
    package let tree: LogTree

    /// Joins the five.
    package init(author: Identity, sequence: UInt64, digest: Digest, epoch: Epoch, tree: LogTree) {
        self.author = author
        self.sequence = sequence
        self.digest = digest
        self.epoch = epoch
        self.tree = tree
    }
}

/// Some entries in the order in which they were stored.
package struct LogPage: Hashable, Sendable {
    /// The entries.
    package let entries: [StoredLogEntry]
    /// Where the next page begins.
    package let cursor: Int64

    /// Joins the two.
    package init(entries: [StoredLogEntry], cursor: Int64) {
        self.entries = entries
        self.cursor = cursor
    }
}
