package import Cryptography

/// One end's incoming records.
package struct RecordOpener: ~Copyable, Sendable {
    /// The least length that a record announces: a tag and one empty frame.
    private static let leastLength = CipherState.tagSize + FrameFormat.headerSize

    private var cipher: CipherState

    /// Goes on from the cipher state of a handshake.
    package init(_ cipher: consuming CipherState) {
        self.cipher = cipher
    }

    /// Opens the record that begins at an offset, in place.
    ///
    /// - Parameters:
    ///   - bytes: What has arrived.
    ///   - offset: Where the record begins, updated to where the next one does.
    /// - Returns: Where its plaintext lies, or `nil` when the record is not complete yet.
    /// - Throws: The peer's offence, after which the link must be closed.
    package mutating func openRecord(
        in bytes: inout MutableRawSpan,
        at offset: inout Int
    ) throws(LinkOffence) -> Range<Int>? {
        guard offset + RecordFormat.headerSize <= bytes.byteCount else { return nil }
        let length = Int(bytes.bytes.byte(at: offset)) << 8 | Int(bytes.bytes.byte(at: offset + 1))
        guard length >= Self.leastLength else { throw .recordLength(length) }
        let start = offset + RecordFormat.headerSize
        guard start + length <= bytes.byteCount else { return nil }
        do throws(NoiseError) {
            try unsafe bytes.withUnsafeMutableBytes { (buffer) throws(NoiseError) in
                let record = unsafe buffer[start..<(start + length)]
                try unsafe cipher.open(UnsafeMutableRawBufferPointer(rebasing: record))
            }
        } catch {
            throw error == .exhausted ? .exhausted : .notAuthentic
        }
        if cipher.nonce.isMultiple(of: RecordFormat.recordsPerKey) { cipher.rekey() }
        offset = start + length
        return start..<(offset - CipherState.tagSize)
    }
}
