internal import Consensus
internal import Gossip
internal import Primitives
internal import SystemPackage

/// Writes a file of logs block by block.
struct LogFileWriter: ~Copyable {
    private let file: FileDescriptor
    private var hash = SHA256()
    private var buffer: [UInt8] = []
    private var entries: UInt64 = 0

    /// A file of a deployment, open for writing and empty.
    init(_ file: FileDescriptor, of deployment: Deployment, _ committees: [CommitteeRecord]) throws {
        self.file = file
        buffer = LogFile.magic
        try write(.deployment, deployment.sszBytes)
        for record in committees.prefix(LogFile.committeeLimit) { try write(.committee, record.sszBytes) }
    }

    /// Begins a log.
    mutating func begin(_ author: Identity) throws {
        try write(.log, author.array)
    }

    /// Writes the next entries of the log that was begun.
    mutating func write(_ new: [SignedObject]) throws {
        var rest = new[...]
        while !rest.isEmpty {
            let range = LogRange(fitting: Array(rest.prefix(64)))
            guard !range.entries.isEmpty else { throw LogFileError.malformed("an entry is longer than any") }
            try write(.range, range.sszBytes)
            rest = rest.dropFirst(range.entries.count)
            entries += UInt64(range.entries.count)
        }
    }

    /// Writes the end, and all that is held back.
    mutating func finish() throws {
        try flush()
        var whole = SHA256()
        swap(&whole, &hash)
        try write(.end, entries.sszBytes + whole.finalize().array)
        try flush()
    }

    private mutating func write(_ kind: LogFile.Kind, _ body: [UInt8]) throws {
        buffer.append(kind.rawValue)
        buffer += UInt32(body.count).sszBytes
        buffer += body
        if buffer.count >= 1 << 18 { try flush() }
    }

    private mutating func flush() throws {
        hash.update(buffer)
        try file.writeAll(buffer)
        buffer.removeAll(keepingCapacity: true)
    }
}
