internal import CSodium

/// `expand_message_xmd` with SHA-256 (RFC 9380, section 5.3.1).
///
/// Fit for secret messages: all intermediate state is wiped, and the time depends on lengths alone.
package enum MessageExpansion {
    /// Fills `output` with bytes that look random to whoever does not know the message.
    ///
    /// `tag` is the domain separation tag, at most 255 bytes; `output` has at most 8,160 bytes.
    package static func expand(
        _ message: UnsafeRawBufferPointer,
        tag: [UInt8],
        into output: UnsafeMutableRawBufferPointer
    ) {
        let rounds = (output.count + 31) / 32
        precondition(tag.count <= 255 && rounds <= 255, "lengths outside RFC 9380, section 5.3.1")
        let suffix = tag + [UInt8(tag.count)]
        unsafe withUnsafeTemporaryAllocation(byteCount: 64, alignment: 8) { scratch in
            let first = unsafe scratch.bytes
            let block = unsafe first + 32
            defer { unsafe sodium_memzero(first, 64) }
            unsafe seedBlock(message, length: output.count, suffix: suffix, into: first)
            unsafe block.initialize(repeating: 0, count: 32)
            var written = 0
            for round in 1...max(rounds, 1) where written < output.count {
                for index in 0..<32 { unsafe block[index] ^= first[index] }
                unsafe nextBlock(UInt8(round), suffix: suffix, in: block)
                let count = min(32, output.count - written)
                unsafe (output.bytes + written).update(from: block, count: count)
                written += count
            }
        }
    }

    /// b_0 = H(Z_pad || message || uint16(length) || 0 || tag || uint8(tag length)).
    private static func seedBlock(
        _ message: UnsafeRawBufferPointer,
        length: Int,
        suffix: [UInt8],
        into block: UnsafeMutablePointer<UInt8>
    ) {
        let padding = [UInt8](repeating: 0, count: 64)
        let middle = [UInt8(length >> 8), UInt8(length & 255), 0]
        var state = crypto_hash_sha256_state()
        unsafe crypto_hash_sha256_init(&state)
        unsafe crypto_hash_sha256_update(&state, padding, 64)
        if message.count > 0 {
            unsafe crypto_hash_sha256_update(&state, message.bytes, UInt64(message.count))
        }
        unsafe crypto_hash_sha256_update(&state, middle, 3)
        unsafe crypto_hash_sha256_update(&state, suffix, UInt64(suffix.count))
        unsafe crypto_hash_sha256_final(&state, block)
        unsafe sodium_memzero(&state, MemoryLayout.size(ofValue: state))
    }

    /// b_i = H((b_0 xor b_{i-1}) || i || tag || uint8(tag length)), in place.
    private static func nextBlock(_ round: UInt8, suffix: [UInt8], in block: UnsafeMutablePointer<UInt8>) {
        var round = round
        var state = crypto_hash_sha256_state()
        unsafe crypto_hash_sha256_init(&state)
        unsafe crypto_hash_sha256_update(&state, block, 32)
        unsafe crypto_hash_sha256_update(&state, &round, 1)
        unsafe crypto_hash_sha256_update(&state, suffix, UInt64(suffix.count))
        unsafe crypto_hash_sha256_final(&state, block)
        unsafe sodium_memzero(&state, MemoryLayout.size(ofValue: state))
    }
}
