package import Ethereum
internal import Primitives

/// Keeps the chain layer's memory in the node's database.
package struct DurableChainStore: ChainStore {
    /// The schema's version of both kinds of values.
    private static let version: UInt16 = 1
    private static let cursorName: StateName = "chain.cursor"

    private let store: any Store
    private let durability: Durability

    /// Reads from a store, and writes to the same in the order of everything else.
    package init(store: any Store, durability: Durability) {
        self.store = store
        self.durability = durability
    }

    package func load() async throws -> ChainMemory {
        var memory = ChainMemory()
        if let value = try await store.state(Self.cursorName) {
            memory.cursor = try ChainCursor(decoding: try Self.bytes(value))
        }
        for entry in try await store.outbox() {
            memory.records.append(try OutboxRecord(decoding: try Self.bytes(entry.value)))
        }
        return memory
    }

    package func write(_ change: ChainWrite) async throws {
        let write: StoreWrite =
            switch change {
            case .put(let record):
                .putInOutbox(OutboxEntry(id: record.id, value: Self.versioned(record.encoded)))
            case .forget(let id): .removeFromOutbox(id)
            case .save(let cursor): .setState(Self.cursorName, Self.versioned(cursor.encoded))
            }
        try await durability.write([write])
    }

    private static func versioned(_ bytes: [UInt8]) -> VersionedBytes {
        VersionedBytes(version: version, bytes: bytes)
    }

    private static func bytes(_ value: VersionedBytes) throws -> [UInt8] {
        guard value.version == version else {
            throw ChainServiceError.unknownVersion(value.version)
        }
        return value.bytes
    }
}
