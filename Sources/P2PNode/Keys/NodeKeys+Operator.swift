package import Cryptography
internal import Primitives
internal import SystemPackage

extension NodeKeys {
    /// Makes the keys of a new operator and its card.
    ///
    /// All or nothing, as for a member. An operator has no key to encryption of an epoch, but an RSA key; its account is
    /// the one that may change its entry on the chain.
    ///
    /// - Parameters:
    ///   - directory: Where they are kept.
    ///   - protection: What opens them later.
    ///   - account: The account's secret key, or `nil` for a fresh one.
    ///   - sharesKey: The PEM block of the RSA key that the operator has in SSV's network, or `nil` for a fresh one.
    ///   - endpoint: What is said about where the operator is; nobody dials it.
    ///   - cost: What a guess of the passphrase shall cost.
    ///   - random: Gives the keys, but for the RSA key.
    /// - Returns: The card, as it is in the directory too.
    /// - Throws: ``KeyError/exists(_:)`` when the directory has keys.
    package static func createOperator(
        in directory: DataDirectory,
        protection: SealingKey,
        account: SecretBytes? = nil,
        sharesKey: SecretBytes? = nil,
        endpoint: Endpoint,
        cost: PassphraseCost = .standard,
        random: inout some SecureRandom
    ) throws(KeyError) -> OperatorCard {
        let (block, key) = try rsaKey(sharesKey)
        let fresh = try FreshKeys(
            in: directory,
            protection: protection,
            account: account,
            cost: cost,
            random: &random
        )
        try fresh.files.seal(
            block,
            as: .sharesKey,
            to: fresh.files.sharesKey,
            under: fresh.sealing,
            random: &random
        )
        try fresh.keep()
        let card = OperatorCard(
            account: fresh.account,
            identity: fresh.identity,
            sharesKey: key.publicKey,
            endpoint: endpoint
        )
        try card.write(to: directory.operatorCard)
        return card
    }

    private static func rsaKey(_ given: SecretBytes?) throws(KeyError) -> (SecretBytes, RSAPrivateKey) {
        do throws(RSAError) {
            let block = if let given { given } else { try RSAPrivateKey.make() }
            return (block, try RSAPrivateKey(pem: block))
        } catch {
            throw .notASharesKey("\(error)")
        }
    }
}

extension KeyFiles {
    /// The operator's RSA key; `nil` when there is none, as in a member's keys.
    func openSharesKey(under sealing: SealingKey) throws(KeyError) -> RSAPrivateKey? {
        let block: SecretBytes
        do {
            block = try open(sharesKey, as: .sharesKey, with: sealing)
        } catch .missing {
            return nil
        }
        do {
            return try RSAPrivateKey(pem: block)
        } catch {
            throw .mismatch(sharesKey.string, detail: "\(error)")
        }
    }
}
