/// A queue that gives out its elements in the order they came.
///
/// Not bounded by itself: whoever owns one states its limit and what happens at it.
struct FIFO<Element: Sendable>: Sendable {
    private var storage: [Element?] = []
    private var head = 0

    /// The number of elements.
    var count: Int { storage.count - head }

    /// Whether there is none.
    var isEmpty: Bool { head == storage.count }

    /// The oldest element.
    var first: Element? { isEmpty ? nil : storage[head] }

    /// Puts an element at the end.
    mutating func append(_ element: Element) {
        storage.append(element)
    }

    /// Takes the oldest element.
    ///
    /// - Complexity: Amortized O(1).
    mutating func popFirst() -> Element? {
        guard !isEmpty else { return nil }
        let element = storage[head].take()
        head += 1
        if head == storage.count {
            storage.removeAll(keepingCapacity: head <= 64)
            head = 0
        } else if head > 64, head * 2 > storage.count {
            storage.removeFirst(head)
            head = 0
        }
        return element
    }
}
