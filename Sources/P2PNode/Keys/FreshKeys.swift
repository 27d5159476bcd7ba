internal import Cryptography
internal import Glibc
internal import Primitives
internal import SystemPackage

/// What the keys of a member and of an operator have in common, in a folder that is not in its place yet.
struct FreshKeys {
    let files: KeyFiles
    let sealing: SealingKey
    let identity: Identity
    let account: Address
    private let place: FilePath

    /// Seals a fresh identity, and the account's key or a fresh one.
    ///
    /// - Throws: ``KeyError/exists(_:)`` when the directory has keys.
    init(
        in directory: DataDirectory,
        protection: SealingKey,
        account: SecretBytes?,
        cost: PassphraseCost,
        random: inout some SecureRandom
    ) throws(KeyError) {
        place = directory.keys
        guard unsafe access(place.string, F_OK) != 0 else { throw .exists(place.string) }
        // What an earlier attempt left unfinished was never in use.
        files = KeyFiles(folder: FilePath(place.string + ".new"))
        try files.startAfresh()
        let seed = SecretBytes(count: 32, random: &random)
        let payer = account ?? SecretScalar(random: &random).bytes
        guard let accountKey = AccountKey(payer) else { throw .notAnAccount("the account to import") }
        let master = SecretBytes(count: SealingKey.keyFileSize, random: &random)
        sealing = .keyFile(master)
        try files.seal(
            master,
            as: .master,
            to: files.master,
            under: protection,
            cost: cost,
            random: &random
        )
        try files.seal(seed, as: .identity, to: files.identity, under: sealing, random: &random)
        try files.seal(payer, as: .account, to: files.account, under: sealing, random: &random)
        identity = IdentityKey(seed: seed).identity
        self.account = accountKey.address
    }

    /// Moves them into their place, all at once.
    func keep() throws(KeyError) {
        try files.move(to: place)
    }
}
