internal import Synchronization

/// The names that a parser asks about while it parses.
final class NamesSeen: Sendable {
    private let names = Mutex<Set<String>>([])

    func add(_ name: String) {
        names.withLock { _ = $0.insert(name) }
    }

    var sorted: [String] { names.withLock { $0.sorted() } }
}
