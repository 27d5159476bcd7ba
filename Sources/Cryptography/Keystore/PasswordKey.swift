internal import CLibcrypto
internal import CSodium
package import Primitives

/// The 32 bytes that a keystore makes of a password (EIP-2335), and what it does with them.
///
/// The first half is the key of a cipher, the second goes into a checksum by which a wrong password shows.
package struct PasswordKey: Sendable {
    private let bytes: SecretBytes

    /// The most of memory and work that is spent on one password: `n * r * p` of scrypt.
    ///
    /// Twice what EIP-2335 recommends; it then takes 512 MiB.
    package static let mostScryptWork = 1 << 22
    /// The most rounds of PBKDF2 that are spent on one password, 16 times what is usual.
    package static let mostRounds = 1 << 22
    /// How many bytes a salt has at most.
    package static let mostSalt = 1_024

    /// By PBKDF2 with HMAC-SHA-256 (RFC 8018).
    ///
    /// `nil` for no rounds, more than ``mostRounds``, or a salt without bytes or too long.
    package init?(password: SecretBytes, salt: [UInt8], rounds: Int) {
        guard (1...Self.mostRounds).contains(rounds), (1...Self.mostSalt).contains(salt.count) else {
            return nil
        }
        unsafe self.init { output in
            unsafe password.withUnsafeBytes { password in
                unsafe PKCS5_PBKDF2_HMAC(
                    password.baseAddress?.assumingMemoryBound(to: CChar.self),
                    Int32(password.count),
                    salt,
                    Int32(salt.count),
                    Int32(rounds),
                    EVP_sha256(),
                    Int32(output.count),
                    output.bytes
                )
            }
        }
    }

    /// By scrypt (RFC 7914).
    ///
    /// `nil` for numbers that RFC 7914 forbids, as `n` that is no power of 2, that ask for more than ``mostScryptWork``, or a salt without bytes or
    /// too long.
    package init?(password: SecretBytes, salt: [UInt8], n: Int, r: Int, p: Int) {
        let most = Self.mostScryptWork
        guard (2...most).contains(n), (1...64).contains(r), (1...64).contains(p),
            n * r * p <= most, (1...Self.mostSalt).contains(salt.count)
        else { return nil }
        unsafe self.init { output in
            unsafe password.withUnsafeBytes { password in
                unsafe EVP_PBE_scrypt(
                    password.baseAddress?.assumingMemoryBound(to: CChar.self),
                    password.count,
                    salt,
                    salt.count,
                    UInt64(n),
                    UInt64(r),
                    UInt64(p),
                    UInt64(2 * 128 * most),
                    output.bytes,
                    output.count
                )
            }
        }
    }

    private init?(_ derive: (UnsafeMutableRawBufferPointer) -> Int32) {
        defer { ERR_clear_error() }
        var result: Int32 = 0
        bytes = unsafe SecretBytes(count: 32) { result = unsafe derive($0) }
        guard result == 1 else { return nil }
    }

    /// SHA-256 of the key's second half and a ciphertext.
    package func checksum(of ciphertext: [UInt8]) -> Digest {
        var digest = Digest()
        unsafe bytes.withUnsafeBytes { key in
            var state = crypto_hash_sha256_state()
            unsafe crypto_hash_sha256_init(&state)
            unsafe crypto_hash_sha256_update(&state, key.bytes + 16, 16)
            unsafe crypto_hash_sha256_update(&state, ciphertext, UInt64(ciphertext.count))
            unsafe digest.withUnsafeMutableBytes { unsafe _ = crypto_hash_sha256_final(&state, $0.bytes) }
            unsafe sodium_memzero(&state, MemoryLayout<crypto_hash_sha256_state>.size)
        }
        return digest
    }

    /// Encrypts a secret with AES-128-CTR under the key's first half; `nil` when libcrypto refuses.
    ///
    /// Never two secrets under one key and one start of the counter.
    package func encrypt(_ secret: SecretBytes, counter: [UInt8]) -> [UInt8]? {
        var ciphertext = [UInt8](repeating: 0, count: secret.count)
        let isDone = unsafe secret.withUnsafeBytes { input in
            unsafe ciphertext.withUnsafeMutableBytes { unsafe cipher(input, counter: counter, into: $0) }
        }
        return isDone ? ciphertext : nil
    }

    /// Decrypts what ``encrypt(_:counter:)`` makes; the checksum is for the caller to compare before.
    package func decrypt(_ ciphertext: [UInt8], counter: [UInt8]) -> SecretBytes? {
        guard (1...SecretMemory.greatestLength).contains(ciphertext.count) else { return nil }
        var isDone = false
        let secret = unsafe SecretBytes(count: ciphertext.count) { output in
            isDone = unsafe ciphertext.withUnsafeBytes { unsafe cipher($0, counter: counter, into: output) }
        }
        return isDone ? secret : nil
    }

    private func cipher(
        _ input: UnsafeRawBufferPointer,
        counter: [UInt8],
        into output: UnsafeMutableRawBufferPointer
    ) -> Bool {
        guard counter.count == 16, let context = unsafe EVP_CIPHER_CTX_new() else { return false }
        defer {
            unsafe EVP_CIPHER_CTX_free(context)
            ERR_clear_error()
        }
        return unsafe bytes.withUnsafeBytes { key in
            var written: Int32 = 0
            return unsafe EVP_EncryptInit_ex(context, EVP_aes_128_ctr(), nil, key.bytes, counter) == 1
                && EVP_EncryptUpdate(context, output.bytes, &written, input.bytes, Int32(input.count)) == 1
                && Int(written) == input.count
        }
    }
}
