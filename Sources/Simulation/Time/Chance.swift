import Primitives

/// What a world draws from its seed.
extension SplitMix64 {
    /// A number from 0 up to, and without, a bound.
    mutating func below(_ bound: Int) -> Int {
        Int(truncatingIfNeeded: next() % UInt64(bound))
    }

    /// A number within bounds, both included.
    mutating func number(in range: ClosedRange<Int64>) -> Int64 {
        range.lowerBound + Int64(truncatingIfNeeded: next() % UInt64(range.upperBound - range.lowerBound + 1))
    }

    /// A length of time within bounds, to the microsecond.
    mutating func span(_ range: ClosedRange<Span>) -> Span {
        let microseconds = range.lowerBound.nanoseconds / 1_000...range.upperBound.nanoseconds / 1_000
        return .microseconds(number(in: microseconds))
    }

    /// Whether something happens that happens so often in a thousand times.
    mutating func permille(_ rate: Int) -> Bool {
        rate > 0 && below(1_000) < rate
    }

    /// One of several.
    mutating func pick<Element>(_ elements: [Element]) -> Element {
        elements[below(elements.count)]
    }

    /// All of them in another order.
    mutating func mixed<Element>(_ elements: [Element]) -> [Element] {
        var mixed = elements
        for place in stride(from: mixed.count - 1, to: 0, by: -1) { mixed.swapAt(place, below(place + 1)) }
        return mixed
    }
}
