internal import CSodium
internal import Primitives

/// What a sealed secret is for.
///
/// One is never taken for another, even under one key.
package enum SecretKind: UInt8, Sendable, CaseIterable {
    /// The seed of the member's Ed25519 identity.
    case identity = 1
    /// The secret key of the member's account.
    case account = 2
    /// The member's share of a group key.
    case share = 3
    /// The secret key to which dealers encrypt the member's shares.
    case encryption = 4
    /// What the member has dealt in a key generation.
    case dealing = 5
    /// The random key under which a node seals its other secrets, so that only this one needs the passphrase.
    case master = 6
    /// An operator's RSA key, in PEM, under which others encrypt its shares of validators' keys.
    case sharesKey = 7
    /// The secret key to which an operator's shares are dealt in one attempt at an operation.
    case attemptKey = 8
    /// An operator's share of a validator's key.
    case validatorShare = 9
}

/// Secrets at rest: XChaCha20-Poly1305 under a passphrase or a key file.
///
/// | offset | bytes | field |
/// |---|---|---|
/// | 0 | 8 | `"ORACLE" 0x1A 0x0A` |
/// | 8 | 1 | version, 1 |
/// | 9 | 1 | ``SecretKind`` |
/// | 10 | 1 | ``SealingKey/Sort`` |
/// | 11 | 1 | 0 |
/// | 12 | 4 | Argon2id passes, LE; 0 with a key file |
/// | 16 | 4 | Argon2id memory in KiB, LE; 0 with a key file |
/// | 20 | 16 | Argon2id salt; zeros with a key file |
/// | 36 | 24 | nonce |
/// | 60 | 4 | number n of secret bytes, LE |
/// | 64 | n | ciphertext |
/// | 64 + n | 16 | tag |
///
/// The 64 bytes before the ciphertext are associated data, and after them the caller's context: what must be
/// known already for the secret to make sense, such as the epoch of a share. Opening under another context fails.
package enum SealedSecret {
    /// Seals a secret under a fresh salt and nonce.
    ///
    /// - Parameters:
    ///   - secret: What to seal.
    ///   - kind: What it is for.
    ///   - key: What protects it.
    ///   - cost: What a guess of the passphrase shall cost; of no meaning with a key file.
    ///   - context: Public bytes that opening must repeat.
    ///   - random: Gives salt and nonce.
    /// - Returns: The bytes to store.
    /// - Throws: ``SealingError/keyFileLength(_:)`` or ``SealingError/outOfMemory(kibibytes:)``.
    package static func seal(
        _ secret: SecretBytes,
        as kind: SecretKind,
        under key: SealingKey,
        cost: PassphraseCost = .standard,
        context: [UInt8] = [],
        random: inout some SecureRandom
    ) throws(SealingError) -> [UInt8] {
        let header = SealedSecretHeader(
            kind: kind.rawValue,
            protection: key.sort,
            cost: key.sort == .passphrase ? cost : nil,
            salt: key.sort == .passphrase ? random.bytes() : SealedSecretHeader.Salt(),
            nonce: random.bytes(),
            count: secret.count
        )
        let sealing = try key.derive(cost, salt: header.salt.array)
        let associated = header.bytes + context
        var bytes = header.bytes + repeatElement(0, count: secret.count + SealedSecretHeader.tagSize)
        var span = bytes.mutableSpan
        unsafe span.withUnsafeMutableBytes { bytes in
            unsafe secret.withUnsafeBytes { secret in
                unsafe sealing.withUnsafeBytes { sealing in
                    let result = unsafe crypto_aead_xchacha20poly1305_ietf_encrypt(
                        bytes.bytes + SealedSecretHeader.size,
                        nil,
                        secret.bytes,
                        UInt64(secret.count),
                        associated,
                        UInt64(associated.count),
                        nil,
                        header.nonce.array,
                        sealing.bytes
                    )
                    precondition(result == 0, "libsodium seals every message")
                }
            }
        }
        return bytes
    }

    /// Opens what ``seal(_:as:under:cost:context:random:)`` made.
    ///
    /// With a passphrase it takes as long and as much memory as the header says, within the bounds of
    /// ``PassphraseCost``; everything that can be checked before is.
    package static func open(
        _ bytes: [UInt8],
        as kind: SecretKind,
        with key: SealingKey,
        context: [UInt8] = []
    ) throws(SealingError) -> SecretBytes {
        let header = try SealedSecretHeader(bytes)
        guard header.kind == kind.rawValue else { throw .otherKind(header.kind, expected: kind) }
        guard header.protection == key.sort else { throw .otherProtection(expected: header.protection) }
        let sealing = try key.derive(header.cost ?? .standard, salt: header.salt.array)
        let associated = bytes[..<SealedSecretHeader.size] + context
        let ciphertext = Array(bytes[SealedSecretHeader.size...])
        return try unsafe SecretBytes(count: header.count) { (secret) throws(SealingError) in
            let result = unsafe sealing.withUnsafeBytes { sealing in
                unsafe crypto_aead_xchacha20poly1305_ietf_decrypt(
                    secret.bytes,
                    nil,
                    nil,
                    ciphertext,
                    UInt64(ciphertext.count),
                    Array(associated),
                    UInt64(associated.count),
                    header.nonce.array,
                    sealing.bytes
                )
            }
            guard result == 0 else { throw .wrongKeyOrDamaged }
        }
    }

    /// What protects a sealed secret, so that the caller can ask for the right key.
    ///
    /// Only after ``open(_:as:with:context:)`` is it known to be true.
    package static func protection(of bytes: [UInt8]) throws(SealingError) -> SealingKey.Sort {
        try SealedSecretHeader(bytes).protection
    }
}
