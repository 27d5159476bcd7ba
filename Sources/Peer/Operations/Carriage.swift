import Primitives

/// What operators have said that no member's log carries yet, and when this oracle is to carry it.
struct Carriage: Sendable {
    /// Bytes that wait; more than operators can say in all attempts that are open.
    private static let byteLimit = 32 * 1_048_576

    private struct Waiting: Sendable {
        let bytes: [UInt8]
        var due: Instant
    }

    private var waiting: [Digest: Waiting] = [:]
    private var bytes = 0
    /// What logs carry, of attempts that are open.
    private var carried: Set<Digest> = []

    /// When something is to be carried next.
    var nextDue: Instant? { waiting.values.map(\.due).min() }

    /// Notes what is to be carried unless somebody else does until then; what is too much is left to others.
    mutating func add(_ digest: Digest, _ message: [UInt8], due: Instant) {
        guard !carried.contains(digest), waiting[digest] == nil, bytes + message.count <= Self.byteLimit
        else {
            return
        }
        waiting[digest] = Waiting(bytes: message, due: due)
        bytes += message.count
    }

    /// A log carries it; answers whether that is new.
    mutating func isCarried(_ digest: Digest) -> Bool {
        if let gone = waiting.removeValue(forKey: digest) { bytes -= gone.bytes.count }
        return carried.insert(digest).inserted
    }

    /// The turn of who leads is now.
    mutating func hasten(to now: Instant, leads: Bool) {
        guard leads else { return }
        for digest in waiting.keys { waiting[digest]?.due = now }
    }

    /// Takes what is due.
    mutating func due(at now: Instant) -> [[UInt8]] {
        let due = waiting.filter { $0.value.due <= now }.sorted { $0.key < $1.key }
        for (digest, message) in due {
            waiting[digest] = nil
            bytes -= message.bytes.count
            carried.insert(digest)
        }
        return due.map { $0.value.bytes }
    }

    /// Forgets what belongs to an attempt that is over; what waits is carried all the same if it is to be found later.
    mutating func forget(_ digests: [Digest], keepsWaiting: Bool) {
        for digest in digests {
            carried.remove(digest)
            guard !keepsWaiting, let gone = waiting.removeValue(forKey: digest) else { continue }
            bytes -= gone.bytes.count
        }
    }
}

/// Messages of attempts whose orders have not come yet, as members' logs have them.
struct StrayMessages: Sendable {
    /// How many bytes of one member's log may wait.
    private static let byteLimit = 4 * 1_048_576

    /// Of how many attempts that are over it is remembered that nothing is kept of them.
    private static let endedLimit = 4_096

    private var ended: Set<Digest> = []
    private var endedOrder: [Digest] = []
    private var messages: [Digest: [(author: Identity, message: SignedOperatorMessage)]] = [:]
    private var bytes: [Identity: Int] = [:]

    /// Keeps a message; what is too much of one member is dropped, and answered with `false`.
    mutating func add(_ message: SignedOperatorMessage, from author: Identity) -> Bool {
        guard !ended.contains(message.message.attempt) else { return true }
        let size = message.message.body.bytes.count + 128
        guard bytes[author, default: 0] + size <= Self.byteLimit else { return false }
        bytes[author, default: 0] += size
        messages[message.message.attempt, default: []].append((author, message))
        return true
    }

    /// Keeps nothing more of an attempt.
    mutating func end(_ attempt: Digest) {
        _ = remove(attempt)
        guard ended.insert(attempt).inserted else { return }
        endedOrder.append(attempt)
        if endedOrder.count > Self.endedLimit { ended.remove(endedOrder.removeFirst()) }
    }

    /// Takes out what is kept of an attempt.
    mutating func remove(_ attempt: Digest) -> [SignedOperatorMessage] {
        let kept = messages.removeValue(forKey: attempt) ?? []
        for (author, message) in kept { bytes[author, default: 0] -= message.message.body.bytes.count + 128 }
        return kept.map(\.message)
    }
}
