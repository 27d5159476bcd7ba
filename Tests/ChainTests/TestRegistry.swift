import Ethereum
import Foundation
import P2PNode
import Primitives
import TestSupport
import Testing

@testable import Cryptography

/// A group key whose secret one hand holds, and which signs as the whole group would.
struct TestGroup: Sendable {
    let secret: Scalar
    let key: GroupPublicKey

    init(_ seed: UInt64) throws {
        secret = Scalar(seed)
        key = try GroupPublicKey(try #require(GroupElement.generator(times: secret).point))
    }

    /// A Schnorr signature over a statement; other nonces give others.
    func sign(_ statement: some Statement, in domain: StatementDomain, nonce: UInt64 = 77) throws
        -> RegistrySignature
    {
        let digest = domain.digest(of: statement)
        let nonce = Scalar(nonce)
        let commitment = try #require(GroupElement.generator(times: nonce).point).compressed
        let challenge = key.challenge(commitment: commitment, message: digest.digest.array)
        let signature = GroupSignature(commitment: commitment, response: nonce + challenge * secret)
        #expect(key.isValid(signature, of: digest))
        return try #require(RegistrySignature(signature))
    }
}

/// The registry on a development chain, with a committee that has a group key.
final class TestRegistry: Sendable {
    let chain: DevChain
    let address: Address
    let deployment: Deployment
    let domain: StatementDomain
    let codeHash: Digest
    let group: TestGroup
    let members: SSZList<Member, 128>

    /// The key of a funded account.
    static func account(_ index: UInt8) -> AccountKey {
        let seed = Keccak256.hash(Array("oracle development chain account ".utf8) + [0, 0, 0, index])
        return unsafe seed.withUnsafeBytes { unsafe AccountKey(SecretBytes(copying: $0))! }
    }

    /// Deploys the contract and proposes four members, whose accounts are those from 1 on.
    init(on chain: DevChain) async throws {
        self.chain = chain
        let file = Fixture.repository.appending(path: "contracts/OracleRegistry.json")
        let artefact = try JSONParser.parse(Array(Data(contentsOf: file)))
        let bytecode = try artefact.member("bytecode", of: "artefact").data("bytecode", atMost: 1 << 20)
        let governor = Self.account(0)
        let arguments = ABIValue.tuple([.address(governor.address), .number(86_400 as UInt64)]).encoded
        let hash = try await Self.send(chain, from: governor, to: nil, bytecode + arguments, gas: 6_000_000)
        try await chain.mine()
        let receipt = try await chain.rpc("eth_getTransactionReceipt", .string(hash.description))
        let address: Address = try receipt.member("contractAddress", of: "receipt").fixed("contractAddress")
        self.address = address
        let code = try await chain.rpc("eth_getCode", .string(address.description), .string("latest"))
        codeHash = Keccak256.hash(try code.data("code", atMost: 1 << 20))
        deployment = Deployment(chainId: chain.chainId, genesis: chain.genesis, registry: address)
        domain = StatementDomain(deployment)
        group = try TestGroup(1_234_567)
        members = try Self.members(from: 1)
        try await propose(members)
    }

    static func members(from first: UInt8) throws -> SSZList<Member, 128> {
        let members = (0..<4 as Range<UInt8>).map { offset in
            let key = account(first + offset)
            return Member(
                account: key.address,
                identity: Identity(Keccak256.hash([first, offset]).storage),
                encryptionKey: key.publicKey.compressed,
                endpoint: ByteList(Array("127.0.0.1:\(7_000 + Int(offset))".utf8))!
            )
        }
        return try #require(SSZList(members))
    }

    /// The governor names members, and a block is mined.
    func propose(_ members: SSZList<Member, 128>) async throws {
        let signature = ABISignature("proposeCommittee", [.list(.tuple([.address, .word, .bytes, .string]))])
        let list = ABIValue.list(
            members.map { member in
                .tuple([
                    .address(member.account), .word(Digest(member.identity.storage)),
                    .bytes(member.encryptionKey.array), .bytes(member.endpoint.bytes),
                ])
            }
        )
        _ = try await Self.send(
            chain,
            from: Self.account(0),
            to: address,
            signature.call([list]),
            gas: 2_000_000
        )
        try await chain.mine()
    }

    /// What `registerGroupKey` takes for a group.
    func registration(of group: TestGroup, transcript: UInt8 = 1) throws -> RegistryCall {
        var key = GroupKeyRegistration(
            epoch: Epoch(1),
            groupKey: group.key.compressed,
            transcript: Keccak256.hash([transcript]),
            members: members,
            possession: .none
        )
        key.possession = try group.sign(key.statement, in: domain)
        let digest = domain.digest(of: key.statement)
        let approvals = (1...3).map { index in
            RegistryApproval(member: MemberIndex(index), Self.account(UInt8(index)).sign(digest))
        }
        return .registerGroupKey(key, approvals)
    }

    /// The first committee gets its group key, in a block of its own.
    func register() async throws {
        let call = try registration(of: group)
        _ = try await Self.send(chain, from: Self.account(5), to: address, call.data, gas: call.gasLimit)
        try await chain.mine()
    }

    /// An election the group has signed.
    func election(_ view: UInt64, leader: UInt8 = 1, nonce: UInt64 = 77) throws -> RegistryCall {
        let statement = ElectionStatement(
            epoch: Epoch(1),
            view: View(view),
            leader: Self.account(leader).address
        )
        return .elect(statement, try group.sign(statement, in: domain, nonce: nonce))
    }

    /// An anchor of the logs the group has signed.
    func anchor(_ number: UInt64, root: UInt8 = 1, nonce: UInt64 = 77) throws -> RegistryCall {
        let statement = ProofAnchorStatement(epoch: Epoch(1), number: number, root: Keccak256.hash([root]))
        return .anchorProof(statement, try group.sign(statement, in: domain, nonce: nonce))
    }

    /// A call by another account, which waits for the next block.
    @discardableResult
    func call(_ call: RegistryCall, from account: UInt8, tip: UInt256 = 1_000_000_000) async throws -> Digest
    {
        let key = Self.account(account)
        return try await Self.send(chain, from: key, to: address, call.data, gas: call.gasLimit, tip: tip)
    }

    /// Fills the next block so far that no call has room in it, for whoever offers a smaller tip.
    ///
    /// The data is what costs (EIP-7623), so that the chain has little to execute.
    func fillNextBlock() async throws {
        let room: UInt64 = 36_000_000
        let data = [UInt8](repeating: 0xff, count: Int((room / 7 - 21_000) / 40))
        let key = Self.account(6)
        for _ in 0..<7 {
            _ = try await Self.send(
                chain,
                from: key,
                to: key.address,
                data,
                gas: room / 7,
                tip: 2_000_000_000
            )
        }
    }

    /// Pays wei from the account whose index is 0.
    func pay(_ value: UInt256, to address: Address) async throws {
        _ = try await Self.send(chain, from: Self.account(0), to: address, [], gas: 21_000, value: value)
    }

    /// Hands the chain a transaction with the account's next nonce.
    static func send(
        _ chain: DevChain,
        from key: AccountKey,
        to: Address?,
        _ data: [UInt8],
        gas: UInt64,
        tip: UInt256 = 1_000_000_000,
        value: UInt256 = .zero,
        nonce chosen: UInt64? = nil
    ) async throws -> Digest {
        let account = JSON.string(key.address.description)
        let nonce = try await chain.rpc("eth_getTransactionCount", account, .string("pending"))
        let transaction = Transaction(
            chainId: chain.chainId,
            nonce: try chosen ?? nonce.quantity("nonce"),
            maxPriorityFee: tip,
            maxFee: 100_000_000_000,
            gasLimit: gas,
            to: to,
            value: value,
            data: data
        )
        let signed = SignedTransaction(transaction, key.sign(transaction.digest))
        try await chain.rpc("eth_sendRawTransaction", .string("0x" + Hex.encode(signed.raw)))
        return signed.hash
    }

    /// The newest elected view at the head.
    func view() async throws -> UInt64 {
        let query = JSON.object([
            "to": .string(address.description),
            "data": .string("0x" + Hex.encode(RegistryView.currentView.data)),
        ])
        return UInt256(
            bigEndian: try await chain.rpc("eth_call", query, .string("latest")).fixed("view") as Digest
        ).asUInt64 ?? 0
    }
}
