/// An unsigned integer, or a value that wraps one, encoded little-endian in its own width.
@usableFromInline
package protocol SSZNumber: SSZValue, RawRepresentable
where RawValue: FixedWidthInteger & UnsignedInteger & BitwiseCopyable & Sendable {
    init(rawValue: RawValue)
}

extension SSZNumber {
    @inlinable
    package static var sszFixedSize: Int? { RawValue.bitWidth / 8 }
    @inlinable
    package static var sszIsBasic: Bool { true }
    @inlinable
    package static var sszTypeName: String { "uint\(RawValue.bitWidth)" }

    @inlinable
    package func encode(to bytes: inout [UInt8]) {
        rawValue.encodeLittleEndian(to: &bytes)
    }

    @inlinable
    package init(ssz bytes: RawSpan) throws(SSZError) {
        self.init(rawValue: try RawValue(littleEndian: bytes, of: Self.sszTypeName))
    }

    @inlinable
    package func hashTreeRoot() -> Digest {
        rawValue.chunk
    }
}

/// Equal as the numbers are; the standard library's way for all that has a raw value is not specialised.
extension SSZNumber {
    @inlinable
    package static func == (left: Self, right: Self) -> Bool { left.rawValue == right.rawValue }

    /// Whether the numbers differ.
    @inlinable
    package static func != (left: Self, right: Self) -> Bool { left.rawValue != right.rawValue }

    @inlinable
    package func hash(into hasher: inout Hasher) { hasher.combine(rawValue) }
}

/// Wrapped numbers order as the numbers do.
extension SSZNumber where Self: Comparable {
    @inlinable
    package static func < (left: Self, right: Self) -> Bool {
        left.rawValue < right.rawValue
    }
}

extension SSZNumber where Self: CustomStringConvertible {
    package var description: String { String(rawValue) }
}

extension FixedWidthInteger where Self: UnsignedInteger & BitwiseCopyable {
    /// Appends the bytes, least significant first.
    @inlinable
    package func encodeLittleEndian(to bytes: inout [UInt8]) {
        unsafe Swift.withUnsafeBytes(of: littleEndian) { unsafe bytes.append(contentsOf: $0) }
    }

    /// Appends the bytes, most significant first.
    package func encodeBigEndian(to bytes: inout [UInt8]) {
        for shift in stride(from: Self.bitWidth - 8, through: 0, by: -8) {
            bytes.append(UInt8(truncatingIfNeeded: self >> Self(shift)))
        }
    }

    @inlinable
    init(littleEndian bytes: RawSpan, of type: @autoclosure () -> String) throws(SSZError) {
        guard bytes.byteCount == Self.bitWidth / 8 else {
            throw .length(of: type(), is: bytes.byteCount, shouldBe: Self.bitWidth / 8)
        }
        self.init(littleEndian: unsafe bytes.unsafeLoadUnaligned(fromByteOffset: 0, as: Self.self))
    }

    /// The number as the first bytes of a chunk, the rest being zero.
    @inlinable
    var chunk: Digest {
        var digest = Digest()
        for index in 0..<Self.bitWidth / 8 {
            digest[index] = UInt8(truncatingIfNeeded: self >> Self(8 * index))
        }
        return digest
    }
}

extension UInt8: SSZValue {}
extension UInt16: SSZValue {}
extension UInt32: SSZValue {}
extension UInt64: SSZValue {}

extension SSZValue where Self: FixedWidthInteger & UnsignedInteger & BitwiseCopyable {
    @inlinable
    package static var sszFixedSize: Int? { bitWidth / 8 }
    @inlinable
    package static var sszIsBasic: Bool { true }
    @inlinable
    package static var sszTypeName: String { "uint\(bitWidth)" }

    @inlinable
    package func encode(to bytes: inout [UInt8]) {
        encodeLittleEndian(to: &bytes)
    }

    @inlinable
    package init(ssz bytes: RawSpan) throws(SSZError) {
        try self.init(littleEndian: bytes, of: Self.sszTypeName)
    }

    @inlinable
    package func hashTreeRoot() -> Digest { chunk }
}

extension Bool: SSZValue {
    @inlinable
    package static var sszFixedSize: Int? { 1 }
    @inlinable
    package static var sszIsBasic: Bool { true }
    @usableFromInline
    package static var sszTypeName: String { "boolean" }

    @inlinable
    package func encode(to bytes: inout [UInt8]) {
        bytes.append(self ? 1 : 0)
    }

    @inlinable
    package init(ssz bytes: RawSpan) throws(SSZError) {
        let byte = try UInt8(ssz: bytes)
        guard byte <= 1 else { throw .value(of: "boolean") }
        self = byte == 1
    }

    @inlinable
    package func hashTreeRoot() -> Digest {
        UInt8(self ? 1 : 0).hashTreeRoot()
    }
}
