internal import CSodium

/// Noise's HKDF over HMAC-SHA-256 (rev 34, section 4.3; RFC 5869 with the chaining key as salt).
///
/// Whatever passes through lies in ``SecretBytes``, and the hash states on the stack are wiped.
enum NoiseKDF {
    /// The first two outputs for a chaining key and further key material, which may be absent.
    static func derive(_ chainingKey: SecretBytes, _ material: SecretBytes?) -> (SecretBytes, SecretBytes) {
        let extracted = hmac(chainingKey, material, counter: nil)
        let first = hmac(extracted, nil, counter: 1)
        let second = hmac(extracted, first, counter: 2)
        return (first, second)
    }

    /// HMAC over the data, if any, and the counter, if any.
    private static func hmac(_ key: SecretBytes, _ data: SecretBytes?, counter: UInt8?) -> SecretBytes {
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
            if var counter {
                results |= unsafe crypto_auth_hmacsha256_update(&state, &counter, 1)
            }
            results |= unsafe crypto_auth_hmacsha256_final(&state, output.bytes)
            precondition(results == 0, "libsodium authenticates every message")
            unsafe sodium_memzero(&state, MemoryLayout<crypto_auth_hmacsha256_state>.size)
        }
    }
}
