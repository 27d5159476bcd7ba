internal import CSodium

/// What a secret at rest is protected by.
package enum SealingKey: Sendable {
    /// Words of a person, in UTF-8 as they are: nothing is trimmed or normalized.
    case passphrase(SecretBytes)
    /// The content of a key file: 32 random bytes.
    ///
    /// That only its owner can read the file is for the caller to check.
    case keyFile(SecretBytes)

    /// The number of bytes of a key file.
    package static let keyFileSize = 32

    /// The two sorts of protection.
    package enum Sort: UInt8, Sendable {
        /// Argon2id over a passphrase.
        case passphrase = 1
        /// A key file.
        case keyFile = 2
    }

    /// Which sort of protection this is.
    package var sort: Sort {
        switch self {
        case .passphrase: .passphrase
        case .keyFile: .keyFile
        }
    }

    /// The 32 bytes that seal.
    ///
    /// Takes as long and as much memory as `cost` says, when there is a passphrase.
    func derive(_ cost: PassphraseCost, salt: [UInt8]) throws(SealingError) -> SecretBytes {
        switch self {
        case .keyFile(let key):
            guard key.count == Self.keyFileSize else { throw .keyFileLength(key.count) }
            return key
        case .passphrase(let words):
            Libraries.prepare()
            precondition(salt.count == Int(crypto_pwhash_SALTBYTES), "Argon2id takes 16 bytes of salt")
            return try unsafe SecretBytes(count: 32) { (key) throws(SealingError) in
                let result = unsafe words.withUnsafeBytes { words in
                    unsafe crypto_pwhash(
                        key.bytes,
                        UInt64(key.count),
                        words.bytes.withMemoryRebound(to: CChar.self, capacity: words.count) { unsafe $0 },
                        UInt64(words.count),
                        salt,
                        UInt64(cost.passes),
                        Int(cost.memoryKiB) * 1_024,
                        crypto_pwhash_ALG_ARGON2ID13
                    )
                }
                guard result == 0 else { throw .outOfMemory(kibibytes: cost.memoryKiB) }
            }
        }
    }
}

/// What one guess of a passphrase costs (Argon2id version 1.3 with one lane, RFC 9106).
package struct PassphraseCost: Hashable, Sendable {
    /// Passes over the memory, 1...16.
    package let passes: UInt32
    /// Memory in KiB, 8...1,048,576.
    package let memoryKiB: UInt32

    /// About a second and 256 MiB: for secrets opened once at the start of a node.
    package static let standard = PassphraseCost(unchecked: 3, 262_144)

    /// A cost within the bounds; `nil` outside of them.
    ///
    /// The bounds hold for reading too, so that a damaged or planted file can neither exhaust the memory nor
    /// keep the node busy for hours.
    package init?(passes: UInt32, memoryKiB: UInt32) {
        guard (1...16).contains(passes), (8...1_048_576).contains(memoryKiB) else { return nil }
        self.init(unchecked: passes, memoryKiB)
    }

    private init(unchecked passes: UInt32, _ memoryKiB: UInt32) {
        self.passes = passes
        self.memoryKiB = memoryKiB
    }
}
