package import Consensus
package import Ethereum
package import KeyOperations
package import Logging
package import Primitives
package import SystemPackage

/// What a node is told by its operator: read once, checked, and then constant.
package struct NodeConfiguration: Hashable, Sendable {
    /// What opens the node's keys.
    package enum Protection: Hashable, Sendable {
        /// A file with a passphrase.
        case passphraseFile(FilePath)
        /// A file with 32 random bytes.
        case keyFile(FilePath)
    }

    /// The form of the log.
    package enum LogFormat: String, CaseIterable, Sendable {
        /// Aligned lines in local time, coloured on a terminal.
        case human
        /// One JSON object a line.
        case json
    }

    /// What the process is.
    package let role: NodeRole
    /// The data directory.
    package let dataDirectory: FilePath
    /// What opens the node's keys.
    package let protection: Protection
    /// Where members' links are accepted.
    package let listen: Endpoint
    /// The registry contract.
    package let registry: Address
    /// The contract for validators' keys, if the node has to do with them.
    package let operations: OperationsSource?
    /// Where the files of finished operations are written.
    package let operationsFiles: FilePath
    /// How long an operator's next word may take.
    package let operationsPatience: Duration
    /// Beacon nodes.
    package let beacon: [RPCEndpoint]
    /// The beacon chain; a node that has to do with operations has one.
    package let network: BeaconNetwork?
    /// The chain's EIP-155 id.
    package let chainId: UInt64
    /// The chain's genesis block, if it is named.
    package let genesis: Digest?
    /// The chain's endpoints, the preferred one first.
    package let rpc: [RPCEndpoint]
    /// How many endpoints must agree on what proves nothing by itself.
    package let agreement: Int
    /// How many blocks must stand on a record's block.
    package let confirmations: UInt64
    /// How often the chain's head is asked for.
    package let poll: Duration
    /// The time between two heartbeats of the leader.
    package let heartbeatInterval: Duration
    /// By how much later each rank behind the leader submits to the chain.
    package let stagger: Duration
    /// How long the leader waits from one list of what the logs come to, to be anchored, to the next.
    package let attestationInterval: Duration
    /// Of how many past epochs the entries of the members' logs are kept.
    package let keptEpochs: KeptEpochs
    /// How patient the making of a group key is.
    package let ceremony: CeremonyTiming
    /// The least level of messages in the log.
    package let logLevel: Logger.Level
    /// The form of the log.
    package let logFormat: LogFormat
    /// The socket of the status API.
    package let statusSocket: FilePath
    /// A TCP address that serves metrics, if there is one.
    package let metricsListen: Endpoint?
    /// Each setting with its value, secrets left out, and where it comes from; in the order of the keys.
    package let report: [ConfigurationEntry]

    /// Reads and checks all settings.
    ///
    /// - Throws: ``ConfigurationError`` with everything that is wrong.
    package init(_ sources: ConfigurationSources) throws(ConfigurationError) {
        var reader = ConfigurationReader(RawConfiguration(sources))
        let role = reader.role()
        let dataDirectory = reader.required(.dataDirectory, Setting.path, remedy: "name the node's directory")
        let protection = reader.protection()
        let listen = reader.standard(.listenAddress, Setting.endpoint)
        let registry = reader.required(
            .registryAddress,
            Setting.account,
            remedy: "name the registry contract that the committee is entered in"
        )
        let operations = reader.operations()
        let operationsFiles = reader.optional(.operationsFiles, Setting.path)
        let patience = reader.standard(
            .operationsPatience,
            Setting.duration(.seconds(1) ... .seconds(86_400))
        )
        let beacon = reader.optional(.beaconURL, Setting.endpoints)
        let network = reader.network(isNeeded: operations != nil)
        let chainId = reader.required(
            .chainId,
            Setting.number(1...UInt64(Int64.max)),
            remedy: "name the chain, such as 1 for Ethereum's main network"
        )
        let genesis = reader.optional(.chainGenesis, Setting.digest)
        let rpc = reader.required(
            .chainRPC,
            Setting.endpoints,
            remedy: "name at least one JSON-RPC endpoint of the chain"
        )
        let agreement = reader.standard(.chainAgreement, Setting.number(1...UInt64(max(1, rpc?.count ?? 16))))
        let confirmations = reader.standard(.chainConfirmations, Setting.number(1...1_000))
        let poll = reader.standard(.chainPoll, Setting.duration(.milliseconds(50) ... .seconds(3_600)))
        let heartbeat = reader.standard(
            .heartbeatInterval,
            Setting.duration(.milliseconds(20) ... .seconds(60))
        )
        let stagger = reader.standard(
            .anchorStagger,
            Setting.duration(.milliseconds(100) ... .seconds(3_600))
        )
        let attestation = reader.standard(
            .proofsAnchorInterval,
            Setting.duration(.seconds(1) ... .seconds(86_400))
        )
        let keptEpochs = reader.standard(.logsKeepEpochs, Setting.keptEpochs)
        let ceremony = reader.ceremony()
        let logLevel = reader.standard(.logLevel, Setting.choice(Logger.Level.self))
        let logFormat = reader.standard(.logFormat, Setting.choice(LogFormat.self))
        let socket = reader.optional(.statusSocket, Setting.path)
        let metricsListen = reader.optional(.metricsListen, Setting.endpoint)
        guard reader.problems.isEmpty, let role, let dataDirectory, let protection, let listen, let registry,
            let chainId,
            let rpc, let agreement, let confirmations, let poll, let heartbeat, let stagger,
            let attestation, let keptEpochs, let ceremony, let logLevel, let logFormat, let patience
        else {
            throw ConfigurationError(problems: reader.problems)
        }
        self.role = role
        self.dataDirectory = dataDirectory
        self.protection = protection
        self.listen = listen
        self.registry = registry
        self.operations = operations
        self.operationsFiles = operationsFiles ?? dataDirectory.appending("operations")
        operationsPatience = patience
        self.beacon = beacon ?? []
        self.network = network
        self.chainId = chainId
        self.genesis = genesis
        self.rpc = rpc
        self.agreement = Int(agreement)
        self.confirmations = confirmations
        self.poll = poll
        heartbeatInterval = heartbeat
        self.stagger = stagger
        attestationInterval = attestation
        self.keptEpochs = keptEpochs
        self.ceremony = ceremony
        self.logLevel = logLevel
        self.logFormat = logFormat
        statusSocket = socket ?? dataDirectory.appending("oracle.sock")
        self.metricsListen = metricsListen
        report = reader.report
    }
}

/// A setting as it is in force.
package struct ConfigurationEntry: Hashable, Sendable {
    /// Which.
    package let key: ConfigurationKey
    /// Its value as text, what is secret left out; `nil` when it is not set and has no default.
    package let value: String?
    /// Where the value comes from.
    package let origin: ConfigurationOrigin
}
