/// Where a sharing polynomial is evaluated for a holder: any number but 0, where the secret lies.
package struct ShareIndex: Hashable, Sendable {
    /// The number itself; indices need not follow each other.
    package let rawValue: UInt64

    /// Takes a number, or answers `nil` for 0.
    package init?(_ rawValue: UInt64) {
        guard rawValue != 0 else { return nil }
        self.rawValue = rawValue
    }

    var scalar: Fr { Fr(rawValue) }
}

extension ShareIndex: Comparable {
    package static func < (left: ShareIndex, right: ShareIndex) -> Bool { left.rawValue < right.rawValue }
}
