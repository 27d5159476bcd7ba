/// What is to happen, in the order of time and, at one moment, of scheduling.
///
/// A heap of small keys; what they stand for lies still in a table beside it.
struct EventQueue<Event> {
    private struct Key {
        var at: WorldTime
        var number: UInt64
        var slot: Int

        func precedes(_ other: Key) -> Bool {
            at == other.at ? number < other.number : at < other.at
        }
    }

    private var keys: [Key] = []
    private var table: [Event?] = []
    private var free: [Int] = []
    private var count: UInt64 = 0

    /// When the next event happens.
    var next: WorldTime? { keys.first?.at }

    /// How many wait.
    var size: Int { keys.count }

    /// Adds an event.
    mutating func add(_ event: Event, at moment: WorldTime) {
        count += 1
        let slot: Int
        if let reused = free.popLast() {
            slot = reused
            table[slot] = event
        } else {
            slot = table.count
            table.append(event)
        }
        keys.append(Key(at: moment, number: count, slot: slot))
        rise()
    }

    /// Takes the next event out.
    mutating func take() -> (at: WorldTime, event: Event)? {
        guard let first = keys.first else { return nil }
        let last = keys.removeLast()
        if !keys.isEmpty {
            keys[0] = last
            sink()
        }
        free.append(first.slot)
        guard let event = table[first.slot].take() else { return nil }
        return (first.at, event)
    }

    private mutating func rise() {
        var child = keys.count - 1
        let key = keys[child]
        while child > 0 {
            let parent = (child - 1) / 4
            guard key.precedes(keys[parent]) else { break }
            keys[child] = keys[parent]
            child = parent
        }
        keys[child] = key
    }

    private mutating func sink() {
        var parent = 0
        let key = keys[0]
        let count = keys.count
        while true {
            let first = 4 * parent + 1
            guard first < count else { break }
            var least = first
            for child in first..<min(first + 4, count) where keys[child].precedes(keys[least]) {
                least = child
            }
            guard keys[least].precedes(key) else { break }
            keys[parent] = keys[least]
            parent = least
        }
        keys[parent] = key
    }
}
