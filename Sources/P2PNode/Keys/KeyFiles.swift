internal import Cryptography
internal import FoundationEssentials
internal import Glibc
internal import Primitives
internal import SystemPackage

/// The sealed files in the data directory's `keys`.
///
/// | file | holds | sealed under |
/// |---|---|---|
/// | `master.sealed` | a random key | the passphrase or key file |
/// | `identity.sealed` | the seed of the Ed25519 identity | the master key |
/// | `account.sealed` | the secp256k1 account key | the master key |
/// | `shares-key.sealed` | an operator's RSA key, which members do not have | the master key |
/// | `encryption-<public key>.sealed` | the encryption key of one epoch | the master key and its public key |
///
/// So a passphrase costs its second once at the start, and what is sealed while the node runs needs none.
struct KeyFiles {
    let folder: FilePath

    var master: FilePath { folder.appending("master.sealed") }
    var identity: FilePath { folder.appending("identity.sealed") }
    var account: FilePath { folder.appending("account.sealed") }
    var sharesKey: FilePath { folder.appending("shares-key.sealed") }

    func encryption(_ key: CompressedPoint) -> FilePath { folder.appending("encryption-\(key.hex).sealed") }

    /// The public keys that the names of files say.
    func encryptionKeys() throws(KeyError) -> [CompressedPoint] {
        do {
            return try FileManager.default.contentsOfDirectory(atPath: folder.string).compactMap { name in
                guard name.hasPrefix("encryption-"), name.hasSuffix(".sealed") else { return nil }
                return CompressedPoint(hex: name.dropFirst("encryption-".count).dropLast(".sealed".count))
            }.sorted()
        } catch {
            throw .file(folder.string, "\(error)")
        }
    }

    func seal(
        _ secret: SecretBytes,
        as kind: SecretKind,
        to file: FilePath,
        under key: SealingKey,
        cost: PassphraseCost = .standard,
        context: [UInt8] = [],
        random: inout some SecureRandom
    ) throws(KeyError) {
        let sealed: [UInt8]
        do {
            sealed = try SealedSecret.seal(
                secret,
                as: kind,
                under: key,
                cost: cost,
                context: context,
                random: &random
            )
        } catch {
            throw .sealing(file.string, error)
        }
        try write(sealed, to: file)
    }

    func open(
        _ file: FilePath,
        as kind: SecretKind,
        with key: SealingKey,
        context: [UInt8] = []
    ) throws(KeyError) -> SecretBytes {
        let sealed = try read(file)
        do {
            return try SealedSecret.open(sealed, as: kind, with: key, context: context)
        } catch {
            throw .sealing(file.string, error)
        }
    }

    private func write(_ bytes: [UInt8], to file: FilePath) throws(KeyError) {
        do {
            try AtomicFile.write(unsafe bytes.span.bytes, to: file, replacing: false)
        } catch Errno.fileExists {
            throw .exists(file.string)
        } catch {
            throw .file(file.string, "\(error)")
        }
    }

    private func read(_ file: FilePath) throws(KeyError) -> [UInt8] {
        do {
            let descriptor = try FileDescriptor.open(file, .readOnly, options: [.closeOnExec, .noFollow])
            return try descriptor.closeAfter {
                let status = try descriptor.stat()
                try SecretFile.check(status, file)
                // More than any sealed secret takes.
                guard status.size <= 32_768 else { throw KeyError.tooLong(file.string, limit: 32_768) }
                return try unsafe [UInt8](unsafeUninitializedCapacity: Int(status.size)) { buffer, count in
                    count = try unsafe descriptor.read(into: UnsafeMutableRawBufferPointer(buffer))
                }
            }
        } catch let error as KeyError {
            throw error
        } catch Errno.noSuchFileOrDirectory {
            throw .missing(file.string)
        } catch {
            throw .file(file.string, "\(error)")
        }
    }
}
