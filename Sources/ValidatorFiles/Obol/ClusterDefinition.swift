package import KeyOperations
package import Primitives

/// What the operators of an Obol cluster agreed on before they made its keys.
package struct ClusterDefinition: Hashable, Sendable {
    /// The versions that are known; later ones hash in other ways.
    package enum Version: String, Comparable, Sendable, CaseIterable {
        case v1_7 = "v1.7.0"
        case v1_8 = "v1.8.0"
        case v1_9 = "v1.9.0"
        case v1_10 = "v1.10.0"

        package static func < (one: Version, other: Version) -> Bool {
            (allCases.firstIndex(of: one) ?? 0) < (allCases.firstIndex(of: other) ?? 0)
        }
    }

    /// An account with what it signed.
    struct Operator: Hashable, Sendable {
        var address: Address
        var record = ""
        var configSignature: [UInt8]
        var recordSignature: [UInt8] = []
    }

    /// Where a validator's ether goes.
    struct Addresses: Hashable, Sendable {
        var feeRecipient: Address
        var withdrawal: Address
    }

    var uuid: String
    var name: String
    /// The form of file and hashes.
    package var version: Version
    var timestamp: String
    /// How many validators there are.
    package var validatorCount: UInt64
    /// How many shares make a signature.
    package var threshold: UInt64
    var algorithm: String
    /// The genesis version of the network.
    package var forkVersion: ForkVersion
    var operators: [Operator]
    var creator: Operator
    var addresses: [Addresses]
    var depositAmounts: [UInt64] = []
    var consensusProtocol = ""
    var targetGasLimit: UInt64 = 0
    var isCompounding = false
    /// The hash without what operators add, as stated.
    package var configHash: Digest
    /// The hash of everything, as stated.
    package var definitionHash: Digest

    /// What the first hash is by the content.
    package var computedConfigHash: Digest { root(configOnly: true) }
    /// What the second hash is by the content.
    package var computedHash: Digest { root(configOnly: false) }

    private func root(configOnly: Bool) -> Digest {
        let operators = operators.map { one in
            ClusterHash.container(
                [one.address.hashTreeRoot()]
                    + (configOnly
                        ? []
                        : [
                            ClusterHash.text(one.record, limit: 1_024), signature(one.configSignature),
                            signature(one.recordSignature),
                        ])
            )
        }
        let addresses = addresses.map {
            ClusterHash.container([$0.feeRecipient.hashTreeRoot(), $0.withdrawal.hashTreeRoot()])
        }
        var fields = [
            ClusterHash.text(uuid, limit: 64), ClusterHash.text(name, limit: 256),
            ClusterHash.text(version.rawValue, limit: 16), ClusterHash.text(timestamp, limit: 32),
            validatorCount.hashTreeRoot(), threshold.hashTreeRoot(), ClusterHash.text(algorithm, limit: 32),
            forkVersion.hashTreeRoot(), ClusterHash.list(operators, limit: 256),
            ClusterHash.container(
                [creator.address.hashTreeRoot()] + (configOnly ? [] : [signature(creator.configSignature)])
            ),
            ClusterHash.list(addresses, limit: 65_536),
        ]
        if version >= .v1_8 { fields.append(ClusterHash.numbers(depositAmounts, limit: 256)) }
        if version >= .v1_9 { fields.append(ClusterHash.text(consensusProtocol, limit: 256)) }
        if version >= .v1_10 {
            fields += [targetGasLimit.hashTreeRoot(), UInt64(isCompounding ? 1 : 0).hashTreeRoot()]
        }
        if !configOnly { fields.append(configHash.hashTreeRoot()) }
        return ClusterHash.container(fields)
    }

    /// 65 bytes, zeros where nothing was signed.
    private func signature(_ bytes: [UInt8]) -> Digest {
        ClusterHash.vector(bytes.isEmpty ? [UInt8](repeating: 0, count: 65) : bytes)
    }
}
