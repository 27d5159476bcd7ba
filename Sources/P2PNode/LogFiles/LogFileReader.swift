internal import Consensus
internal import Gossip
internal import Primitives
package import SystemPackage

/// Reads a file of logs piece by piece, and believes nothing of it but its form.
package struct LogFileReader: ~Copyable {
    private let file: FileDescriptor
    private var hash = SHA256()
    private var buffer: [UInt8] = []
    private var place = 0
    private var committees = 0
    private var entries: UInt64 = 0
    private var isFirst = true
    private var isInLog = false
    private var isOver = false

    /// A file that is open for reading, at its beginning.
    package init(_ file: FileDescriptor) throws {
        self.file = file
        let magic: [UInt8]
        do {
            magic = try take(LogFile.magic.count)
        } catch LogFileError.cutShort {
            throw LogFileError.foreign
        }
        guard magic == LogFile.magic else { throw LogFileError.foreign }
        hash.update(magic)
    }

    /// The next piece; `nil` after the end.
    package mutating func next() throws -> LogFile.Piece? {
        guard !isOver else { return nil }
        let head = try take(5)
        let length = head[1...].enumerated().reduce(0) { $0 | Int($1.element) << (8 * $1.offset) }
        guard let kind = LogFile.Kind(rawValue: head[0]) else {
            throw LogFileError.malformed("a block of kind \(head[0])")
        }
        guard length <= LogFile.blockLimit else { throw LogFileError.malformed("a block of \(length) bytes") }
        let body = try take(length)
        guard isFirst == (kind == .deployment) else {
            throw LogFileError.malformed("a \(kind) out of its place")
        }
        isFirst = false
        if kind == .end { return try end(body) }
        hash.update(head)
        hash.update(body)
        do throws(SSZError) {
            return try piece(kind, body)
        } catch {
            throw LogFileError.malformed("a \(kind): \(error)")
        }
    }

    private mutating func piece(_ kind: LogFile.Kind, _ body: [UInt8]) throws(SSZError) -> LogFile.Piece {
        switch kind {
        case .deployment: return .deployment(try Deployment(ssz: body))
        case .committee:
            committees += 1
            guard !isInLog, committees <= LogFile.committeeLimit else { throw .value(of: "committees") }
            return .committee(try CommitteeRecord(ssz: body))
        case .log:
            isInLog = true
            return .log(try Identity(ssz: body))
        case .range:
            guard isInLog else { throw .value(of: "a range before its log") }
            let range = try LogRange(ssz: body)
            entries += UInt64(range.entries.count)
            return .entries(range.entries.elements)
        case .end: return .end(entries)
        }
    }

    private mutating func end(_ body: [UInt8]) throws -> LogFile.Piece {
        guard body.count == 40 else { throw LogFileError.malformed("an end of \(body.count) bytes") }
        var whole = SHA256()
        swap(&whole, &hash)
        guard body == entries.sszBytes + whole.finalize().array else { throw LogFileError.changed }
        isOver = true
        guard try fill(1) == false else { throw LogFileError.malformed("something after its end") }
        return .end(entries)
    }

    private mutating func take(_ count: Int) throws -> [UInt8] {
        guard try fill(count) else { throw LogFileError.cutShort }
        defer { place += count }
        return Array(buffer[place..<place + count])
    }

    /// Reads until so many bytes are there; answers whether they are.
    private mutating func fill(_ count: Int) throws -> Bool {
        if buffer.count - place >= count { return true }
        buffer.removeFirst(place)
        place = 0
        var chunk = [UInt8](repeating: 0, count: 1 << 17)
        while buffer.count < count {
            let read = try unsafe chunk.withUnsafeMutableBytes { try unsafe file.read(into: $0) }
            if read == 0 { return false }
            buffer += chunk[..<read]
        }
        return true
    }
}
