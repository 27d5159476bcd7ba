internal import Cryptography
internal import FoundationEssentials
internal import Glibc
internal import Primitives
internal import SystemPackage

extension KeyFiles {
    /// Makes the folder, empty.
    func startAfresh() throws(KeyError) {
        do {
            if FileManager.default.fileExists(atPath: folder.string) {
                try FileManager.default.removeItem(atPath: folder.string)
            }
        } catch {
            throw .file(folder.string, "\(error)")
        }
        guard unsafe mkdir(folder.string, 0o700) == 0 else {
            throw .file(folder.string, "\(Errno(rawValue: errno))")
        }
    }

    /// Moves the whole folder into its place in one step, durably.
    func move(to place: FilePath) throws(KeyError) {
        do {
            try AtomicFile.syncDirectory(folder)
            guard unsafe rename(folder.string, place.string) == 0 else { throw Errno(rawValue: errno) }
            try AtomicFile.syncDirectory(place.removingLastComponent())
        } catch Errno.directoryNotEmpty, Errno.fileExists {
            throw .exists(place.string)
        } catch {
            throw .file(place.string, "\(error)")
        }
    }

    func add(
        _ key: EncryptionKey,
        under sealing: SealingKey,
        random: inout some SecureRandom
    ) throws(KeyError) {
        try seal(
            key.secret.bytes,
            as: .encryption,
            to: encryption(key.publicKey),
            under: sealing,
            context: key.publicKey.array,
            random: &random
        )
    }

    func encryptionKey(_ publicKey: CompressedPoint, under sealing: SealingKey) throws(KeyError)
        -> EncryptionKey
    {
        let file = encryption(publicKey)
        let secret = try open(file, as: .encryption, with: sealing, context: publicKey.array)
        guard let key = EncryptionKey(secret), key.publicKey == publicKey else {
            throw .mismatch(file.string, detail: "it holds another key than its name says")
        }
        return key
    }

    /// Overwrites a file before it is removed, as far as the file system lets that reach the disk.
    func erase(_ file: FilePath) throws(KeyError) {
        do {
            let descriptor = try FileDescriptor.open(file, .writeOnly, options: [.closeOnExec, .noFollow])
            try descriptor.closeAfter {
                let size = try descriptor.stat().size
                try descriptor.writeAll(repeatElement(0, count: Int(size)))
                guard fsync(descriptor.rawValue) == 0 else { throw Errno(rawValue: errno) }
            }
            guard unsafe unlink(file.string) == 0 else { throw Errno(rawValue: errno) }
            try AtomicFile.syncDirectory(folder)
        } catch {
            throw .file(file.string, "\(error)")
        }
    }
}
