extension RawSpan {
    /// The byte at an offset, bounds checked.
    func byte(at offset: Int) -> UInt8 {
        precondition(offset >= 0 && offset < byteCount, "read beyond the end of a byte string")
        return unsafe unsafeLoad(fromByteOffset: offset, as: UInt8.self)
    }
}
