import BLS12381
import Cryptography
import Ethereum
import Foundation
import KeyOperations
import P2PNode
import Primitives
import TestSupport
import Testing

/// The contract for validators' keys beside a registry, with four operators; its governor is the registry's.
struct TestOperations {
    let registry: TestRegistry
    let source: OperationsSource
    let domain: StatementDomain
    let operators: OperatorGroup

    private static let depositContract = "00000000219ab540356cbb839cbe05303d7705fa"

    /// Deploys the contract and registers the operators.
    init(beside registry: TestRegistry) async throws {
        self.registry = registry
        let chain = registry.chain
        let file = Fixture.repository.appending(path: "contracts/ValidatorOperations.json")
        let artefact = try JSONParser.parse(Array(Data(contentsOf: file)))
        let bytecode = try artefact.member("bytecode", of: "artefact").data("bytecode", atMost: 1 << 20)
        let arguments = ABIValue.tuple([
            .address(TestRegistry.account(0).address), .address(registry.address),
            .address(try #require(Address(hex: Self.depositContract))),
        ]).encoded
        let hash = try await TestRegistry.send(
            chain,
            from: TestRegistry.account(0),
            to: nil,
            bytecode + arguments,
            gas: 10_000_000
        )
        try await chain.mine()
        let receipt = try await chain.rpc("eth_getTransactionReceipt", .string(hash.description))
        #expect(try receipt.member("status", of: "receipt").quantity("status") == 1)
        source = OperationsSource(
            contract: try receipt.member("contractAddress", of: "receipt").fixed("contractAddress"),
            firstBlock: try await chain.height()
        )
        domain = StatementDomain(chainId: chain.chainId, operations: source.contract)
        operators = try #require(OperatorGroup((1...4 as ClosedRange<UInt64>).map { OperatorID($0) }))
        let register = ABISignature(
            "registerOperator",
            [.uint(64), .address, .word, .word, .string, .bool, .bool]
        )
        for id in operators.numbers {
            try await govern(
                register.call([
                    .number(id), .address(TestRegistry.account(6).address),
                    .word(Keccak256.hash([UInt8(id)])), .word(Digest()),
                    .bytes(Array("operator-\(id).example:9100".utf8)), .bool(true), .bool(true),
                ])
            )
        }
        try await chain.mine()
    }

    /// The governor makes a call, which waits for the next block.
    func govern(_ data: [UInt8]) async throws {
        let governor = TestRegistry.account(0)
        _ = try await TestRegistry.send(
            registry.chain,
            from: governor,
            to: source.contract,
            data,
            gas: 1_000_000
        )
    }

    /// The contract gets ether with the next block.
    func pay(_ value: UInt256) async throws {
        _ = try await TestRegistry.send(
            registry.chain,
            from: TestRegistry.account(0),
            to: source.contract,
            [],
            gas: 100_000,
            value: value
        )
    }

    /// Asks for one validator, in a block of its own.
    func ask(_ number: UInt64 = 1) async throws -> KeygenRequest {
        let request = KeygenRequest(
            number: number,
            operators: nil,
            size: 4,
            count: 1,
            credentials: WithdrawalCredentials(source.contract),
            amount: .ether(32),
            owner: TestRegistry.account(6).address,
            ownerNonce: 0
        )
        try await govern(OperationsCall.request(.keygen(request)).data)
        try await registry.chain.mine()
        return request
    }

    func id(of request: KeygenRequest) -> RequestID {
        OperationRequest.keygen(request).id(chainId: registry.chain.chainId, contract: source.contract)
    }

    /// The committee's report that the operators have made a key, which is none: the contract looks at no such key.
    func creation(of request: KeygenRequest, nonce: UInt64 = 77) throws -> OperationsCall {
        let publicKey = try #require(G1Bytes([UInt8](repeating: 0xA5, count: 48)))
        let signature = try #require(G2Bytes([UInt8](repeating: 0x5A, count: 96)))
        let message = DepositMessage(
            publicKey: publicKey,
            withdrawalCredentials: request.credentials,
            amount: request.amount
        )
        let statement = ValidatorCreationStatement(
            epoch: Epoch(1),
            requestId: Digest(id(of: request).storage),
            index: 0,
            publicKey: publicKey.array,
            operatorIds: operators.numbers,
            threshold: UInt16(operators.threshold),
            transcript: Keccak256.hash([3]),
            depositDataRoot: DepositData(message: message, signature: signature).hashTreeRoot()
        )
        let report = try registry.group.sign(statement, in: domain, nonce: nonce)
        return .create(request, statement, depositSignature: signature, report)
    }

    /// The committee's report that a request came to nothing.
    func failure(of request: KeygenRequest, nonce: UInt64 = 77) throws -> OperationsCall {
        let statement = RequestFailureStatement(
            epoch: Epoch(1),
            requestId: Digest(id(of: request).storage),
            reason: 1,
            blamedIds: [2]
        )
        return .fail(statement, try registry.group.sign(statement, in: domain, nonce: nonce))
    }

    /// A report by another account, which waits for the next block.
    func bring(_ call: OperationsCall, from account: UInt8, tip: UInt256 = 1_000_000_000) async throws {
        _ = try await TestRegistry.send(
            registry.chain,
            from: TestRegistry.account(account),
            to: source.contract,
            call.data,
            gas: call.gasLimit,
            tip: tip
        )
    }
}
