/// Noise's HKDF over HMAC-SHA-256 (rev 34, section 4.3; RFC 5869 with the chaining key as salt).
enum NoiseKDF {
    /// The first two outputs for a chaining key and further key material, which may be absent.
    static func derive(_ chainingKey: SecretBytes, _ material: SecretBytes?) -> (SecretBytes, SecretBytes) {
        let extracted = SecretHMAC.hash(key: chainingKey, material, tail: [])
        let first = SecretHMAC.hash(key: extracted, nil, tail: [1])
        let second = SecretHMAC.hash(key: extracted, first, tail: [2])
        return (first, second)
    }
}
