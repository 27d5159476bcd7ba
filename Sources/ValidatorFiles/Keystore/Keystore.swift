package import Cryptography
package import Primitives

/// A secret under a password (EIP-2335): a validator's key, a share of one, or a signed exit put by.
package struct Keystore: Hashable, Sendable {
    /// How the password becomes a key.
    package enum Derivation: Hashable, Sendable {
        /// RFC 7914.
        case scrypt(n: Int, r: Int, p: Int, salt: [UInt8])
        /// RFC 8018 with HMAC-SHA-256.
        case pbkdf2(rounds: Int, salt: [UInt8])
    }

    /// How the password becomes a key.
    package var derivation: Derivation
    /// Shows whether password and ciphertext belong together.
    package var checksum: Digest
    /// Where the cipher's counter starts, 16 bytes.
    package var counter: [UInt8]
    /// The secret by AES-128-CTR.
    package var ciphertext: [UInt8]
    /// What goes with it; `nil` in files that hold the ciphertext alone, as SSV's operators keep their RSA key.
    package var label: Label?

    /// What stands in a keystore beside the ciphertext; nothing in it is authenticated.
    package struct Label: Hashable, Sendable {
        /// Free text.
        package var description: String
        /// The public key in hexadecimal without prefix, or empty where the secret is no key.
        package var publicKey: String
        /// Where the key was derived (EIP-2334), or empty.
        package var path: String
        /// A name for the keystore (RFC 4122).
        package var uuid: String

        /// Joins them.
        package init(description: String = "", publicKey: String = "", path: String = "", uuid: String) {
            self.description = description
            self.publicKey = publicKey
            self.path = path
            self.uuid = uuid
        }
    }

    /// How many bytes the secret has at most.
    package static let mostSecret = 8_192
    /// How many bytes a file has at most.
    package static let mostBytes = 65_536

    /// What EIP-2335 recommends for scrypt; takes 256 MiB and about a second.
    package static func scrypt(salt: [UInt8]) -> Derivation { .scrypt(n: 262_144, r: 8, p: 1, salt: salt) }
    /// What EIP-2335 recommends for PBKDF2.
    package static func pbkdf2(salt: [UInt8]) -> Derivation { .pbkdf2(rounds: 262_144, salt: salt) }

    /// Puts a secret under a password.
    ///
    /// Salt and counter have to be random and used once.
    package init(
        _ secret: SecretBytes,
        password: KeystorePassword,
        derivation: Derivation,
        counter: [UInt8],
        label: Label?
    ) throws(FileFault) {
        let key = try Self.key(password, derivation)
        guard secret.count <= Self.mostSecret, let ciphertext = key.encrypt(secret, counter: counter) else {
            throw FileFault(
                "",
                "the secret cannot be encrypted",
                remedy: "give at most \(Self.mostSecret) bytes"
            )
        }
        self.derivation = derivation
        self.counter = counter
        self.ciphertext = ciphertext
        self.label = label
        checksum = key.checksum(of: ciphertext)
    }

    init(derivation: Derivation, checksum: Digest, counter: [UInt8], ciphertext: [UInt8], label: Label?) {
        self.derivation = derivation
        self.checksum = checksum
        self.counter = counter
        self.ciphertext = ciphertext
        self.label = label
    }

    /// The secret, if the password is the right one; takes up to some seconds and 512 MiB.
    package func open(_ password: KeystorePassword) throws(FileFault) -> SecretBytes {
        let key = try Self.key(password, derivation)
        guard key.checksum(of: ciphertext) == checksum else {
            throw FileFault(
                "crypto.checksum.message",
                "does not fit the password",
                remedy: "check the password; if it is right the file is damaged: take a backup"
            )
        }
        guard let secret = key.decrypt(ciphertext, counter: counter) else {
            throw FileFault("crypto.cipher", "cannot be decrypted", remedy: Remedy.fetchAgain)
        }
        return secret
    }

    private static func key(
        _ password: KeystorePassword,
        _ derivation: Derivation
    ) throws(FileFault) -> PasswordKey {
        let key =
            switch derivation {
            case .scrypt(let n, let r, let p, let salt):
                PasswordKey(password: password.bytes, salt: salt, n: n, r: r, p: p)
            case .pbkdf2(let rounds, let salt):
                PasswordKey(password: password.bytes, salt: salt, rounds: rounds)
            }
        guard let key else {
            throw FileFault(
                "crypto.kdf.params",
                "are numbers that are not allowed, or cost more than is spent on a password",
                remedy: "make the keystore again with the numbers that EIP-2335 recommends"
            )
        }
        return key
    }
}

extension Keystore {
    /// Notes what it is; whether it opens, the password alone tells.
    func examine(_ report: inout FileReport) {
        let derived =
            switch derivation {
            case .scrypt(let n, let r, let p, _): "scrypt with n = \(n), r = \(r), p = \(p)"
            case .pbkdf2(let rounds, _): "PBKDF2 with \(rounds) rounds"
            }
        report.note("\(ciphertext.count) secret bytes under a password by \(derived); not opened")
    }
}
