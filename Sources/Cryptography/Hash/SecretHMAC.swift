internal import CSodium

/// HMAC-SHA-256 (RFC 2104) of secrets.
///
/// Whatever passes through lies in ``SecretBytes``, and the hash states on the stack are wiped.
package enum SecretHMAC {
    /// The code over the secret data, if any, followed by a public tail.
    package static func hash(key: SecretBytes, _ data: SecretBytes?, tail: [UInt8]) -> SecretBytes {
        unsafe SecretBytes(count: 32) { output in
            var state = crypto_auth_hmacsha256_state()
            var results: Int32 = unsafe key.withUnsafeBytes {
                unsafe crypto_auth_hmacsha256_init(&state, $0.bytes, $0.count)
            }
            if let data {
                results |= unsafe data.withUnsafeBytes {
                    unsafe crypto_auth_hmacsha256_update(&state, $0.bytes, UInt64($0.count))
                }
            }
            if !tail.isEmpty {
                results |= unsafe crypto_auth_hmacsha256_update(&state, tail, UInt64(tail.count))
            }
            results |= unsafe crypto_auth_hmacsha256_final(&state, output.bytes)
            precondition(results == 0, "libsodium authenticates every message")
            unsafe sodium_memzero(&state, MemoryLayout<crypto_auth_hmacsha256_state>.size)
        }
    }
}
