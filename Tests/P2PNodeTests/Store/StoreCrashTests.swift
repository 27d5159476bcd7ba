import Foundation
import Glibc
import Primitives
import SystemPackage
import Testing

@testable import P2PNode

/// What is left of a node's memory after its process was ended by force.
///
/// Each child process is this test's own code, run again by the testing library.
@Suite struct StoreCrashTests {
    private static let author = Identity([UInt8](repeating: 0xc1, count: 32))!

    @Test func `loses nothing acknowledged when killed at any moment`() async throws {
        let directory = try TemporaryDirectory()
        let path = directory.path.string
        for round in 1...8 {
            let delay = Int.random(in: 500...40_000)
            // Half of them in the midst of opening, half of writing.
            let opens = !round.isMultiple(of: 2)
            await #expect(processExitsWith: .signal(SIGKILL)) {
                [path = path as String, delay = delay as Int, opens = opens as Bool] in
                try await Child.writeUntilKilled(path: path, microseconds: delay, opens: opens)
            }
            let acknowledged = try Child.newest(.entries, in: path)
            let store = try SQLiteStore(in: directory.data)
            let incarnation = try await store.beginIncarnation()
            #expect(try incarnation > Child.newest(.incarnations, in: path), "round \(round): used twice")
            try Child.note(incarnation, .incarnations, in: path)
            let kept = try await store.logHeads().first?.sequence ?? 0
            #expect(kept >= acknowledged, "round \(round): \(acknowledged) acknowledged, \(kept) kept")
            let entries = try await store.logEntries(of: Self.author, from: 1, limit: .max, byteLimit: .max)
            #expect(entries.map(\.sequence) == (0..<kept).map { $0 + 1 })
            // The state is written together with the entry, so neither is ever there without the other.
            let state = try await store.state("newest")
            #expect(state.map { Child.number($0.bytes) } ?? 0 == kept)
            #expect(opens || kept > 0)
            try store.close()
        }
    }

    @Test func `opens after any end of its very first start`() async throws {
        for _ in 1...6 {
            let directory = try TemporaryDirectory()
            let path = directory.path.string
            let delay = Int.random(in: 0...20_000)
            await #expect(processExitsWith: .signal(SIGKILL)) {
                [path = path as String, delay = delay as Int] in
                try await Child.writeUntilKilled(path: path, microseconds: delay, opens: true)
            }
            let noted = try Child.newest(.incarnations, in: path)
            let store = try SQLiteStore(in: directory.data)
            #expect(try await store.beginIncarnation() > noted)
            try store.close()
        }
    }

    @Test func `names the file when the system refuses to write, and keeps what it had`() async throws {
        let directory = try TemporaryDirectory()
        let path = directory.path.string
        await #expect(processExitsWith: .success) { [path = path as String] in
            try await Child.writeUntilFileLimit(path: path)
        }
        let acknowledged = try Child.newest(.entries, in: path)
        #expect(acknowledged > 0)
        let store = try SQLiteStore(in: directory.data)
        #expect(try await store.logHeads().first?.sequence == acknowledged)
        try store.close()
    }

    @Test func `gives the lock back when its holder is killed`() async throws {
        let directory = try TemporaryDirectory()
        let path = directory.path.string
        await #expect(processExitsWith: .signal(SIGKILL)) { [path = path as String] in
            let lock = try DirectoryLock(DataDirectory(opening: FilePath(path)))
            kill(getpid(), SIGKILL)
            withExtendedLifetime(lock) {}
        }
        _ = try DirectoryLock(directory.data)
    }

    /// What runs in the child process.
    private enum Child {
        static func writeUntilKilled(path: String, microseconds: Int, opens: Bool) async throws {
            if opens { killSelf(microseconds) }
            let store = try SQLiteStore(in: DataDirectory(opening: FilePath(path)))
            try await note(store.beginIncarnation(), .incarnations, in: path)
            let durability = Durability(store: store) { _ in exit(9) }
            await withTaskGroup { group in
                group.addTask { await durability.run() }
                group.addTask {
                    try? await append(to: store, through: durability, path: path) {
                        if !opens { killSelf(microseconds) }
                    }
                }
            }
        }

        private static func killSelf(_ microseconds: Int) {
            DispatchQueue.global().asyncAfter(deadline: .now() + .microseconds(microseconds)) {
                kill(getpid(), SIGKILL)
            }
        }

        static func writeUntilFileLimit(path: String) async throws {
            signal(SIGXFSZ, SIG_IGN)
            let directory = try DataDirectory(opening: FilePath(path))
            let store = try SQLiteStore(in: directory)
            var limit = rlimit(rlim_cur: 200_000, rlim_max: 200_000)
            precondition(unsafe setrlimit(__rlimit_resource_t(RLIMIT_FSIZE.rawValue), &limit) == 0)
            do {
                for sequence in 1...10_000 as ClosedRange<UInt64> {
                    try await store.commit(writes(sequence))
                    try note(sequence, .entries, in: path)
                }
                exit(2)
            } catch let error as StoreError {
                guard case .io(directory.database.string, _) = error else { exit(3) }
                let kept = try await store.state("newest").map { number($0.bytes) }
                exit(kept == (try newest(.entries, in: path)) ? 0 : 4)
            }
        }

        /// Several submissions in flight, each acknowledged in a file as soon as it is durable.
        private static func append(
            to store: SQLiteStore,
            through durability: Durability,
            path: String,
            afterFirst: () -> Void
        ) async throws {
            var isFirst = true
            var sequence = try await store.logHeads().first?.sequence ?? 0
            while true {
                for _ in 0..<7 {
                    sequence += 1
                    let written = sequence
                    durability.submit(writes(written)) { failure in
                        if failure == nil { try? note(written, .entries, in: path) }
                    }
                }
                sequence += 1
                try await durability.write(writes(sequence))
                try note(sequence, .entries, in: path)
                if isFirst { afterFirst() }
                isFirst = false
            }
        }

        private static func writes(_ sequence: UInt64) -> [StoreWrite] {
            var digest = Digest()
            digest[0] = UInt8(truncatingIfNeeded: sequence)
            let bytes = (0..<8).map { UInt8(truncatingIfNeeded: sequence >> (8 * $0)) }
            return [
                .appendToLog(
                    StoredLogEntry(
                        author: author,
                        sequence: sequence,
                        epoch: Epoch(1),
                        digest: digest,
                        bytes: [UInt8](repeating: bytes[0], count: 700)
                    )
                ),
                .setState("newest", VersionedBytes(version: 1, bytes: bytes)),
            ]
        }

        static func number(_ bytes: [UInt8]) -> UInt64 {
            bytes.enumerated().reduce(0) { $0 | UInt64($1.element) << UInt64(8 * $1.offset) }
        }

        /// What a child tells, in a file that survives it.
        enum Notes: String { case entries, incarnations }

        static func note(_ number: UInt64, _ notes: Notes, in path: String) throws {
            let file = try FileDescriptor.open(
                FilePath(path).appending(notes.rawValue),
                .writeOnly,
                options: [.create, .append],
                permissions: .ownerReadWrite
            )
            try file.closeAfter { _ = try file.writeAll("\(number)\n".utf8) }
        }

        static func newest(_ notes: Notes, in path: String) throws -> UInt64 {
            let file = FilePath(path).appending(notes.rawValue)
            guard FileManager.default.fileExists(atPath: file.string) else { return 0 }
            return String(decoding: try contents(of: file), as: UTF8.self)
                .split(separator: "\n").compactMap { UInt64($0) }.max() ?? 0
        }
    }
}
