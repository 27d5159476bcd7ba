internal import BLS12381
internal import Cryptography
internal import FoundationEssentials
internal import Glibc
internal import KeyOperations
internal import Primitives
internal import SystemPackage

/// An operator's shares, and what it has promised in attempts, as files of the data directory.
///
/// ```
/// shares/key-<attempt>               the request, then the sealed secret to which shares are dealt
/// shares/word-<attempt>-<step>       the request, then what the operator has signed
/// shares/share-<attempt>-<position>  what everybody may know of a share, then the share sealed
/// ```
///
/// Each file is written whole or not at all, and never changed. The secrets are bound to what stands before them.
struct OperatorFiles: Sendable {
    private let folder: FilePath
    private let sealing: SealingKey
    /// What was there at the start.
    let records: OperatorRecords

    /// Reads what there is.
    ///
    /// - Throws: ``OperatorFileError`` for a file that cannot be read or is none of these.
    init(in directory: DataDirectory, sealing: SealingKey) throws {
        folder = directory.path.appending("shares")
        self.sealing = sealing
        if unsafe mkdir(folder.string, 0o700) != 0, errno != EEXIST {
            throw OperatorFileError(folder.string, "\(Errno(rawValue: errno))")
        }
        try AtomicFile.syncDirectory(directory.path)
        var records = OperatorRecords()
        for name in try FileManager.default.contentsOfDirectory(atPath: folder.string).sorted() {
            let path = folder.appending(name)
            if name.hasSuffix(".new") {
                // Was being written when the process ended; nothing was promised of it.
                unsafe unlink(path.string)
                continue
            }
            records.apply(try Self.read(path, name, sealing))
        }
        self.records = records
    }

    /// Does what the custodian wants done, durably.
    func perform(_ change: OperatorSafekeeping) throws {
        do {
            switch change {
            case .keepKey(let key):
                let header = key.request.array + key.attempt.array
                let sealed = try seal(key.key.secret.bytes, as: .attemptKey, header)
                try write(header + sealed, to: "key-\(key.attempt.hex)")
            case .keepWord(let word):
                try write(
                    word.request.array + word.signed.sszBytes,
                    to: "word-\(word.attempt.hex)-\(word.step)"
                )
            case .keepShare(let share):
                let header = Self.header(share.held)
                let sealed = try seal(share.secret.scalar.bytes, as: .validatorShare, header)
                try write(header + sealed, to: Self.name(share.held))
            case .forget(let attempt):
                for name in try FileManager.default.contentsOfDirectory(atPath: folder.string)
                where name == "key-\(attempt.hex)" || name.hasPrefix("word-\(attempt.hex)-") {
                    try erase(name)
                }
            case .erase(let held): try erase(Self.name(held))
            }
        } catch let error as OperatorFileError {
            throw error
        } catch {
            throw OperatorFileError(folder.string, "\(error)")
        }
    }

    // MARK: Forms

    private static func name(_ held: HeldShare) -> String { "share-\(held.attempt.hex)-\(held.position)" }

    private static func header(_ held: HeldShare) -> [UInt8] {
        var bytes = held.attempt.array + held.request.array
        held.position.encode(to: &bytes)
        return bytes + held.publicKey.array + held.transcript.array + held.publicShare.array
    }

    private static func read(
        _ path: FilePath,
        _ name: String,
        _ sealing: SealingKey
    ) throws -> OperatorSafekeeping {
        let bytes = try content(of: path)
        func part(_ from: Int, _ count: Int) throws -> ArraySlice<UInt8> {
            guard bytes.count >= from + count else { throw OperatorFileError(path.string, "it is cut short") }
            return bytes[from..<(from + count)]
        }
        func fixed<Tag, let count: Int>(_ from: Int) throws -> FixedBytes<Tag, count> {
            guard let value = FixedBytes<Tag, count>(try part(from, count)) else {
                throw OperatorFileError(path.string, "it is cut short")
            }
            return value
        }
        func open(_ kind: SecretKind, after header: Int) throws -> SecretBytes {
            try SealedSecret.open(
                Array(bytes.dropFirst(header)),
                as: kind,
                with: sealing,
                context: Array(bytes.prefix(header))
            )
        }
        do {
            if name.hasPrefix("key-") {
                let attempt: Digest = try fixed(32)
                guard let key = G1EncryptionKey(try open(.attemptKey, after: 64)),
                    name == "key-\(attempt.hex)"
                else {
                    throw OperatorFileError(path.string, "it holds another key than its name says")
                }
                return .keepKey(KeptKey(request: try fixed(0), attempt: attempt, key: key))
            }
            if name.hasPrefix("word-") {
                let word = KeptWord(
                    request: try fixed(0),
                    signed: try SignedOperatorMessage(ssz: Array(bytes.dropFirst(32)))
                )
                guard name == "word-\(word.attempt.hex)-\(word.step)" else {
                    throw OperatorFileError(path.string, "it holds another word than its name says")
                }
                return .keepWord(word)
            }
            guard name.hasPrefix("share-") else {
                throw OperatorFileError(path.string, "nothing of this name belongs here; move it away")
            }
            let held = HeldShare(
                attempt: try fixed(0),
                request: try fixed(32),
                position: UInt16(try part(64, 1)[64]) | UInt16(try part(65, 1)[65]) << 8,
                publicKey: try fixed(66),
                transcript: try fixed(114),
                publicShare: try fixed(146)
            )
            guard let secret = SecretFr(try open(.validatorShare, after: 194)).flatMap({ SecretKey($0) }),
                let share = StoredShare(held, secret), name == Self.name(held)
            else { throw OperatorFileError(path.string, "it holds another share than its name says") }
            return .keepShare(share)
        } catch let error as OperatorFileError {
            throw error
        } catch {
            throw OperatorFileError(path.string, "\(error)")
        }
    }

    // MARK: The disk

    /// A file's bytes, none of which is secret while it is sealed; the longest word has 33 KiB.
    private static func content(of path: FilePath) throws -> [UInt8] {
        let file = try FileDescriptor.open(path, .readOnly, options: [.closeOnExec, .noFollow])
        return try file.closeAfter {
            try SecretFile.check(try file.stat(), path)
            var bytes = [UInt8](repeating: 0, count: 65_537)
            var filled = 0
            while filled < bytes.count {
                let count = try unsafe bytes.withUnsafeMutableBytes { buffer in
                    try unsafe file.read(into: UnsafeMutableRawBufferPointer(rebasing: buffer[filled...]))
                }
                guard count > 0 else { return Array(bytes.prefix(filled)) }
                filled += count
            }
            throw OperatorFileError(path.string, "it is longer than any such file")
        }
    }

    private func seal(_ secret: SecretBytes, as kind: SecretKind, _ context: [UInt8]) throws -> [UInt8] {
        var random = SystemRandom()
        return try SealedSecret.seal(secret, as: kind, under: sealing, context: context, random: &random)
    }

    private func write(_ bytes: [UInt8], to name: String) throws {
        do {
            try AtomicFile.write(unsafe bytes.span.bytes, to: folder.appending(name), replacing: false)
        } catch Errno.fileExists {
            // A promise is never changed; the custodian says again what stands there.
        }
    }

    /// Overwrites a file before it is removed, as far as the file system lets that reach the disk.
    private func erase(_ name: String) throws {
        let path = folder.appending(name)
        do {
            let descriptor = try FileDescriptor.open(path, .writeOnly, options: [.closeOnExec, .noFollow])
            try descriptor.closeAfter {
                let size = try descriptor.stat().size
                try descriptor.writeAll(repeatElement(0, count: Int(size)))
                guard fsync(descriptor.rawValue) == 0 else { throw Errno(rawValue: errno) }
            }
            guard unsafe unlink(path.string) == 0 else { throw Errno(rawValue: errno) }
            try AtomicFile.syncDirectory(folder)
        } catch Errno.noSuchFileOrDirectory {
            // Erased before the process ended last time.
        }
    }
}

/// Why an operator's files cannot be used.
struct OperatorFileError: Error, CustomStringConvertible {
    let path: String
    let reason: String

    init(_ path: String, _ reason: String) {
        self.path = path
        self.reason = reason
    }

    var description: String { "\(path): \(reason)" }
}
