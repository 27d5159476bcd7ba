/// The four-byte offsets that lead to the variable parts of a list or container.
enum SSZOffset {
    static func write(_ offset: Int, into bytes: inout [UInt8], at position: Int) {
        for index in 0..<4 { bytes[position + index] = UInt8(truncatingIfNeeded: offset >> (8 * index)) }
    }

    static func read(_ bytes: RawSpan, at position: Int, in type: @autoclosure () -> String) throws(SSZError)
        -> Int
    {
        guard position + 4 <= bytes.byteCount else {
            throw .length(of: type(), is: bytes.byteCount, shouldBe: position + 4)
        }
        return Int(try UInt32(ssz: bytes.extracting(position..<(position + 4))))
    }
}
