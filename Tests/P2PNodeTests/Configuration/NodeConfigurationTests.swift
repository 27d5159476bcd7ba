import Consensus
import Ethereum
import Foundation
import KeyOperations
import Logging
import Primitives
import SystemPackage
import Testing

@testable import P2PNode

@Suite struct NodeConfigurationTests {
    private let directory: TemporaryDirectory
    private let file: FilePath
    private static let registry = "0x5FbDB2315678afecb367f032d93F642f64180aa3"

    init() throws {
        directory = try TemporaryDirectory()
        file = directory.path.appending("oracle.yaml")
    }

    /// The least that must be set.
    private let least = """
        data: { directory: /var/lib/oracle }
        keys: { keyFile: /etc/seal.key }
        registry: { address: "0x5FbDB2315678afecb367f032d93F642f64180aa3" }
        chain: { id: 31337, rpc: [ "http://127.0.0.1:8545" ] }

        """

    private func read(
        _ yaml: String,
        environment: [String: String] = [:],
        flags: [String: String] = [:]
    ) throws -> NodeConfiguration {
        try Data(yaml.utf8).write(to: URL(filePath: file.string))
        return try NodeConfiguration(
            ConfigurationSources(flags: flags, environment: environment, file: file)
        )
    }

    private func problems(
        _ yaml: String,
        environment: [String: String] = [:],
        flags: [String: String] = [:]
    ) throws -> [ConfigurationProblem] {
        try #require(throws: ConfigurationError.self) {
            try read(yaml, environment: environment, flags: flags)
        }.problems
    }

    private var inFile: ConfigurationOrigin { .file(file.string) }

    @Test func `fills in the defaults`() throws {
        let configuration = try read(least)
        #expect(configuration.dataDirectory == "/var/lib/oracle")
        #expect(configuration.protection == .keyFile("/etc/seal.key"))
        #expect(configuration.listen == Endpoint(host: "0.0.0.0", port: 9100))
        #expect(configuration.registry == Address(hex: Self.registry))
        #expect(configuration.chainId == 31_337)
        #expect(configuration.genesis == nil)
        #expect(configuration.rpc == [RPCEndpoint(name: "127.0.0.1:8545", url: "http://127.0.0.1:8545")])
        #expect(configuration.agreement == 1)
        #expect(configuration.confirmations == 2)
        #expect(configuration.poll == .seconds(4))
        #expect(configuration.heartbeatInterval == .milliseconds(250))
        #expect(configuration.stagger == .seconds(15))
        #expect(configuration.attestationInterval == .seconds(600))
        #expect(configuration.keptEpochs == .all)
        #expect(configuration.ceremony == CeremonyTiming())
        #expect(configuration.logLevel == .info)
        #expect(configuration.logFormat == .human)
        #expect(configuration.statusSocket == "/var/lib/oracle/oracle.sock")
        #expect(configuration.metricsListen == nil)
    }

    @Test func `is an oracle unless it is an operator with a number`() throws {
        #expect(try read(least).role == .oracle)
        #expect(try read(least + "role: operator\noperator: { id: 7 }\n").role == .operator(7))
        #expect(
            try read(
                least,
                environment: ["ORACLE_OPERATOR_ID": "18446744073709551615"],
                flags: ["role": "operator"]
            )
            .role == .operator(.max)
        )
        #expect(
            try problems(least, flags: ["role": "operator"]).map(\.description).first?.contains(
                "operator.id is not set"
            )
                == true
        )
        #expect(try problems(least, flags: ["role": "operator", "operator.id": "0"]).count == 1)
        #expect(try problems(least, flags: ["role": "leader"]).count == 1)
        #expect(
            try problems(least, flags: ["operator.id": "7"])
                == [
                    .invalid(.operatorId, value: "7", origin: .flag, allowed: "left out where role is oracle")
                ]
        )
    }

    @Test func `reads every setting from a file`() throws {
        let configuration = try read(
            """
            data.directory: /d
            keys: { passphraseFile: /p }
            listen: { address: "[::1]:1" }
            registry: { address: "\(Self.registry.lowercased())" }
            chain:
              id: 5
              genesis: "0x\(String(repeating: "ab", count: 32))"
              rpc: [ "https://one.example/key", "https://user:pass@two.example:444" ]
              agreement: 2
              confirmations: 7
              poll: 1500ms
            heartbeat: { interval: 1s }
            anchor: { stagger: 1m }
            proofs: { anchorInterval: 30s }
            logs: { keepEpochs: 3 }
            ceremony: { dealing: 1s, confirming: 2s, grace: 3s, longest: 1h }
            log: { level: debug, format: json }
            status: { socket: /run/o.sock }
            metrics: { listen: 127.0.0.1:9101 }
            """
        )
        #expect(configuration.dataDirectory == "/d")
        #expect(configuration.protection == .passphraseFile("/p"))
        #expect(configuration.listen == Endpoint(host: "::1", port: 1))
        #expect(configuration.registry == Address(hex: Self.registry))
        #expect(configuration.chainId == 5)
        #expect(configuration.genesis == Digest([UInt8](repeating: 0xab, count: 32)))
        #expect(configuration.rpc.map(\.name) == ["one.example", "two.example:444"])
        #expect(configuration.rpc.map(\.url).first == "https://one.example/key")
        #expect(configuration.agreement == 2)
        #expect(configuration.confirmations == 7)
        #expect(configuration.poll == .milliseconds(1_500))
        #expect(configuration.heartbeatInterval == .seconds(1))
        #expect(configuration.stagger == .seconds(60))
        #expect(configuration.attestationInterval == .seconds(30))
        #expect(configuration.keptEpochs == .newest(3))
        let timing = CeremonyTiming(
            dealing: .seconds(1),
            confirming: .seconds(2),
            grace: .seconds(3),
            longest: .seconds(3_600)
        )
        #expect(configuration.ceremony == timing)
        #expect(configuration.logLevel == .debug)
        #expect(configuration.logFormat == .json)
        #expect(configuration.statusSocket == "/run/o.sock")
        #expect(configuration.metricsListen == Endpoint(host: "127.0.0.1", port: 9101))
    }

    @Test func `takes the command line before the environment before the file`() throws {
        let yaml = least + "log: { level: error, format: json }\nanchor: { stagger: 1s }\n"
        let environment = ["ORACLE_LOG_LEVEL": "debug", "ORACLE_LOG_FORMAT": "human"]
        let configuration = try read(yaml, environment: environment, flags: ["log.level": "trace"])
        #expect(configuration.logLevel == .trace)
        #expect(configuration.logFormat == .human)
        #expect(configuration.stagger == .seconds(1))
        let origins = Dictionary(uniqueKeysWithValues: configuration.report.map { ($0.key, $0.origin) })
        #expect(origins[.logLevel] == .flag)
        #expect(origins[.logFormat] == .environment("ORACLE_LOG_FORMAT"))
        #expect(origins[.anchorStagger] == inFile)
        #expect(origins[.chainPoll] == .standard)
        #expect(configuration.report.map(\.key).count == ConfigurationKey.allCases.count)
    }

    @Test(arguments: ConfigurationKey.allCases)
    func `reads each setting from its environment variable too`(_ key: ConfigurationKey) throws {
        let examples: [ConfigurationKey: String] = [
            .dataDirectory: "/x", .keyFile: "/x", .passphraseFile: "/x", .registryAddress: Self.registry,
            .chainId: "9", .chainGenesis: "0x" + String(repeating: "1", count: 64),
            .chainRPC: "http://a, http://b:1", .statusSocket: "/x", .metricsListen: "a:1",
            .operationsAddress: Self.registry, .operationsFirstBlock: "17", .operationsFiles: "/x",
            .beaconURL: "http://b:5052", .beaconNetwork: "hoodi",
        ]
        let yaml = least.replacing(key == .passphraseFile ? "keyFile: /etc/seal.key" : "???", with: "")
        let text = try #require(key == .operatorId ? "7" : examples[key] ?? key.standard)
        let flags = key == .operatorId ? ["role": "operator"] : [:]
        var environment = [key.variable: text]
        // One is not allowed without the other.
        let pair = [ConfigurationKey.operationsAddress, .operationsFirstBlock, .beaconNetwork]
        if pair.contains(key) { for other in pair { environment[other.variable] = examples[other] } }
        let report = try read(yaml, environment: environment, flags: flags).report
        #expect(report.first { $0.key == key }?.origin == .environment(key.variable))
    }

    @Test func `takes the contract for validators' keys with its first block, or neither`() throws {
        #expect(try read(least).operations == nil)
        let address = "address: \"\(Self.registry)\""
        let network = "\nbeacon: { network: mainnet }\n"
        let both = try read(least + "operations: { \(address), firstBlock: 1200 }" + network).operations
        #expect(
            both == OperationsSource(contract: try #require(Address(hex: Self.registry)), firstBlock: 1_200)
        )
        for (yaml, key) in [
            ("operations: { \(address) }", ConfigurationKey.operationsFirstBlock),
            ("operations: { firstBlock: 1200 }", .operationsAddress),
        ] {
            let found = try problems(least + yaml + network)
            #expect(found.count == 1)
            guard case .missing(key, _)? = found.first else {
                Issue.record("\(found)")
                continue
            }
        }
    }

    @Test func `an oracle that oversees operations must know the beacon chain`() throws {
        let operations = "operations: { address: \"\(Self.registry)\", firstBlock: 1 }\n"
        let found = try problems(least + operations)
        guard case .missing(.beaconNetwork, _)? = found.first, found.count == 1 else {
            Issue.record("\(found)")
            return
        }
        let root = String(repeating: "ab", count: 32)
        let own = "beacon: { network: \"devnet:0x00000001:0x03000001:0x\(root)\" }\n"
        let network = try #require(try read(least + operations + own).network)
        #expect(network.name == "devnet" && network.capellaForkVersion == ForkVersion([3, 0, 0, 1]))
        for wrong in ["goerli", "a:b:c:d", "a:0x00:0x03000001:0x\(root)", ":0x00000001:0x03000001:0x\(root)"]
        {
            #expect(try !problems(least + "beacon: { network: \"\(wrong)\" }\n").isEmpty)
        }
    }

    @Test func `names what is missing, all at once`() throws {
        let found = try problems("log: { level: info }")
        let keys = found.compactMap { if case .missing(let key, _) = $0 { key } else { nil } }
        #expect(keys == [.dataDirectory, .keyFile, .registryAddress, .chainId, .chainRPC])
        #expect(found.count == keys.count)
        #expect(found.allSatisfy { $0.description.contains("is not set; name") })
    }

    @Test(
        arguments: [
            ("heartbeat: { interval: 250 }", ConfigurationKey.heartbeatInterval, "250"),
            ("logs: { keepEpochs: 0 }", .logsKeepEpochs, "0"),
            ("logs: { keepEpochs: none }", .logsKeepEpochs, "none"),
            ("heartbeat: { interval: 1ms }", .heartbeatInterval, "1ms"),
            ("heartbeat: { interval: 2h }", .heartbeatInterval, "2h"),
            ("chain: { poll: fast }", .chainPoll, "fast"),
            ("chain: { confirmations: 0 }", .chainConfirmations, "0"),
            ("chain: { confirmations: -1 }", .chainConfirmations, "-1"),
            ("chain: { agreement: 2 }", .chainAgreement, "2"), ("log: { level: loud }", .logLevel, "loud"),
            ("log: { format: xml }", .logFormat, "xml"),
            ("listen: { address: 9100 }", .listenAddress, "9100"),
            ("metrics: { listen: \"host:0\" }", .metricsListen, "host:0"),
            ("operations: { address: 1, firstBlock: 1 }", .operationsAddress, "1"),
            ("chain: { genesis: \"0x12\" }", .chainGenesis, "0x12"),
            ("log: { level: [ info, debug ] }", .logLevel, "info, debug"),
        ]
    )
    func `names a wrong value, where it stands and what is allowed`(
        _ yaml: String,
        _ key: ConfigurationKey,
        _ value: String
    ) throws {
        let whole =
            yaml.hasPrefix("chain:") ? least.replacing("chain: {", with: yaml.dropLast() + ",") : least + yaml
        let found = try problems(whole)
        try #require(found.count == 1, "\(found)")
        guard case .invalid(key, value, inFile, let allowed) = found[0] else {
            Issue.record("\(found[0])")
            return
        }
        #expect(found[0].description == "\(key) is '\(value)' (file \(file)), but must be \(allowed)")
    }

    @Test(
        arguments: [
            "0x5FbDB2315678afecb367f032d93F642f64180aa4", "0x5fbDB2315678afecb367f032d93F642f64180aa3",
            "0x0000000000000000000000000000000000000000", "registry.eth",
        ]
    )
    func `refuses a mistyped registry`(_ address: String) throws {
        let found = try problems(least.replacing(Self.registry, with: address))
        #expect(found.count == 1)
        #expect(found.first?.description.contains("EIP-55") == true)
    }

    @Test(
        arguments: [
            "ws://a", "http://", "http://a b", "http://a:99999", "http://a@b@c", "http://[::1",
            "127.0.0.1:8545",
            "http://a\", \"http://a",
        ]
    )
    func `refuses a wrong endpoint without showing it`(_ address: String) throws {
        let found = try problems(least.replacing("http://127.0.0.1:8545", with: address))
        #expect(found.count == 1)
        #expect(found.first?.description.contains("begin with http:// or https://") == true)
    }

    @Test func `suggests the setting that was meant`() throws {
        let found = try problems(
            least + "heartbeat: { intervall: 1s }\nlog: { Level: info }\nfrobnicate: 1\n",
            environment: ["ORACLE_CHAIN_POL": "1s", "ORACLE_HOME": "/opt/other", "PATH": "/bin"],
            flags: ["data.dir": "/x"]
        )
        let expected: [ConfigurationProblem] = [
            .unknown(name: "data.dir", origin: .flag, nearest: nil),
            .unknown(
                name: "ORACLE_CHAIN_POL",
                origin: .environment("ORACLE_CHAIN_POL"),
                nearest: .chainPoll
            ),
            .unknown(name: "frobnicate", origin: inFile, nearest: nil),
            .unknown(name: "heartbeat.intervall", origin: inFile, nearest: .heartbeatInterval),
            .unknown(name: "log.Level", origin: inFile, nearest: .logLevel),
        ]
        #expect(found == expected)
        #expect(found[3].description.contains("do you mean heartbeat.interval?"))
    }

    @Test func `wants exactly one way to open the keys`() throws {
        let found = try problems(least, environment: ["ORACLE_KEYS_PASSPHRASE_FILE": "/p"])
        #expect(found == [.conflict(.passphraseFile, .keyFile)])
    }

    @Test(arguments: ["data: { directory: }", "data: { directory: '' }", "chain: { rpc: [] }"])
    func `says that a setting is empty`(_ line: String) throws {
        let rest =
            line.hasPrefix("data") ? least.split(separator: "\n").dropFirst().joined(separator: "\n") : least
        let yaml =
            line.hasPrefix("data")
            ? rest + "\n" + line : rest.replacing("rpc: [ \"http://127.0.0.1:8545\" ]", with: "rpc: []")
        let found = try problems(yaml)
        let empty = found.filter { if case .empty = $0 { true } else { false } }
        #expect(empty.count == 1, "\(found)")
    }

    @Test(arguments: ["- a\n- b", "a: b: c", "chain: [ { a: 1 } ]", "a: 1\na: 2", "\u{1}"])
    func `says that a file is not understood`(_ yaml: String) throws {
        let found = try problems(yaml)
        guard case .malformed(file.string, let reason)? = found.first else {
            Issue.record("\(found)")
            return
        }
        #expect(!reason.isEmpty)
    }

    @Test func `says that a file cannot be read`() throws {
        let error = try #require(throws: ConfigurationError.self) {
            try NodeConfiguration(ConfigurationSources(file: directory.path))
        }
        #expect(
            error.problems.first
                == .unreadable(file: directory.path.string, reason: "it is not a regular file")
        )
        let missing = directory.path.appending("none.yaml")
        #expect(throws: ConfigurationError.self) {
            try NodeConfiguration(ConfigurationSources(file: missing))
        }
    }

    @Test func `counts relative paths in a file from where the file is`() throws {
        let yaml = least.replacing("/var/lib/oracle", with: "data").replacing(
            "/etc/seal.key",
            with: "../seal.key"
        )
        let configuration = try read(yaml, environment: ["ORACLE_STATUS_SOCKET": "o.sock"])
        #expect(configuration.dataDirectory == directory.path.appending("data"))
        #expect(configuration.protection == .keyFile(directory.path.appending("../seal.key")))
        #expect(configuration.statusSocket == "o.sock")
    }

    @Test func `shows no secret of an endpoint`() throws {
        let yaml = least.replacing(
            "http://127.0.0.1:8545",
            with: "https://me:word@rpc.example/v3/token?k=token"
        )
        let configuration = try read(yaml)
        #expect(configuration.rpc.first?.url.contains("token") == true)
        #expect(configuration.text.contains("https://rpc.example/…"))
        for secret in ["token", "word", "me:"] { #expect(!configuration.text.contains(secret)) }
        #expect("\(configuration.rpc)" == "[rpc.example]")
    }
}
