import Primitives

/// What is going to happen in a simulated world, in the order of time and, at one moment, of scheduling.
struct EventHeap {
    private struct Entry {
        let moment: Instant
        let number: Int
        let happen: () -> Void

        func precedes(_ other: Entry) -> Bool {
            moment == other.moment ? number < other.number : moment < other.moment
        }
    }

    private var entries: [Entry] = []
    private var count = 0

    var next: Instant? { entries.first?.moment }

    mutating func add(at moment: Instant, _ happen: @escaping () -> Void) {
        count += 1
        entries.append(Entry(moment: moment, number: count, happen: happen))
        var child = entries.count - 1
        while child > 0, entries[child].precedes(entries[(child - 1) / 2]) {
            entries.swapAt(child, (child - 1) / 2)
            child = (child - 1) / 2
        }
    }

    mutating func popFirst() -> (() -> Void)? {
        guard let first = entries.first else { return nil }
        let last = entries.removeLast()
        guard !entries.isEmpty else { return first.happen }
        entries[0] = last
        var parent = 0
        while true {
            var least = parent
            for child in [2 * parent + 1, 2 * parent + 2] where child < entries.count {
                if entries[child].precedes(entries[least]) { least = child }
            }
            guard least != parent else { return first.happen }
            entries.swapAt(parent, least)
            parent = least
        }
    }
}
