internal import CLibcrypto

/// A key that libcrypto holds, checked for size and exponent.
@safe
final class RSAHandle: Sendable {
    /// The bits of a modulus; the files of SSV have room for no other.
    static let bits: Int32 = 2_048
    /// The bytes of a ciphertext and of a signature.
    static let size = 256

    /// Written only in `init`; libcrypto counts references and locks what it caches in a key, so that any number
    /// of threads may use one.
    private nonisolated(unsafe) let key: OpaquePointer

    /// Takes over a key that the caller owns, and frees it also when it is refused.
    init(taking key: OpaquePointer) throws(RSAError) {
        unsafe self.key = key
        guard unsafe EVP_PKEY_get_base_id(key) == EVP_PKEY_RSA else { throw .encoding }
        let bits = unsafe EVP_PKEY_get_bits(key)
        guard bits == Self.bits else { throw .size(bits: Int(bits)) }
        var exponent: OpaquePointer?
        guard unsafe EVP_PKEY_get_bn_param(key, OSSL_PKEY_PARAM_RSA_E, &exponent) == 1 else {
            throw .encoding
        }
        defer { unsafe BN_free(exponent) }
        guard unsafe BN_is_word(exponent, UInt(RSA_F4)) == 1 else { throw .exponent }
    }

    deinit {
        unsafe EVP_PKEY_free(key)
    }

    /// Lends a context for one operation, then frees it and forgets libcrypto's notes on errors.
    func withContext<R>(_ body: (OpaquePointer) -> R?) -> R? {
        defer { ERR_clear_error() }
        guard let context = unsafe EVP_PKEY_CTX_new(key, nil) else { return nil }
        defer { unsafe EVP_PKEY_CTX_free(context) }
        return unsafe body(context)
    }

    /// Lends the key.
    func withKey<R>(_ body: (OpaquePointer) -> R) -> R {
        defer { ERR_clear_error() }
        return unsafe body(key)
    }
}
