import BLS12381
import BeaconAPI
import Ethereum
import EthereumHTTP
import KeyOperations
import Primitives
import Testing

/// The client of beacon nodes, against a beacon chain in a process of its own.
@Suite(.enabled(if: DevChain.isAvailable, "the Python environment is missing: scripts/python-env"))
struct BeaconChainTests {
    /// What such chains begin with: eight validators whose keys everybody knows.
    private static func founder(_ number: UInt64) throws -> SecretKey {
        let secret = String(0x6F72_6163_6C65 * 1_000 + number, radix: 16)
        let digits = String(repeating: "0", count: 64 - secret.count) + secret
        let scalar = try #require(FrBytes(hex: digits).flatMap { Fr($0) })
        return try #require(SecretKey(SecretFr(scalar)))
    }

    private static func client(
        _ transport: HTTPTransport,
        _ urls: [String],
        _ network: BeaconNetwork,
        chainId: UInt64 = 31_337
    ) -> BeaconClient {
        let (clock, begin) = (ContinuousClock(), ContinuousClock().now)
        return BeaconClient(
            BeaconEndpoints.Configuration(
                endpointCount: urls.count,
                identity: BeaconIdentity(network: network, chainId: chainId)
            ),
            endpoints: urls.enumerated().map { RPCEndpoint(name: "node \($0)", url: $1) },
            transport: transport,
            seed: 1,
            clock: { Instant(sinceStart: begin.duration(to: clock.now)) }
        )
    }

    private static func until(_ condition: () async throws -> Bool) async throws {
        for _ in 0..<600 {
            if try await condition() { return }
            try await Task.sleep(for: .milliseconds(200))
        }
        Issue.record("not within two minutes")
    }

    @Test(.timeLimit(.minutes(10)))
    func `validators are found, leave by their word, and only on their own network`() async throws {
        let chain = try await ChainProcess(["--no-automine"])
        guard case .string(let rpc)? = try JSONParser.parse(chain.readyLine)["urls"]?["main"] else {
            Issue.record("no address")
            return
        }
        let beacon = try await ChainProcess(["--rpc", rpc, "--epoch", "0.1"], module: "beacon")
        let ready = try JSONParser.parse(beacon.readyLine)
        guard case .string(let url)? = ready["url"] else {
            Issue.record("no address")
            return
        }
        let network = BeaconNetwork(
            name: "development",
            genesisForkVersion: try ready.member("genesis_fork_version", of: "ready").fixed("genesis"),
            capellaForkVersion: try ready.member("capella_fork_version", of: "ready").fixed("capella"),
            genesisValidatorsRoot: try ready.member("genesis_validators_root", of: "ready").fixed("root")
        )
        let transport = HTTPTransport()
        // The same node under two names: two answers that agree.
        let client = Self.client(transport, [url, url + "/"], network)
        let key = try Self.founder(3)

        let record = try #require(try await client.validator(key.publicKey))
        #expect(record.index == 3 && record.status == .activeOngoing && record.activationEpoch == 0)
        #expect(record.effectiveBalance == .ether(32) && record.exitEpoch == nil)
        #expect(try await client.pendingDeposits(of: key.publicKey).isEmpty)
        let rules = try await client.rules()
        #expect(rules.slotsPerEpoch == 8 && rules.chainId == 31_337 && rules.name == "development")
        let stranger = try Self.founder(999).publicKey
        #expect(try await client.standing(of: stranger) == .none)

        let elsewhere = Self.client(transport, [url], .hoodi)
        await #expect(
            throws: BeaconError.unavailable([
                "node 0": "is not our beacon chain: has genesis version 0x00000001, not 0x10000910"
            ])
        ) { try await elsewhere.validator(key.publicKey) }
        let otherChain = Self.client(transport, [url], network, chainId: 1)
        await #expect(throws: BeaconError.self) { try await otherChain.validator(key.publicKey) }

        try await Self.until { try await client.headEpoch() >= rules.leastService }
        let exit = VoluntaryExit(epoch: 0, validatorIndex: record.index)
        let foreign = key.sign(.exit(exit), on: .hoodi).bytes
        await #expect(throws: BeaconError.self) {
            try await client.submit(SignedVoluntaryExit(message: exit, signature: foreign))
        }
        let signature = key.sign(.exit(exit), on: network).bytes
        let signed = SignedVoluntaryExit(message: exit, signature: signature)
        #expect(try await client.submit(signed).count >= 1)
        try await Self.until { try await client.validator(key.publicKey)?.exitEpoch != nil }
        try await transport.shutdown()
    }
}
