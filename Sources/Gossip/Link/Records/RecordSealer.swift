package import Cryptography

/// One end's outgoing records.
package struct RecordSealer: ~Copyable, Sendable {
    private var cipher: CipherState

    /// Goes on from the cipher state of a handshake.
    package init(_ cipher: consuming CipherState) {
        self.cipher = cipher
    }

    /// Gathers as many frames as fit one record and appends it, sealed in place.
    ///
    /// The record takes all that is urgent, and of patient streams one fragment's worth, see ``OutboundQueue``; so
    /// call it as often as the connection takes bytes, not more.
    ///
    /// - Parameters:
    ///   - queue: What waits; what was appended is gone from it.
    ///   - output: Room for the record; ``RecordFormat/recordLimit`` bytes always suffice.
    /// - Returns: Whether a record was appended: not so when nothing waits or too little room is left.
    /// - Throws: ``NoiseError/exhausted`` when the link has carried all the records it may.
    package mutating func appendRecord(
        from queue: inout OutboundQueue,
        to output: inout OutputRawSpan
    ) throws(NoiseError) -> Bool {
        let room = output.freeCapacity - RecordFormat.headerSize - CipherState.tagSize
        guard room > 0, !queue.isEmpty else { return false }
        let start = output.byteCount
        for _ in 0..<RecordFormat.headerSize { output.append(0) }
        queue.fill(&output, limit: min(room, RecordFormat.plaintextLimit))
        guard output.byteCount > start + RecordFormat.headerSize else {
            output.removeLast(RecordFormat.headerSize)
            return false
        }
        for _ in 0..<CipherState.tagSize { output.append(0) }
        try seal(from: start, in: &output)
        return true
    }

    private mutating func seal(from start: Int, in output: inout OutputRawSpan) throws(NoiseError) {
        let end = output.byteCount
        let length = end - start - RecordFormat.headerSize
        try unsafe output.withUnsafeMutableBytes { (buffer, _) throws(NoiseError) in
            unsafe buffer[start] = UInt8(truncatingIfNeeded: length >> 8)
            unsafe buffer[start + 1] = UInt8(truncatingIfNeeded: length)
            let body = unsafe buffer[(start + RecordFormat.headerSize)..<end]
            try unsafe cipher.seal(UnsafeMutableRawBufferPointer(rebasing: body))
        }
        if cipher.nonce.isMultiple(of: RecordFormat.recordsPerKey) { cipher.rekey() }
    }
}
