package import Cryptography
package import Primitives
internal import SystemPackage

/// The secrets of a member, or of an operator: who it is, what it pays with, and what its shares are encrypted to.
package struct NodeKeys: Sendable {
    /// Signs the member's words and proves it on its links.
    package let identity: IdentityKey
    /// Pays for transactions.
    package let account: AccountKey
    /// Keys to which shares are, were or will be encrypted, ordered by public key.
    package private(set) var encryption: [EncryptionKey]
    /// An operator's RSA key for shares of validators' keys; `nil` in the keys of a member.
    package let sharesKey: RSAPrivateKey?
    /// Seals what the node keeps in its store.
    package let sealing: SealingKey
    private let files: KeyFiles

    /// The encryption key that a roster names, or `nil` when this node has not the secret of it.
    package func encryptionKey(_ publicKey: CompressedPoint) -> EncryptionKey? {
        encryption.first { $0.publicKey == publicKey }
    }

    /// Makes the keys of a new member and its card.
    ///
    /// All or nothing: the keys appear in one step. With a passphrase it takes about a second and 256 MiB.
    ///
    /// - Parameters:
    ///   - directory: Where they are kept.
    ///   - protection: What opens them later.
    ///   - account: The account's secret key, or `nil` for a fresh one.
    ///   - endpoint: Where peers will find the node.
    ///   - cost: What a guess of the passphrase shall cost.
    ///   - random: Gives the keys.
    /// - Returns: The card, as it is in the directory too.
    /// - Throws: ``KeyError/exists(_:)`` when the directory has keys.
    package static func create(
        in directory: DataDirectory,
        protection: SealingKey,
        account: SecretBytes? = nil,
        endpoint: Endpoint,
        cost: PassphraseCost = .standard,
        random: inout some SecureRandom
    ) throws(KeyError) -> MemberCard {
        let fresh = try FreshKeys(
            in: directory,
            protection: protection,
            account: account,
            cost: cost,
            random: &random
        )
        let encryption = EncryptionKey(random: &random)
        try fresh.files.add(encryption, under: fresh.sealing, random: &random)
        try fresh.keep()
        let card = MemberCard(
            account: fresh.account,
            identity: fresh.identity,
            encryptionKey: encryption.publicKey,
            endpoint: endpoint
        )
        try card.write(to: directory.memberCard)
        return card
    }

    /// Opens the keys of a directory.
    ///
    /// With a passphrase it takes about a second and 256 MiB: not for an event loop.
    ///
    /// - Parameters:
    ///   - directory: Where they are kept.
    ///   - protection: The passphrase or key file they were made with.
    /// - Throws: ``KeyError``, also for files that other users can read.
    package init(in directory: DataDirectory, protection: SealingKey) throws(KeyError) {
        files = KeyFiles(folder: directory.keys)
        let master: SecretBytes
        do {
            master = try files.open(files.master, as: .master, with: protection)
        } catch .missing {
            throw .noKeys(directory.keys.string)
        }
        sealing = .keyFile(master)
        identity = IdentityKey(seed: try files.open(files.identity, as: .identity, with: sealing))
        guard let account = AccountKey(try files.open(files.account, as: .account, with: sealing)) else {
            throw .notAnAccount(files.account.string)
        }
        self.account = account
        sharesKey = try files.openSharesKey(under: sealing)
        encryption = []
        try readEncryptionKeys()
    }

    /// Reads the encryption keys anew, for one that another process has added.
    package mutating func readEncryptionKeys() throws(KeyError) {
        var read: [EncryptionKey] = []
        for publicKey in try files.encryptionKeys() {
            read.append(try files.encryptionKey(publicKey, under: sealing))
        }
        encryption = read
    }

    /// Makes and keeps a fresh encryption key, for the next epoch's roster.
    package mutating func addEncryptionKey(random: inout some SecureRandom) throws(KeyError) -> EncryptionKey
    {
        let key = EncryptionKey(random: &random)
        try files.add(key, under: sealing, random: &random)
        encryption.append(key)
        encryption.sort { $0.publicKey < $1.publicKey }
        return key
    }

    /// Erases an encryption key whose epoch is over; nothing happens when there is none.
    package mutating func eraseEncryptionKey(_ publicKey: CompressedPoint) throws(KeyError) {
        guard encryptionKey(publicKey) != nil else { return }
        try files.erase(files.encryption(publicKey))
        encryption.removeAll { $0.publicKey == publicKey }
    }

    /// The member's card with one of these encryption keys.
    package func card(encryptionKey: CompressedPoint, endpoint: Endpoint) -> MemberCard {
        MemberCard(
            account: account.address,
            identity: identity.identity,
            encryptionKey: encryptionKey,
            endpoint: endpoint
        )
    }
}

/// Shows public keys alone.
extension NodeKeys: CustomStringConvertible {
    package var description: String { "NodeKeys(\(identity.identity))" }
}
