package import BLS12381
package import Cryptography
package import Primitives

/// Tells the ciphertext of a share from other strings of 256 bytes.
package enum EncryptedShareTag {}

/// A share of a validator's key under an operator's RSA key: its hexadecimal digits, by PKCS #1 v1.5.
package typealias EncryptedShare = FixedBytes<EncryptedShareTag, 256>

extension RSAPublicKey {
    /// Encrypts a share for the operator.
    package func encrypt(_ share: SecretFr) throws(RSAError) -> EncryptedShare {
        guard let share = EncryptedShare(try encrypt(SecretHex.encode(share.bytes))) else {
            throw .encryption
        }
        return share
    }
}

extension RSAPrivateKey {
    /// Opens a share, which has to be the one that belongs to a public key.
    package func decrypt(_ share: EncryptedShare, of publicKey: PublicKey) throws(FileFault) -> SecretFr {
        let text: SecretBytes
        do {
            text = try decrypt(share.array)
        } catch {
            throw FileFault(
                "",
                "the share cannot be opened: \(error)",
                remedy: "use the key of the operator it is for"
            )
        }
        guard let secret = SecretHex.decode(text).flatMap({ SecretFr($0) }),
            secret.publicElement == publicKey.element
        else {
            throw FileFault(
                "",
                "what is encrypted is not the share that the public key belongs to",
                remedy: "do not register the validator: its dealers cheated this operator"
            )
        }
        return secret
    }
}
