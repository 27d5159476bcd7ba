package import Primitives

/// Puts a machine through events and moments that a seed chooses.
///
/// Whoever uses it makes the events. It sees to it that deadlines go by: what a machine still wants to be called for at
/// a moment at which it has been called again and again is a loop without end, and noted as a problem.
package struct Ordeal<Tested: Machine> {
    /// How often a machine may want to be called at one moment.
    private static var patience: Int { 8 }

    /// The machine.
    package private(set) var machine: Tested
    /// The moment.
    package private(set) var now = Instant.start
    /// What decides everything.
    package var random: SplitMix64
    /// What went wrong.
    package private(set) var problems: [String] = []

    /// A machine at the start.
    package init(_ machine: Tested, seed: UInt64) {
        self.machine = machine
        random = SplitMix64(seed: seed)
    }

    /// Feeds an event now.
    package mutating func feed(_ event: Tested.Event) -> [Tested.Action] {
        machine.handle(event, at: now)
    }

    /// Lets some time pass, mostly a little, rarely days, with its deadlines kept or all noticed late.
    package mutating func rest() -> [Tested.Action] {
        let milliseconds: UInt64
        switch random.next() % 64 {
        case 0: milliseconds = 200_000_000
        case 1...3: milliseconds = 150_000
        case 4...15: milliseconds = 5_000
        case 16...40: milliseconds = 300
        default: milliseconds = 2
        }
        let end = now.advanced(by: .microseconds(Int64(random.next() % (milliseconds * 1_000))))
        guard milliseconds <= 5_000, random.next() % 4 > 0 else {
            now = end
            // Early calls are harmless, as the protocol of machines promises.
            return callUntilQuiet()
        }
        var actions: [Tested.Action] = []
        while let due = machine.nextDeadline, due <= end, problems.isEmpty {
            now = max(now, due)
            actions += callUntilQuiet()
        }
        now = end
        return actions
    }

    private mutating func callUntilQuiet() -> [Tested.Action] {
        var actions = machine.expired(at: now)
        for _ in 0..<Self.patience {
            guard let due = machine.nextDeadline, due <= now else { return actions }
            actions += machine.expired(at: now)
        }
        if let due = machine.nextDeadline, due <= now {
            problems.append("at \(now) the machine still wants to be called for \(due)")
        }
        return actions
    }

    /// How many values the machine holds: the elements of all its collections, and what they consist of.
    package var weight: Int { Self.weight(of: machine) }

    private static func weight(of value: Any) -> Int {
        if let bytes = value as? [UInt8] { return bytes.count / 32 + 1 }
        let mirror = Mirror(reflecting: value)
        guard mirror.displayStyle != .class else { return 1 }
        return mirror.children.reduce(1) { $0 + weight(of: $1.value) }
    }

    // MARK: Choices

    /// A number that is mostly small, and now and then at the end of what 64 bits hold.
    package mutating func number(below limit: UInt64 = 8) -> UInt64 {
        switch random.next() % 32 {
        case 0: .max
        case 1: .max - 1
        case 2: 1 << 63
        default: random.next() % limit
        }
    }

    /// One of several.
    package mutating func one<Value>(of values: [Value]) -> Value {
        values[Int(random.next() % UInt64(values.count))]
    }

    /// Whether something happens that happens once in so many times.
    package mutating func once(in times: UInt64) -> Bool { random.next() % times == 0 }

    /// Bytes without meaning.
    package mutating func bytes(atMost limit: UInt64 = 200) -> [UInt8] {
        (0..<random.next() % limit).map { _ in UInt8(truncatingIfNeeded: random.next() >> 32) }
    }

    /// The bytes, or some that are nearly the same, shorter or longer.
    package mutating func spoilt(_ bytes: [UInt8]) -> [UInt8] {
        var bytes = bytes
        switch random.next() % 8 {
        case 0 where !bytes.isEmpty:
            bytes[Int(random.next() % UInt64(bytes.count))] ^= UInt8(
                truncatingIfNeeded: 1 << (random.next() % 8)
            )
        case 1: bytes.removeLast(min(bytes.count, Int(random.next() % 8)))
        case 2: bytes += self.bytes(atMost: 8)
        default: break
        }
        return bytes
    }
}
