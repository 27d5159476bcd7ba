import ArgumentParser
import CoreMetrics
import Cryptography
import EthereumHTTP
import FoundationEssentials
import Glibc
import Logging
import P2PNode
import SystemPackage

/// `oracle run`.
struct RunCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "run",
        abstract: "Runs an oracle or an operator until it is told to stop.",
        discussion: """
            Settings come from the configuration file, from the environment (ORACLE_CHAIN_ID for chain.id) and from \
            --set, the later before the earlier. --role and --operator-id are short for --set role= and operator.id=.

            An oracle is a member of the committee, or waits to be. An operator holds shares of validators' keys: it \
            follows the chain, and dials all oracles of the newest committee; what it listens on plays no part.

            Examples:
              oracle run --config /etc/oracle/oracle.yaml
              oracle run --config oracle.yaml --set log.level=debug --set log.format=json
              oracle run --config operator.yaml --role operator --operator-id 7
              oracle run --config oracle.yaml --check-config    shows each setting and where it comes from
            """
    )

    @Option(name: .long, help: ArgumentHelp("The configuration file.", valueName: "file"))
    var config: String?

    @Option(name: .long, help: ArgumentHelp("A setting; may be given again.", valueName: "key=value"))
    var set: [String] = []

    @Option(name: .long, help: ArgumentHelp("What this is: oracle or operator.", valueName: "role"))
    var role: String?

    @Option(
        name: .long,
        help: ArgumentHelp("The operator's number on the chain, with --role operator.", valueName: "number")
    )
    var operatorId: String?

    @Flag(help: "Check the configuration, show it, and do not start.")
    var checkConfig = false

    func run() async throws {
        // Before there is a secret: the addresses of the chain's endpoints often hold one.
        let hardening = ProcessHardening.apply()
        HeapArenas.share()
        let configuration = try settings()
        if checkConfig {
            print(configuration.text)
            return
        }
        let logger = Logger.node(configuration)
        let metrics = PrometheusMetrics()
        MetricsSystem.bootstrap(metrics)
        if !hardening.isComplete {
            logger.warning("secrets are less protected than they could be", metadata: ["why": "\(hardening)"])
        }
        let setting: Node.Setting
        do {
            setting = try configuration.nodeSetting(version: Version.number)
        } catch {
            Terminal.complain("\(error)")
            throw ExitCode(Exit.failed)
        }
        let transport = HTTPTransport()
        let failure: (any Error)?
        do {
            switch configuration.role {
            case .oracle:
                try await Node(
                    setting,
                    transport: transport,
                    beaconTransport: transport,
                    metrics: { metrics.text() },
                    metricsListen: configuration.metricsListen,
                    logger: logger
                ).run()
            case .operator(let id):
                try await OperatorNode(
                    id: id,
                    setting,
                    transport: transport,
                    metrics: { metrics.text() },
                    metricsListen: configuration.metricsListen,
                    logger: logger
                ).run()
            }
            failure = nil
        } catch {
            failure = error
        }
        try await transport.shutdown()
        if let failure {
            logger.critical("\(failure)")
            throw ExitCode(Exit.failed)
        }
    }

    private func settings() throws -> NodeConfiguration {
        var flags: [String: String] = [:]
        for setting in set {
            let parts = setting.split(separator: "=", maxSplits: 1)
            guard parts.count == 2 else {
                throw ValidationError(
                    "--set takes key=value, such as --set log.level=debug, not '\(setting)'"
                )
            }
            flags[String(parts[0])] = String(parts[1])
        }
        for (name, value) in [("role", role), ("operator.id", operatorId)] {
            guard let value else { continue }
            guard flags.updateValue(value, forKey: name) == nil else {
                throw ValidationError("\(name) is given twice, by --set and by its own option; keep one")
            }
        }
        do throws(ConfigurationError) {
            return try NodeConfiguration(
                ConfigurationSources(
                    flags: flags,
                    environment: ProcessInfo.processInfo.environment,
                    file: config.map { FilePath($0) }
                )
            )
        } catch {
            Terminal.complain("\(error)")
            throw ExitCode(Exit.misconfigured)
        }
    }
}
