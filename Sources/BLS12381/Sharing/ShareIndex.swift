package import Primitives

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

extension ShareIndex: CustomStringConvertible {
    package var description: String { String(rawValue) }
}

/// `uint64`; 0 is refused.
extension ShareIndex: SSZValue {
    package static var sszFixedSize: Int? { 8 }
    package static var sszIsBasic: Bool { true }
    package static var sszTypeName: String { "uint64" }

    package func encode(to bytes: inout [UInt8]) { rawValue.encode(to: &bytes) }

    package init(ssz bytes: RawSpan) throws(SSZError) {
        guard let index = ShareIndex(try UInt64(ssz: bytes)) else { throw .value(of: "ShareIndex") }
        self = index
    }

    package func hashTreeRoot() -> Digest { rawValue.hashTreeRoot() }
}
