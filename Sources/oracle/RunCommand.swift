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
        abstract: "Runs a node until it is told to stop.",
        discussion: """
            Settings come from the configuration file, from the environment (ORACLE_CHAIN_ID for chain.id) and from \
            --set, the later before the earlier.

            Examples:
              oracle run --config /etc/oracle/oracle.yaml
              oracle run --config oracle.yaml --set log.level=debug --set log.format=json
              oracle run --config oracle.yaml --check-config    shows each setting and where it comes from
            """
    )

    @Option(name: .long, help: ArgumentHelp("The configuration file.", valueName: "file"))
    var config: String?

    @Option(name: .long, help: ArgumentHelp("A setting; may be given again.", valueName: "key=value"))
    var set: [String] = []

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
        let node = Node(
            setting,
            transport: transport,
            metrics: { metrics.text() },
            metricsListen: configuration.metricsListen,
            logger: logger
        )
        let failure: (any Error)?
        do {
            try await node.run()
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
