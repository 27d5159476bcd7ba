import BLS12381
import Cryptography
import Ethereum
import Foundation
import KeyOperations
import P2PNode
import Primitives
import TestSupport
import Testing

extension DevelopmentChainTests {
    /// What the governor asks for by the command line, on a real development chain.
    struct GovernorTests {
        @Test func `registers, asks, shares anew, cancels, and shows what became of it`() async throws {
            try await withRegistry { chain, registry in
                let desk = try await GovernorDesk(on: registry)
                for id in 1...6 { try await desk.register(id) }
                let operators = try await desk.json("operators", "list")
                #expect(operators.map { $0["id"] as? Int } == Array(1...6))
                #expect(operators.allSatisfy { $0["active"] as? Bool == true })

                let asked = try await desk.done(
                    "keygen",
                    "--count",
                    "2",
                    "--operators",
                    "1,2,3,4",
                    "--withdrawal",
                    desk.contract.checksummed
                )
                #expect(asked["number"] as? Int == 1)
                let open = try await desk.json("list", "--open")
                #expect(open.first?["id"] as? String == asked["id"] as? String)
                #expect(open.first?["final"] as? Bool == false)
                let key = try await desk.create(asked)
                let shown = try await desk.ops("show", "1")
                #expect(shown.output.contains("open, 1 of 2 made") && shown.output.contains("\(key)"))

                let reshared = try await desk.done(
                    "reshare",
                    "--key",
                    String("\(key)".prefix(10)),
                    "--operators",
                    "1,2,5,6"
                )
                #expect(reshared["number"] as? Int == 2)
                let exit = try await desk.done(
                    "exit",
                    "--key",
                    "\(key)",
                    "--way",
                    "withdrawal",
                    "--fee-cap",
                    "10"
                )
                #expect(exit["number"] as? Int == 3)
                let dry = try await desk.ops("exit", "--key", "\(key)", "--way", "signed", "--dry-run")
                #expect(dry.output.contains("to     \(desk.contract.checksummed)"))

                _ = try await desk.done("cancel", "2")
                let again = try await desk.ops("cancel", "2")
                #expect(again.status == 1 && again.errors.contains("NOT_OPEN"), "\(again)")
                try await chain.mine(10)
                let requests = try await desk.json("list")
                #expect(requests.map { $0["state"] as? String } == ["open", "cancelled", "open"])
                #expect(requests.allSatisfy { $0["final"] as? Bool == true })
                #expect(requests[1]["oldOperators"] as? [Int] == [1, 2, 3, 4])
                #expect(requests[2]["way"] as? String == "withdrawal" && requests[2]["feeCap"] as? Int == 10)
            }
        }

        @Test func `is refused for another account, and costs it nothing`() async throws {
            try await withRegistry { chain, registry in
                let desk = try await GovernorDesk(on: registry, account: 6)
                let nonce = try await chain.nonce(of: TestRegistry.account(6).address)
                let refused = try await desk.ops("cancel", "0x" + String(repeating: "ab", count: 32))
                #expect(refused.status == 1 && refused.errors.contains("NOT_GOVERNOR"), "\(refused)")
                #expect(try await chain.nonce(of: TestRegistry.account(6).address) == nonce)
                let none = try await desk.ops(
                    "list",
                    "--contract",
                    TestRegistry.account(6).address.checksummed
                )
                #expect(none.status == 2 && none.errors.contains("there is no contract"))
                let empty = try await desk.ops("list")
                #expect(empty.output.hasPrefix("Nothing of this kind is asked"))
            }
        }
    }
}

/// The governor of a contract for validators' keys, at the command line.
private struct GovernorDesk {
    struct Outcome {
        var status: Int32
        var output: String
        var errors: String
    }

    let contract: Address
    private let registry: TestRegistry
    private let environment: [String: String]
    private let place: URL

    init(on registry: TestRegistry, account: UInt8 = 0) async throws {
        self.registry = registry
        let file = Fixture.repository.appending(path: "contracts/ValidatorOperations.json")
        let artefact = try JSONParser.parse(Array(Data(contentsOf: file)))
        let bytecode = try artefact.member("bytecode", of: "artefact").data("bytecode", atMost: 1 << 20)
        let deposits = try #require(Address(hex: "0x00000000219ab540356cBB839Cbe05303d7705Fa"))
        let arguments = ABIValue.tuple([
            .address(TestRegistry.account(0).address), .address(registry.address), .address(deposits),
        ]).encoded
        let hash = try await TestRegistry.send(
            registry.chain,
            from: TestRegistry.account(0),
            to: nil,
            bytecode + arguments,
            gas: 6_000_000
        )
        try await registry.chain.mine()
        let receipt = try await registry.chain.rpc("eth_getTransactionReceipt", .string(hash.description))
        contract = try receipt.member("contractAddress", of: "receipt").fixed("contractAddress")
        place = URL(filePath: NSTemporaryDirectory())
            .appending(path: "governor-" + String(UInt64.random(in: 0...UInt64.max), radix: 36))
        let seed = Keccak256.hash(Array("oracle development chain account ".utf8) + [0, 0, 0, account])
        try FileManager.default.createDirectory(at: place, withIntermediateDirectories: false)
        let key = place.appending(path: "key")
        try Data(seed.hex.utf8).write(to: key)
        try FileManager.default.setAttributes([.posixPermissions: 0o600], ofItemAtPath: key.path)
        let main = try #require(registry.chain.nodes.first { $0.name == "main" })
        environment = [
            "ORACLE_CHAIN_RPC": main.url, "ORACLE_OPERATIONS_ADDRESS": contract.checksummed,
            "ORACLE_ACCOUNT_FILE": key.path, "PATH": "/usr/bin:/bin",
        ]
    }

    private static let program: URL = {
        let arguments = CommandLine.arguments.map { URL(filePath: $0).deletingLastPathComponent() }
        let candidates = arguments.map { $0.appending(path: "oracle") }
        return candidates.first { FileManager.default.isExecutableFile(atPath: $0.path) }
            ?? Fixture.repository.appending(path: ".build/debug/oracle")
    }()

    /// Runs `oracle ops` to its end, while blocks are mined.
    func ops(_ arguments: String...) async throws -> Outcome { try await ops(arguments) }

    private func ops(_ arguments: [String]) async throws -> Outcome {
        let process = Process()
        process.executableURL = Self.program
        process.arguments = ["ops"] + arguments
        process.environment = environment
        let (output, errors) = (place.appending(path: "output"), place.appending(path: "errors"))
        for file in [output, errors] { try Data().write(to: file) }
        process.standardOutput = try FileHandle(forWritingTo: output)
        process.standardError = try FileHandle(forWritingTo: errors)
        process.standardInput = FileHandle.nullDevice
        try process.run()
        while process.isRunning {
            if try await registry.chain.waiting().pending > 0 { try await registry.chain.mine() }
            try await Task.sleep(for: .milliseconds(100))
        }
        return Outcome(
            status: process.terminationStatus,
            output: try String(contentsOf: output, encoding: .utf8),
            errors: try String(contentsOf: errors, encoding: .utf8)
        )
    }

    /// What a call that is taken has brought about.
    func done(_ arguments: String...) async throws -> [String: Any] {
        let outcome = try await ops(arguments + ["--json"])
        try #require(outcome.status == 0, "\(arguments): \(outcome.errors)")
        return try #require(
            JSONSerialization.jsonObject(with: Data(outcome.output.utf8)) as? [String: Any]
        )
    }

    /// A list that is shown.
    func json(_ arguments: String...) async throws -> [[String: Any]] {
        let outcome = try await ops(arguments + ["--json"])
        try #require(outcome.status == 0, "\(arguments): \(outcome.errors)")
        return try #require(
            JSONSerialization.jsonObject(with: Data(outcome.output.utf8)) as? [[String: Any]]
        )
    }

    func register(_ id: Int) async throws {
        var random = SystemRandom()
        let identity = IdentityKey(seed: SecretBytes(count: 32, random: &random)).identity
        let made = try await done(
            "operators",
            "register",
            "--id",
            "\(id)",
            "--account",
            TestRegistry.account(5).address.checksummed,
            "--identity",
            "\(identity)",
            "--endpoint",
            "10.0.0.\(id):9100",
            "--collateralised"
        )
        #expect(made["operatorId"] as? Int == id)
    }

    /// Has the committee report the first validator of the request that was made above; its key.
    func create(_ asked: [String: Any]) async throws -> G1Bytes {
        let request = KeygenRequest(
            number: 1,
            operators: OperatorGroup([1, 2, 3, 4].map { OperatorID($0) }),
            size: 4,
            count: 2,
            credentials: WithdrawalCredentials(contract),
            amount: .ether(32),
            owner: TestRegistry.account(0).address,
            ownerNonce: 0
        )
        let id = OperationRequest.keygen(request).id(chainId: registry.chain.chainId, contract: contract)
        #expect("\(id)" == asked["id"] as? String)
        _ = try await TestRegistry.send(
            registry.chain,
            from: TestRegistry.account(0),
            to: contract,
            [],
            gas: 100_000,
            value: UInt256(32) * 1_000_000_000 * 1_000_000_000
        )
        var key = G1Bytes()
        for index in 0..<48 { key[index] = UInt8(index + 1) }
        let signature = G2Bytes()
        let deposit = DepositData(
            message: DepositMessage(
                publicKey: key,
                withdrawalCredentials: request.credentials,
                amount: .ether(32)
            ),
            signature: signature
        )
        let statement = ValidatorCreationStatement(
            epoch: Epoch(1),
            requestId: Digest(id.storage),
            index: 0,
            publicKey: key.array,
            operatorIds: [1, 2, 3, 4],
            threshold: 3,
            transcript: Keccak256.hash([1]),
            depositDataRoot: deposit.hashTreeRoot()
        )
        let domain = StatementDomain(chainId: registry.chain.chainId, operations: contract)
        let call = OperationsCall.create(
            request,
            statement,
            depositSignature: signature,
            try registry.group.sign(statement, in: domain)
        )
        let hash = try await TestRegistry.send(
            registry.chain,
            from: TestRegistry.account(6),
            to: contract,
            call.data,
            gas: call.gasLimit
        )
        try await registry.chain.mine()
        let receipt = try await registry.chain.rpc("eth_getTransactionReceipt", .string(hash.description))
        #expect(try receipt.member("status", of: "receipt").quantity("status") == 1)
        return key
    }
}
