internal import CLibcrypto
package import Primitives

extension RSAPrivateKey {
    /// Makes a key, as the PEM block (PKCS #1) in which SSV's programs keep theirs.
    ///
    /// The randomness is libcrypto's own, and so is the memory until the block is copied; it wipes what it frees.
    package static func make() throws(RSAError) -> SecretBytes {
        defer { ERR_clear_error() }
        guard let context = unsafe EVP_PKEY_CTX_new_id(EVP_PKEY_RSA, nil) else { throw .making }
        defer { unsafe EVP_PKEY_CTX_free(context) }
        var made: OpaquePointer?
        guard unsafe EVP_PKEY_keygen_init(context) == 1,
            unsafe EVP_PKEY_CTX_set_rsa_keygen_bits(context, RSAHandle.bits) == 1,
            unsafe EVP_PKEY_generate(context, &made) == 1, let key = unsafe made
        else { throw .making }
        defer { unsafe EVP_PKEY_free(key) }
        guard let sink = unsafe BIO_new(BIO_s_secmem()) else { throw .making }
        defer { unsafe BIO_free(sink) }
        var start: UnsafeMutableRawPointer?
        guard unsafe PEM_write_bio_PrivateKey_traditional(sink, key, nil, nil, 0, nil, nil) == 1 else {
            throw .making
        }
        let count = unsafe withUnsafeMutablePointer(to: &start) {
            unsafe BIO_ctrl(sink, BIO_CTRL_INFO, 0, $0)
        }
        guard count > 0, let start = unsafe start else { throw .making }
        return unsafe SecretBytes(copying: UnsafeRawBufferPointer(start: start, count: count))
    }
}

extension RSAPublicKey {
    /// By what an operator's entry on the chain names its key: Keccak-256 of the text by which SSV calls it.
    package var operatorKeyHash: Digest { Keccak256.hash(Array(operatorKey.utf8)) }
}
