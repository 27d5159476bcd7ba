internal import CLibcrypto

/// An operator's own RSA key, with which it opens the shares encrypted for it.
///
/// The key lies in memory of libcrypto's own, which it wipes when the key goes; what is decrypted lies in
/// ``SecretBytes``.
package struct RSAPrivateKey: Sendable {
    /// The key that others encrypt under.
    package let publicKey: RSAPublicKey
    private let handle: RSAHandle

    /// Reads a PEM block, `RSA PRIVATE KEY` (PKCS #1) or `PRIVATE KEY` (PKCS #8), that is not itself encrypted.
    package init(pem: SecretBytes) throws(RSAError) {
        defer { ERR_clear_error() }
        let key = unsafe pem.withUnsafeBytes { bytes -> OpaquePointer? in
            guard let source = unsafe BIO_new_mem_buf(bytes.baseAddress, Int32(bytes.count)) else {
                return nil
            }
            defer { unsafe BIO_free(source) }
            // Without this libcrypto would ask at the terminal for the password of an encrypted block.
            return unsafe PEM_read_bio_PrivateKey(source, nil, { _, _, _, _ in -1 }, nil)
        }
        guard let key = unsafe key else { throw .pem }
        handle = try unsafe RSAHandle(taking: key)
        let isConsistent = unsafe handle.withContext { unsafe EVP_PKEY_check($0) == 1 ? true : nil }
        guard isConsistent == true else { throw .inconsistent }
        publicKey = try RSAPublicKey(encoding: RSAPublicKey.encoding(of: handle))
    }

    /// Opens what ``RSAPublicKey/encrypt(_:)`` or SSV's programs have made.
    ///
    /// Whoever could send ciphertexts at will and learn which ones fail could decrypt others with that knowledge
    /// (Bleichenbacher 1998). Only for ciphertexts from files and messages that are checked first.
    package func decrypt(_ ciphertext: [UInt8]) throws(RSAError) -> SecretBytes {
        guard ciphertext.count == RSAHandle.size else { throw .decryption }
        let secret = unsafe handle.withContext { context -> SecretBytes? in
            guard unsafe EVP_PKEY_decrypt_init(context) == 1,
                unsafe EVP_PKEY_CTX_set_rsa_padding(context, RSA_PKCS1_PADDING) == 1
            else { return nil }
            var count = RSAHandle.size
            var result: Int32 = 0
            let room = unsafe SecretBytes(count: RSAHandle.size) { output in
                result = unsafe EVP_PKEY_decrypt(context, output.bytes, &count, ciphertext, ciphertext.count)
            }
            guard result == 1, count > 0 else { return nil }
            return unsafe room.withUnsafeBytes { unsafe SecretBytes(copying: .init(rebasing: $0[..<count])) }
        }
        guard let secret else { throw .decryption }
        return secret
    }
}

/// Says whose it is, not what it is.
extension RSAPrivateKey: CustomStringConvertible {
    package var description: String { "private part of \(publicKey)" }
}
