import Primitives

/// What happens when in a world of virtual time: first by moment, then in the order of planning.
struct Agenda<Item> {
    private struct Entry {
        let moment: Instant
        let number: Int
        let item: Item

        func isBefore(_ other: Entry) -> Bool {
            (moment, number) < (other.moment, other.number)
        }
    }

    private var heap: [Entry] = []
    private var planned = 0

    var isEmpty: Bool { heap.isEmpty }

    mutating func plan(_ item: Item, at moment: Instant) {
        heap.append(Entry(moment: moment, number: planned, item: item))
        planned += 1
        var child = heap.count - 1
        while child > 0, heap[child].isBefore(heap[(child - 1) / 2]) {
            heap.swapAt(child, (child - 1) / 2)
            child = (child - 1) / 2
        }
    }

    mutating func next() -> (moment: Instant, item: Item)? {
        guard let first = heap.first else { return nil }
        let last = heap.removeLast()
        if !heap.isEmpty {
            heap[0] = last
            sink()
        }
        return (first.moment, first.item)
    }

    private mutating func sink() {
        var parent = 0
        while true {
            let children = [2 * parent + 1, 2 * parent + 2].filter { $0 < heap.count }
            guard let least = children.min(by: { heap[$0].isBefore(heap[$1]) }) else { return }
            guard heap[least].isBefore(heap[parent]) else { return }
            heap.swapAt(least, parent)
            parent = least
        }
    }
}
