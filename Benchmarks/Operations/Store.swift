import Benchmark
import Foundation
import P2PNode
import Primitives
import SystemPackage

/// A database in a directory of its own, and how far a log in it reaches.
private actor Shelf {
    private static let path = NSTemporaryDirectory() + "oracle-benchmark-store"

    private let store: SQLiteStore
    private let author = Identity()
    private var written: UInt64 = 0

    init() throws {
        try? FileManager.default.removeItem(atPath: Self.path)
        store = try SQLiteStore(in: DataDirectory(creating: FilePath(Self.path)))
    }

    static func remove() throws {
        try FileManager.default.removeItem(atPath: path)
    }

    /// Replaces a small state, as a vote does before it leaves the node.
    func vote() async throws {
        written += 1
        let bytes = [UInt8](repeating: UInt8(truncatingIfNeeded: written), count: 200)
        try await store.commit([.setState("benchmark", VersionedBytes(version: 1, bytes: bytes))])
    }

    /// Appends entries of 1 KiB in one transaction.
    func append(_ count: UInt64) async throws {
        let writes = (1...count).map { offset in
            let digest = SHA256.hash([UInt8(truncatingIfNeeded: written + offset)])
            let bytes = [UInt8](repeating: 7, count: 1_024)
            let entry = StoredLogEntry(
                author: author,
                sequence: written + offset,
                epoch: Epoch(1),
                digest: digest,
                bytes: bytes
            )
            return StoreWrite.appendToLog(entry)
        }
        written += count
        try await store.commit(writes)
    }

    /// Reads as many entries as answer a pull.
    func read() async throws {
        let entries = try await store.logEntries(of: author, from: 1, limit: 64, byteLimit: 131_072)
        guard entries.count == 64 else { throw Wrong() }
    }
}

/// How long it takes until something is on disk, and back from there.
func store() {
    let rows: [(name: String, body: (Shelf) async throws -> Void)] = [
        ("a vote, durable", { try await $0.vote() }),
        ("an entry of 1 KiB, durable", { try await $0.append(1) }),
        ("64 entries of 1 KiB, durable", { try await $0.append(64) }),
        ("read 64 entries of 1 KiB", { try await $0.read() }),
    ]
    for row in rows {
        Benchmark("store: " + row.name, configuration: configuration(.one)) { benchmark, shelf in
            for _ in benchmark.scaledIterations { try await row.body(shelf) }
        } setup: {
            let shelf = try Shelf()
            try await shelf.append(64)
            return shelf
        } teardown: {
            try Shelf.remove()
        }
    }
}
