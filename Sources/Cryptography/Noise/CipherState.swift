internal import CSodium
package import Primitives

/// A ChaCha20-Poly1305 key with its nonce counter: one direction of a link (Noise rev 34, section 5.1).
///
/// Not copyable, because two owners of one counter would use nonces twice. It works in the caller's buffers and
/// allocates nothing. Nonce 2^64 - 1 is kept for ``rekey()``, and all use ends at ``nonceLimit``.
package struct CipherState: ~Copyable, Sendable {
    /// Bytes that sealing adds.
    package static let tagSize = 16
    /// The first nonce that is never used for a message.
    package static let nonceLimit: UInt64 = 1 << 63

    private var key: SecretBytes
    /// The number of messages sealed or opened, which is the next message's nonce.
    package private(set) var nonce: UInt64

    /// A counter at `nonce`, which is 0 for every key that a handshake makes.
    package init(key: SecretBytes, nonce: UInt64 = 0) {
        precondition(key.count == 32, "a ChaCha20 key has 32 bytes, not \(key.count)")
        Libraries.prepare()
        self.key = key
        self.nonce = nonce
    }

    /// Seals all of `buffer` but its last ``tagSize`` bytes in place, and puts the tag into these.
    ///
    /// - Throws: ``NoiseError/exhausted``, with the buffer untouched.
    package mutating func seal(
        _ buffer: UnsafeMutableRawBufferPointer,
        authenticating associated: Digest? = nil
    ) throws(NoiseError) {
        precondition(buffer.count >= Self.tagSize, "no room for a tag")
        guard nonce < Self.nonceLimit else { throw .exhausted }
        let count = buffer.count - Self.tagSize
        let start = unsafe buffer.bytes
        unsafe Self.withNonce(nonce) { nonce in
            unsafe Self.withBytes(of: associated) { data, dataCount in
                unsafe key.withUnsafeBytes { key in
                    let result = unsafe crypto_aead_chacha20poly1305_ietf_encrypt_detached(
                        start,
                        start + count,
                        nil,
                        start,
                        UInt64(count),
                        data,
                        dataCount,
                        nil,
                        nonce,
                        key.bytes
                    )
                    precondition(result == 0, "libsodium seals every message")
                }
            }
        }
        nonce += 1
    }

    /// Opens `buffer` in place; the plaintext is all of it but the last ``tagSize`` bytes.
    ///
    /// - Throws: ``NoiseError/notAuthentic``, with the buffer's content void, or ``NoiseError/exhausted``.
    package mutating func open(
        _ buffer: UnsafeMutableRawBufferPointer,
        authenticating associated: Digest? = nil
    ) throws(NoiseError) {
        guard nonce < Self.nonceLimit else { throw .exhausted }
        guard buffer.count >= Self.tagSize else { throw .notAuthentic }
        let count = buffer.count - Self.tagSize
        let start = unsafe buffer.bytes
        let result = unsafe Self.withNonce(nonce) { nonce in
            unsafe Self.withBytes(of: associated) { data, dataCount in
                unsafe key.withUnsafeBytes { key in
                    unsafe crypto_aead_chacha20poly1305_ietf_decrypt_detached(
                        start,
                        nil,
                        start,
                        UInt64(count),
                        start + count,
                        data,
                        dataCount,
                        nonce,
                        key.bytes
                    )
                }
            }
        }
        guard result == 0 else { throw .notAuthentic }
        nonce += 1
    }

    /// Replaces the key by the first 32 bytes of 32 zeros sealed with nonce 2^64 - 1 (sections 4.2 and 11.3).
    ///
    /// The counter goes on. What was sealed before stays secret even from one who learns the new key.
    package mutating func rekey() {
        let old = key
        key = unsafe SecretBytes(count: 32) { new in
            unsafe Self.withNonce(.max) { nonce in
                unsafe old.withUnsafeBytes { old in
                    var tag = InlineArray<16, UInt8>(repeating: 0)
                    var span = tag.mutableSpan
                    unsafe span.withUnsafeMutableBytes { tag in
                        let result = unsafe crypto_aead_chacha20poly1305_ietf_encrypt_detached(
                            new.bytes,
                            tag.bytes,
                            nil,
                            new.bytes,
                            32,
                            nil,
                            0,
                            nil,
                            nonce,
                            old.bytes
                        )
                        precondition(result == 0, "libsodium seals every message")
                        unsafe sodium_memzero(tag.bytes, tag.count)
                    }
                }
            }
        }
    }

    /// Lends the 12 bytes of a nonce: four of zero, then the counter, least significant byte first.
    private static func withNonce<R>(_ counter: UInt64, _ body: (UnsafePointer<UInt8>) -> R) -> R {
        var nonce = (UInt32(0), UInt32(truncatingIfNeeded: counter), UInt32(counter >> 32))
        nonce.1 = nonce.1.littleEndian
        nonce.2 = nonce.2.littleEndian
        return unsafe withUnsafeBytes(of: nonce) { unsafe body($0.bytes) }
    }

    private static func withBytes<R>(of data: Digest?, _ body: (UnsafePointer<UInt8>?, UInt64) -> R) -> R {
        guard let data else { return body(nil, 0) }
        return unsafe data.withUnsafeBytes { unsafe body($0.bytes, UInt64($0.count)) }
    }
}
