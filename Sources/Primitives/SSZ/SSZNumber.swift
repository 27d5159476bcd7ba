/// An unsigned integer, or a value that wraps one, encoded little-endian in its own width.
package protocol SSZNumber: SSZValue, RawRepresentable
where RawValue: FixedWidthInteger & UnsignedInteger & Sendable {
    init(rawValue: RawValue)
}

extension SSZNumber {
    package static var sszFixedSize: Int? { RawValue.bitWidth / 8 }
    package static var sszIsBasic: Bool { true }
    package static var sszTypeName: String { "uint\(RawValue.bitWidth)" }

    package func encode(to bytes: inout [UInt8]) {
        rawValue.encodeLittleEndian(to: &bytes)
    }

    package init(ssz bytes: RawSpan) throws(SSZError) {
        self.init(rawValue: try RawValue(littleEndian: bytes, of: Self.sszTypeName))
    }

    package func hashTreeRoot() -> Digest {
        rawValue.chunk
    }
}

/// Wrapped numbers order as the numbers do.
extension SSZNumber where Self: Comparable {
    package static func < (left: Self, right: Self) -> Bool {
        left.rawValue < right.rawValue
    }
}

extension SSZNumber where Self: CustomStringConvertible {
    package var description: String { String(rawValue) }
}

extension FixedWidthInteger where Self: UnsignedInteger {
    /// Appends the bytes, least significant first.
    package func encodeLittleEndian(to bytes: inout [UInt8]) {
        for shift in stride(from: 0, to: Self.bitWidth, by: 8) {
            bytes.append(UInt8(truncatingIfNeeded: self >> Self(shift)))
        }
    }

    /// Appends the bytes, most significant first.
    package func encodeBigEndian(to bytes: inout [UInt8]) {
        for shift in stride(from: Self.bitWidth - 8, through: 0, by: -8) {
            bytes.append(UInt8(truncatingIfNeeded: self >> Self(shift)))
        }
    }

    fileprivate init(littleEndian bytes: RawSpan, of type: @autoclosure () -> String) throws(SSZError) {
        guard bytes.byteCount == Self.bitWidth / 8 else {
            throw .length(of: type(), is: bytes.byteCount, shouldBe: Self.bitWidth / 8)
        }
        self = 0
        for index in 0..<bytes.byteCount {
            let byte = unsafe bytes.unsafeLoad(fromByteOffset: index, as: UInt8.self)
            self |= Self(byte) << Self(index * 8)
        }
    }

    fileprivate var chunk: Digest {
        var bytes: [UInt8] = []
        encodeLittleEndian(to: &bytes)
        var digest = Digest()
        for (index, byte) in bytes.enumerated() { digest[index] = byte }
        return digest
    }
}

extension UInt8: SSZValue {}
extension UInt16: SSZValue {}
extension UInt32: SSZValue {}
extension UInt64: SSZValue {}

extension SSZValue where Self: FixedWidthInteger & UnsignedInteger {
    package static var sszFixedSize: Int? { bitWidth / 8 }
    package static var sszIsBasic: Bool { true }
    package static var sszTypeName: String { "uint\(bitWidth)" }

    package func encode(to bytes: inout [UInt8]) {
        encodeLittleEndian(to: &bytes)
    }

    package init(ssz bytes: RawSpan) throws(SSZError) {
        try self.init(littleEndian: bytes, of: Self.sszTypeName)
    }

    package func hashTreeRoot() -> Digest { chunk }
}

extension Bool: SSZValue {
    package static var sszFixedSize: Int? { 1 }
    package static var sszIsBasic: Bool { true }
    package static var sszTypeName: String { "boolean" }

    package func encode(to bytes: inout [UInt8]) {
        bytes.append(self ? 1 : 0)
    }

    package init(ssz bytes: RawSpan) throws(SSZError) {
        let byte = try UInt8(ssz: bytes)
        guard byte <= 1 else { throw .value(of: "boolean") }
        self = byte == 1
    }

    package func hashTreeRoot() -> Digest {
        UInt8(self ? 1 : 0).hashTreeRoot()
    }
}
