package import Cryptography
internal import Glibc
package import SystemPackage

/// Reads secrets that lie in files of their own: passphrases, key files, keys to import.
package enum SecretFile {
    /// The longest passphrase, in bytes.
    package static let passphraseLimit = 4_096

    /// A passphrase: the file's content without one line break at its end.
    package static func passphrase(_ path: FilePath) throws(KeyError) -> SecretBytes {
        let content = try read(path, limit: passphraseLimit + 2)
        let passphrase = unsafe content.withUnsafeBytes { bytes -> SecretBytes? in
            var count = bytes.count
            if unsafe count > 0 && bytes[count - 1] == UInt8(ascii: "\n") { count -= 1 }
            if unsafe count > 0 && bytes[count - 1] == UInt8(ascii: "\r") { count -= 1 }
            guard count > 0 else { return nil }
            return unsafe SecretBytes(copying: UnsafeRawBufferPointer(rebasing: bytes[..<count]))
        }
        guard let passphrase else { throw .empty(path.string) }
        return passphrase
    }

    /// The 32 bytes of a key file.
    package static func key(_ path: FilePath) throws(KeyError) -> SecretBytes {
        let content = try read(path, limit: SealingKey.keyFileSize)
        guard content.count == SealingKey.keyFileSize else {
            throw .sealing(path.string, .keyFileLength(content.count))
        }
        return content
    }

    /// A secp256k1 key as 64 hexadecimal digits, with or without `0x` and a line break.
    package static func account(_ path: FilePath) throws(KeyError) -> SecretBytes {
        let text = try passphrase(path)
        guard let key = SecretHex.decode(text), AccountKey(key) != nil else {
            throw .notAnAccount(path.string)
        }
        return key
    }

    /// Makes a key file of random bytes; one that is there already stays and is an error.
    package static func makeKey(_ path: FilePath, random: inout some SecureRandom) throws(KeyError)
        -> SecretBytes
    {
        let key = SecretBytes(count: SealingKey.keyFileSize, random: &random)
        do {
            try unsafe key.withUnsafeBytes {
                try unsafe AtomicFile.write($0.bytes, to: path, replacing: false)
            }
        } catch {
            throw .file(path.string, "\(error)")
        }
        return key
    }

    /// The content of a regular file that nobody else can read, straight into locked memory.
    ///
    /// At most ``SecretMemory/greatestLength`` bytes.
    package static func content(_ path: FilePath) throws(KeyError) -> SecretBytes {
        try read(path, limit: SecretMemory.greatestLength)
    }

    private static func read(_ path: FilePath, limit: Int) throws(KeyError) -> SecretBytes {
        let file = try open(path)
        defer { try? file.close() }
        let status: Stat
        do {
            status = try file.stat()
        } catch {
            throw .file(path.string, "\(error)")
        }
        try check(status, path)
        guard status.size > 0 else { throw .empty(path.string) }
        guard status.size <= limit else { throw .tooLong(path.string, limit: limit) }
        return try unsafe SecretBytes(count: Int(status.size)) { (buffer) throws(KeyError) in
            let count: Int
            do {
                count = try unsafe file.read(into: buffer)
            } catch {
                throw .file(path.string, "\(error)")
            }
            guard count == buffer.count else { throw .file(path.string, "it changed while it was read") }
        }
    }

    private static func open(_ path: FilePath) throws(KeyError) -> FileDescriptor {
        do {
            return try FileDescriptor.open(path, .readOnly, options: [.closeOnExec])
        } catch {
            if case Errno.noSuchFileOrDirectory = error { throw .missing(path.string) }
            throw .file(path.string, "\(error)")
        }
    }

    /// Whether a file's owner and mode keep it from other users.
    static func check(_ status: Stat, _ path: FilePath) throws(KeyError) {
        guard status.type == .regular else { throw .file(path.string, "it is not a regular file") }
        let owner = status.userID.rawValue
        guard owner == geteuid() || owner == 0 else { throw .foreign(path.string, owner: owner) }
        let others: FilePermissions = [.groupReadWriteExecute, .otherReadWriteExecute]
        guard status.permissions.isDisjoint(with: others) else { throw .open(path.string) }
    }
}
