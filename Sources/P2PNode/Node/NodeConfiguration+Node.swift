internal import Cryptography
internal import Ethereum
package import Gossip
internal import SystemPackage

extension NodeConfiguration {
    /// What a node is made from, its keys opened.
    ///
    /// With a passphrase that takes about a second.
    ///
    /// - Throws: ``DataDirectoryError`` or ``KeyError``.
    package func nodeSetting(version: SoftwareVersion) throws -> Node.Setting {
        let directory = try DataDirectory(opening: dataDirectory)
        let protection: SealingKey =
            switch protection {
            case .keyFile(let file): .keyFile(try SecretFile.key(file))
            case .passphraseFile(let file): .passphrase(try SecretFile.passphrase(file))
            }
        let keys = try NodeKeys(in: directory, protection: protection)
        // One identity must not be in both roles.
        switch (role, keys.sharesKey) {
        case (.oracle, _?): throw KeyError.ofOperator(directory.keys.string)
        case (.operator, nil): throw KeyError.ofMember(directory.keys.string)
        case (.oracle, nil), (.operator, _?): break
        }
        var setting = Node.Setting(
            version: version,
            directory: directory,
            keys: keys,
            listen: listen,
            statusSocket: statusSocket,
            chainId: chainId,
            genesis: genesis,
            registry: registry,
            operationsSource: operations,
            endpoints: rpc,
            agreement: agreement,
            confirmations: confirmations,
            poll: poll,
            heartbeatInterval: heartbeatInterval,
            stagger: stagger,
            attestationInterval: attestationInterval,
            ceremony: ceremony,
            keptEpochs: keptEpochs.number
        )
        setting.network = network
        if let operations, let network, role == .oracle {
            setting.overseeing = Overseeing(
                contract: operations.contract,
                network: network,
                beacon: beacon,
                files: operationsFiles,
                patience: operationsPatience
            )
        }
        return setting
    }
}
