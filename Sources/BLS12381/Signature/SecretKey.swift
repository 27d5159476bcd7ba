package import Cryptography
internal import Primitives

/// A secret key of the signature scheme: a number modulo r other than 0.
package struct SecretKey: Sendable, Equatable {
    /// The key as a number.
    package let scalar: SecretFr

    /// A uniformly random key.
    package init(random: inout some SecureRandom) {
        var scalar = SecretFr(random: &random)
        // Once in 2^255 draws.
        while scalar.isZero { scalar = SecretFr(random: &random) }
        self.scalar = scalar
    }

    /// Takes a number, or answers `nil` for 0.
    package init?(_ scalar: SecretFr) {
        guard !scalar.isZero else { return nil }
        self.scalar = scalar
    }

    /// Derives a key from secret input, by `KeyGen` (draft-irtf-cfrg-bls-signature-05, section 2.3).
    ///
    /// `nil` when the input has fewer than 32 bytes, which the draft does not allow. `info` is public and may tell
    /// keys from the same input apart.
    package init?(derivingFrom material: SecretBytes, info: [UInt8] = []) {
        guard material.count >= 32 else { return nil }
        var salt = SHA256.hash(Array("BLS-SIG-KEYGEN-SALT-".utf8))
        while true {
            let scalar = Self.candidate(material, salt: salt.array, info: info)
            if !scalar.isZero {
                self.scalar = scalar
                return
            }
            salt = SHA256.hash(salt.array)
        }
    }

    /// HKDF (RFC 5869) with an output of L = 48 bytes, modulo r.
    private static func candidate(_ material: SecretBytes, salt: [UInt8], info: [UInt8]) -> SecretFr {
        let salt = unsafe salt.withUnsafeBytes { unsafe SecretBytes(copying: $0) }
        let key = SecretHMAC.hash(key: salt, material, tail: [0])
        let tail = info + [0, 48]
        let first = SecretHMAC.hash(key: key, nil, tail: tail + [1])
        let second = SecretHMAC.hash(key: key, first, tail: tail + [2])
        let output = unsafe SecretBytes(count: 48) { output in
            unsafe first.withUnsafeBytes { unsafe output.copyMemory(from: $0) }
            unsafe second.withUnsafeBytes { second in
                for index in 0..<16 { unsafe output[32 + index] = second[index] }
            }
        }
        return SecretFr(reducing: output)
    }

    /// The public key: the multiple of G1's generator.
    ///
    /// Takes about 0.15 ms.
    package var publicKey: PublicKey { PublicKey(nonzero: scalar.publicElement) }

    /// Signs a message.
    ///
    /// Takes about 0.7 ms; the time may depend on the message, never on the key.
    package func sign(_ message: [UInt8]) -> Signature {
        Signature(G2(scalar.published(times: HashToG2.hash(message, tag: Suite.signature))))
    }

    /// Proves that whoever publishes the public key, which is this key's own, knows this one.
    package func provePossession(of publicKey: PublicKey) -> ProofOfPossession {
        let point = HashToG2.hash(publicKey.bytes.array, tag: Suite.possession)
        return ProofOfPossession(G2(scalar.published(times: point)))
    }
}

/// Says that there is a secret, not which.
extension SecretKey: CustomStringConvertible {
    package var description: String { scalar.description }
}
