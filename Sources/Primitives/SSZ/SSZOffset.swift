/// The four-byte offsets that lead to the variable parts of a list or container.
@usableFromInline
enum SSZOffset {
    @inlinable
    static func write(_ offset: Int, into bytes: inout [UInt8], at position: Int) {
        for index in 0..<4 { bytes[position + index] = UInt8(truncatingIfNeeded: offset >> (8 * index)) }
    }

    /// - Precondition: The bytes reach that far.
    @inlinable
    static func read(_ bytes: RawSpan, at position: Int) -> Int {
        precondition(position >= 0 && position <= bytes.byteCount - 4, "an offset outside the bytes")
        return Int(
            UInt32(littleEndian: unsafe bytes.unsafeLoadUnaligned(fromByteOffset: position, as: UInt32.self))
        )
    }
}
