internal import CLibcrypto
internal import Primitives

/// The RSA key of an operator in SSV's network, under which shares are encrypted for it.
package struct RSAPublicKey: Sendable {
    /// The key as the network's contract and files have it: base64 of a PEM block.
    package let operatorKey: String
    /// The key's one DER encoding (SubjectPublicKeyInfo, RFC 5280).
    package let encoding: [UInt8]
    private let handle: RSAHandle

    /// How long the text of a key may be; usual are 612 bytes.
    package static let greatestLength = 1_024

    /// Reads the text that SSV calls `operatorKey`.
    ///
    /// The block's label may be `RSA PUBLIC KEY`, which is wrong for its content but what SSV writes, or
    /// `PUBLIC KEY`.
    package init(operatorKey text: String) throws(RSAError) {
        guard text.utf8.count <= Self.greatestLength, let pem = Base64.decode(text) else { throw .base64 }
        operatorKey = text
        encoding = try Self.block(in: String(decoding: pem, as: UTF8.self))
        handle = try Self.handle(encoding)
    }

    /// The public part of a private key, in the text form that SSV writes.
    init(encoding: [UInt8]) throws(RSAError) {
        self.encoding = encoding
        handle = try Self.handle(encoding)
        let digits = Array(Base64.encode(encoding).utf8)
        var pem = "-----BEGIN RSA PUBLIC KEY-----\n"
        for start in stride(from: 0, to: digits.count, by: 64) {
            pem += String(decoding: digits[start..<min(start + 64, digits.count)], as: UTF8.self) + "\n"
        }
        operatorKey = Base64.encode(Array((pem + "-----END RSA PUBLIC KEY-----\n").utf8))
    }

    /// The bytes between the two lines of a label, of which there are no others.
    private static func block(in pem: String) throws(RSAError) -> [UInt8] {
        var lines = pem.split(omittingEmptySubsequences: true) { $0 == "\n" || $0 == "\r" || $0 == "\r\n" }
        guard lines.count >= 3 else { throw .pem }
        let first = lines.removeFirst()
        let last = lines.removeLast()
        let labels = ["RSA PUBLIC KEY", "PUBLIC KEY"]
        guard labels.contains(where: { first == "-----BEGIN \($0)-----" && last == "-----END \($0)-----" }),
            let bytes = Base64.decode(lines.joined())
        else { throw .pem }
        return bytes
    }

    private static func handle(_ encoding: [UInt8]) throws(RSAError) -> RSAHandle {
        defer { ERR_clear_error() }
        var read = 0
        let key = unsafe encoding.withUnsafeBufferPointer { buffer -> OpaquePointer? in
            var position = buffer.baseAddress
            let key = unsafe d2i_PUBKEY(nil, &position, buffer.count)
            read = unsafe position.map { unsafe buffer.baseAddress?.distance(to: $0) ?? 0 } ?? 0
            return unsafe key
        }
        guard let key = unsafe key else { throw .encoding }
        let handle = try unsafe RSAHandle(taking: key)
        guard read == encoding.count, Self.encoding(of: handle) == encoding else { throw .encoding }
        return handle
    }

    /// The DER encoding that libcrypto makes of a key's public part.
    static func encoding(of handle: RSAHandle) -> [UInt8] {
        unsafe handle.withKey { key in
            let count = unsafe i2d_PUBKEY(key, nil)
            guard count > 0 else { return [] }
            return unsafe [UInt8](unsafeUninitializedCapacity: Int(count)) { buffer, written in
                var position = buffer.baseAddress
                written = Int(unsafe i2d_PUBKEY(key, &position))
            }
        }
    }

    /// Encrypts a secret of at most 245 bytes by RSAES-PKCS1-v1_5 (RFC 8017, section 7.2), as SSV's operators expect.
    ///
    /// The padding's randomness is libcrypto's own.
    package func encrypt(_ secret: SecretBytes) throws(RSAError) -> [UInt8] {
        guard secret.count <= RSAHandle.size - 11 else { throw .length(secret.count) }
        let ciphertext = unsafe handle.withContext { context -> [UInt8]? in
            guard unsafe EVP_PKEY_encrypt_init(context) == 1,
                unsafe EVP_PKEY_CTX_set_rsa_padding(context, RSA_PKCS1_PADDING) == 1
            else { return nil }
            var output = [UInt8](repeating: 0, count: RSAHandle.size)
            var count = output.count
            let result = unsafe secret.withUnsafeBytes { input in
                unsafe EVP_PKEY_encrypt(context, &output, &count, input.bytes, input.count)
            }
            return result == 1 && count == RSAHandle.size ? output : nil
        }
        guard let ciphertext else { throw .encryption }
        return ciphertext
    }

    /// Whether the key's holder has signed the message: RSASSA-PSS with SHA-256 (RFC 8017, section 8.1), salt of any
    /// length.
    ///
    /// Go's library, and so SSV's programs, take the longest salt there is room for.
    package func isValid(_ signature: [UInt8], of message: [UInt8]) -> Bool {
        guard signature.count == RSAHandle.size else { return false }
        return unsafe handle.withKey { key in
            guard let context = unsafe EVP_MD_CTX_new() else { return false }
            defer { unsafe EVP_MD_CTX_free(context) }
            var parameters: OpaquePointer?
            guard unsafe EVP_DigestVerifyInit(context, &parameters, EVP_sha256(), nil, key) == 1,
                unsafe EVP_PKEY_CTX_set_rsa_padding(parameters, RSA_PKCS1_PSS_PADDING) == 1,
                unsafe EVP_PKEY_CTX_set_rsa_pss_saltlen(parameters, RSA_PSS_SALTLEN_AUTO) == 1
            else { return false }
            return unsafe EVP_DigestVerify(context, signature, signature.count, message, message.count) == 1
        }
    }
}

/// Two texts of one key are one key.
extension RSAPublicKey: Hashable {
    package static func == (left: RSAPublicKey, right: RSAPublicKey) -> Bool {
        left.encoding == right.encoding
    }

    package func hash(into hasher: inout Hasher) { hasher.combine(encoding) }
}

extension RSAPublicKey: CustomStringConvertible {
    package var description: String { "RSA key " + SHA256.hash(encoding).hex.prefix(16) }
}
