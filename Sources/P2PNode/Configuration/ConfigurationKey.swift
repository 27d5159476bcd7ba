/// A setting by its name in the configuration file: groups and a word, with dots between.
///
/// The same name with `ORACLE_` before it, in capitals and with underscores, is its environment variable:
/// `chain.poll` is `ORACLE_CHAIN_POLL`, `keys.keyFile` is `ORACLE_KEYS_KEY_FILE`.
package enum ConfigurationKey: String, CaseIterable, Sendable {
    /// What the process is: an oracle or an operator.
    case role = "role"
    /// The operator's number on the chain.
    case operatorId = "operator.id"
    /// The data directory.
    case dataDirectory = "data.directory"
    /// A file with the passphrase that opens the keys.
    case passphraseFile = "keys.passphraseFile"
    /// A file with the 32 bytes that open the keys.
    case keyFile = "keys.keyFile"
    /// Where members' links are accepted.
    case listenAddress = "listen.address"
    /// The registry contract.
    case registryAddress = "registry.address"
    /// The contract for validators' keys.
    case operationsAddress = "operations.address"
    /// The block from which on its logs are read.
    case operationsFirstBlock = "operations.firstBlock"
    /// Where the files of finished operations are written.
    case operationsFiles = "operations.files"
    /// How long an operator's next word may take.
    case operationsPatience = "operations.patience"
    /// Beacon nodes, by the addresses of their APIs.
    case beaconURL = "beacon.url"
    /// The beacon chain's name, or what tells it from others.
    case beaconNetwork = "beacon.network"
    /// The chain's EIP-155 id.
    case chainId = "chain.id"
    /// The hash of the chain's genesis block.
    case chainGenesis = "chain.genesis"
    /// JSON-RPC endpoints, the preferred one first.
    case chainRPC = "chain.rpc"
    /// How many endpoints must agree on what proves nothing by itself.
    case chainAgreement = "chain.agreement"
    /// How many blocks must stand on a record's block.
    case chainConfirmations = "chain.confirmations"
    /// How often the chain's head is asked for.
    case chainPoll = "chain.poll"
    /// The time between two heartbeats of the leader.
    case heartbeatInterval = "heartbeat.interval"
    /// By how much later each rank behind the leader submits to the chain.
    case anchorStagger = "anchor.stagger"
    /// How long the leader waits from one list of what the logs come to, to be anchored, to the next.
    case proofsAnchorInterval = "proofs.anchorInterval"
    /// Of how many past epochs the entries of the members' logs are kept.
    case logsKeepEpochs = "logs.keepEpochs"
    /// How long the first attempt at a group key waits for deals.
    case ceremonyDealing = "ceremony.dealing"
    /// How long it waits for confirmations after the last deal.
    case ceremonyConfirming = "ceremony.confirming"
    /// How much longer it waits for the last confirmations when a quorum is there.
    case ceremonyGrace = "ceremony.grace"
    /// The longest that one of these becomes by doubling from attempt to attempt.
    case ceremonyLongest = "ceremony.longest"
    /// The least level of messages in the log.
    case logLevel = "log.level"
    /// The form of the log.
    case logFormat = "log.format"
    /// The socket of the status API.
    case statusSocket = "status.socket"
    /// A TCP address that serves metrics.
    case metricsListen = "metrics.listen"

    /// What holds where nothing is set; `nil` where something must be, or where there is no such thing.
    package var standard: String? {
        switch self {
        case .role: "oracle"
        case .operatorId, .dataDirectory, .passphraseFile, .keyFile, .registryAddress, .operationsAddress,
            .operationsFirstBlock, .operationsFiles, .beaconURL, .beaconNetwork, .chainId, .chainGenesis,
            .chainRPC, .statusSocket, .metricsListen:
            nil
        case .operationsPatience: "60s"
        case .listenAddress: "0.0.0.0:9100"
        case .chainAgreement: "1"
        case .chainConfirmations: "2"
        case .chainPoll: "4s"
        case .heartbeatInterval: "250ms"
        case .anchorStagger: "15s"
        case .proofsAnchorInterval: "10m"
        case .logsKeepEpochs: "all"
        case .ceremonyDealing, .ceremonyConfirming, .ceremonyGrace: "10s"
        case .ceremonyLongest: "60s"
        case .logLevel: "info"
        case .logFormat: "human"
        }
    }

    /// Whether the setting is a list: of YAML, or separated by commas.
    package var isList: Bool { self == .chainRPC || self == .beaconURL }

    /// The groups and the word.
    var components: [String] { rawValue.split(separator: ".").map(String.init) }
}

extension ConfigurationKey: CustomStringConvertible {
    package var description: String { rawValue }
}

extension ConfigurationKey {
    /// The known key that a wrong name most likely means; `nil` when none is near.
    static func nearest(to name: String) -> ConfigurationKey? {
        // A longer one is too far from all of them.
        guard name.utf8.count <= 64 else { return nil }
        let candidates = allCases.map {
            (key: $0, distance: distance(name.lowercased(), $0.rawValue.lowercased()))
        }
        let best = candidates.min { $0.distance < $1.distance }
        return best.flatMap { $0.distance <= 1 + name.count / 4 ? $0.key : nil }
    }

    /// How many letters must be put in, taken out or replaced to make one text of the other.
    private static func distance(_ left: String, _ right: String) -> Int {
        let right = Array(right)
        var row = Array(0...right.count)
        for (above, letter) in left.enumerated() {
            var diagonal = row[0]
            row[0] = above + 1
            for column in right.indices {
                let replaced = diagonal + (letter == right[column] ? 0 : 1)
                diagonal = row[column + 1]
                row[column + 1] = min(replaced, diagonal + 1, row[column] + 1)
            }
        }
        return row[right.count]
    }
}
