import Dispatch
import Foundation
import P2PNode
import Primitives
import SystemPackage

private let author = Identity()

/// A database with some of everything, closed, as a file.
private let sound: [UInt8] = {
    let directory = workplace.appending("sound")
    do {
        let store = try SQLiteStore(in: DataDirectory(creating: directory))
        wait {
            _ = try await store.beginIncarnation()
            try await store.commit(everything)
        }
        try store.close()
        return Array(
            FileManager.default.contents(atPath: directory.appending("oracle.sqlite").string) ?? Data()
        )
    } catch {
        preconditionFailure("no database: \(error)")
    }
}()

private let everything: [StoreWrite] = (1...3).flatMap { (number: UInt8) -> [StoreWrite] in
    let value = VersionedBytes(version: 1, bytes: [UInt8](repeating: number, count: 90))
    let id = SHA256.hash([number])
    let entry = StoredLogEntry(
        author: author,
        sequence: UInt64(number),
        epoch: Epoch(1),
        digest: id,
        bytes: value.bytes
    )
    return [
        .setState(StateName(rawValue: "state.\(number)"), value),
        .setSecret(StateName(rawValue: "secret.\(number)"), value),
        .keepCertificate(
            StoredCertificate(kind: .view, epoch: Epoch(1), view: View(UInt64(number)), value: value)
        ), .appendToLog(entry), .keepFork(entry),
        .keepEvidence(StoredEvidence(id: id, culprit: author, epoch: Epoch(1), value: value)),
        .putInOutbox(OutboxEntry(id: id, value: value)),
    ]
}

/// Runs to its end what may suspend; the fuzzer calls without a task.
private func wait(_ body: @escaping @Sendable () async throws -> Void) {
    let isDone = DispatchSemaphore(value: 0)
    Task {
        try? await body()
        isDone.signal()
    }
    isDone.wait()
}

/// A database file with stretches overwritten: it is refused, or every question is answered or refused.
///
/// The input is a list of changes: a place in three bytes, a length in one, and so many bytes.
func fuzzDatabase(_ input: [UInt8]) {
    var image = sound
    var rest = input[...]
    while rest.count > 4 {
        let place = rest.prefix(3).reduce(0) { $0 << 8 | Int($1) } % image.count
        let count = Int(rest[rest.startIndex + 3])
        let bytes = rest.dropFirst(4).prefix(min(count, image.count - place))
        image.replaceSubrange(place..<place + bytes.count, with: bytes)
        rest = rest.dropFirst(4 + count)
    }
    let directory = workplace.appending("spoilt")
    guard let data = try? DataDirectory(creating: directory) else { preconditionFailure("no folder") }
    for name in ["oracle.sqlite-wal", "oracle.sqlite-shm", "database-open", "database-exists"] {
        try? FileManager.default.removeItem(atPath: directory.appending(name).string)
    }
    write(image, to: directory.appending("oracle.sqlite"))
    guard let store = try? SQLiteStore(in: data) else { return }
    wait { await ask(store) }
    try? store.close()
}

/// All that a node asks, each whether or not the one before was answered.
private func ask(_ store: SQLiteStore) async {
    _ = try? await store.states(startingWith: "")
    _ = try? await store.secret("secret.1")
    _ = try? await store.newestCertificate(.view)
    _ = try? await store.certificates(.view, epoch: Epoch(1), from: View(0), limit: 9)
    _ = try? await store.logHeads()
    _ = try? await store.logEntries(of: author, from: 0, limit: 9, byteLimit: 1 << 20)
    _ = try? await store.logPage(epoch: Epoch(1), after: 0, limit: 9)
    _ = try? await store.forks(of: author)
    _ = try? await store.evidence()
    _ = try? await store.outbox()
    _ = try? await store.beginIncarnation()
    _ = try? await store.commit(everything)
}
