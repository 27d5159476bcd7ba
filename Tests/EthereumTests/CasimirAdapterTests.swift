import BLS12381
import Cryptography
import Ethereum
import KeyOperations
import Primitives
import Testing

@Suite struct CasimirAdapterTests {
    private let manager = Address([UInt8](repeating: 0x11, count: 20)) ?? Address()
    private let registry = Address([UInt8](repeating: 0x22, count: 20)) ?? Address()

    private func adapter() throws -> CasimirAdapter {
        try #require(CasimirAdapter(manager: manager, registry: registry))
    }

    private func log(_ event: String, _ number: UInt64, from address: Address) -> Log {
        Log(
            address: address,
            topics: [Keccak256.hash(Array(event.utf8)), UInt256(number).bigEndian],
            data: [],
            block: BlockReference(number: 1, hash: Digest()),
            transaction: Digest(),
            index: 0
        )
    }

    private func key(_ byte: UInt8) -> G1Bytes {
        G1Bytes([UInt8](repeating: byte, count: 48)) ?? G1Bytes()
    }

    private func group(_ numbers: [UInt64]) throws -> OperatorGroup {
        try #require(OperatorGroup(numbers.map { OperatorID($0) }))
    }

    private func surroundings(_ pools: [UInt32: CasimirAdapter.Validator] = [:])
        -> CasimirAdapter.Surroundings
    {
        CasimirAdapter.Surroundings(
            nextNumber: 9,
            managerNonce: 3,
            ownerNonce: 40,
            pools: pools,
            operators: (1...6).map { number in
                OperatorRecord(
                    id: OperatorID(number),
                    account: Address(),
                    identity: Identity(),
                    sharesKeyHash: Digest(),
                    endpoint: ByteList(),
                    isActive: true,
                    isCollateralised: true,
                    registration: number
                )
            }
        )
    }

    @Test func `knows the topics of the other contracts`() {
        let beginnings = CasimirAdapter.topics.map { String($0.hex.prefix(8)) }
        #expect(beginnings == ["da5acf35", "6ce085df", "22f0bbd3"])
    }

    @Test func `reads what is wished from the contract that may wish it`() throws {
        let adapter = try adapter()
        #expect(
            try adapter.wish(log("InitiationRequested(uint32)", 7, from: manager)) == .initiation(pool: 7)
        )
        #expect(try adapter.wish(log("ExitRequested(uint32)", 8, from: manager)) == .exit(pool: 8))
        #expect(
            try adapter.wish(log("DeactivationRequested(uint64)", 1 << 40, from: registry))
                == .deactivation(OperatorID(1 << 40))
        )
        for (event, number, address) in [
            ("InitiationRequested(uint32)", 7, registry), ("ExitRequested(uint32)", 7, registry),
            ("DeactivationRequested(uint64)", 7, manager), ("DeactivationRequested(uint64)", 0, registry),
            ("InitiationRequested(uint32)", 1 << 32, manager), ("ExitRequested(uint64)", 7, manager),
        ] as [(String, UInt64, Address)] {
            let log = log(event, number, from: address)
            #expect(throws: ABIError.self, "\(event) \(number)") { try adapter.wish(log) }
        }
        var more = log("ExitRequested(uint32)", 8, from: manager)
        more.data = [0]
        let shown = more
        #expect(throws: ABIError.self) { try adapter.wish(shown) }
    }

    @Test func `asks for a validator that pays to the manager's next contract`() throws {
        let adapter = try adapter()
        let requests = adapter.requests(for: .initiation(pool: 1), in: surroundings())
        guard case .keygen(let request)? = requests.first, requests.count == 1 else {
            Issue.record("\(requests)")
            return
        }
        #expect(request.credentials.address == Address(creator: manager, nonce: 3))
        #expect((request.number, request.size, request.count) == (9, 4, 1))
        #expect((request.owner, request.ownerNonce) == (manager, 40))
        #expect(request.operators == nil && request.amount == .ether(32))
    }

    @Test func `finds the address of a created contract`() throws {
        // Published with EIP-1014's forerunners: the first contracts of this account.
        let creator = try #require(Address(hex: "6ac7ea33f8831ea9dcc53393aaa88b25a785dbf0"))
        let created = [
            "cd234a471b72ba2f1ccf0a70fcaba648a5eecd8d", "343c43a37d37dff08ae8c4a11544c718abb4fcf8",
            "f778b86fa74e846c4f0a1fbd1335fe81c00a0c91", "fffd933a0bc612844eaf0c6fe3e5b8e9b6c1d19c",
        ]
        #expect((0..<4).map { Address(creator: creator, nonce: $0).hex } == created)
    }

    @Test func `asks for a new holder wherever an operator wants out`() throws {
        let pools: [UInt32: CasimirAdapter.Validator] = [
            5: CasimirAdapter.Validator(publicKey: key(5), operators: try group([1, 2, 3, 4])),
            2: CasimirAdapter.Validator(publicKey: key(2), operators: try group([1, 2, 3, 4])),
            3: CasimirAdapter.Validator(publicKey: key(3), operators: try group([1, 3, 4, 5])),
        ]
        let requests = try adapter().requests(for: .deactivation(OperatorID(2)), in: surroundings(pools))
        let expected = [
            ReshareRequest(
                number: 9,
                publicKey: key(2),
                oldOperators: try group([1, 2, 3, 4]),
                newOperators: try group([1, 3, 4, 6])
            ),
            // Both free ones have one validator by then; the one registered first steps in.
            ReshareRequest(
                number: 10,
                publicKey: key(5),
                oldOperators: try group([1, 2, 3, 4]),
                newOperators: try group([1, 3, 4, 5])
            ),
        ]
        #expect(requests == expected.map { OperationRequest.reshare($0) })
    }

    @Test func `asks for the exit of a pool that it knows`() throws {
        let pools: [UInt32: CasimirAdapter.Validator] = [
            5: CasimirAdapter.Validator(publicKey: key(5), operators: try group([1, 2, 3, 4]))
        ]
        let adapter = try #require(
            CasimirAdapter(manager: manager, registry: registry, way: .withdrawalRequest, feeCap: 10)
        )
        let expected = ExitRequest(
            number: 9,
            publicKey: key(5),
            operators: try group([1, 2, 3, 4]),
            way: .withdrawalRequest,
            feeCap: 10
        )
        #expect(adapter.requests(for: .exit(pool: 5), in: surroundings(pools)) == [.exit(expected)])
        #expect(adapter.requests(for: .exit(pool: 6), in: surroundings(pools)).isEmpty)
    }

    @Test func `cannot be configured for what the contract refuses`() {
        #expect(CasimirAdapter(manager: manager, registry: registry, size: 3) == nil)
        #expect(CasimirAdapter(manager: manager, registry: registry, size: 14) == nil)
        #expect(CasimirAdapter(manager: Address(), registry: registry) == nil)
        #expect(CasimirAdapter(manager: manager, registry: Address()) == nil)
        #expect(CasimirAdapter(manager: manager, registry: registry, amount: .ether(33)) == nil)
        #expect(CasimirAdapter(manager: manager, registry: registry, amount: .ether(31)) == nil)
        #expect(
            CasimirAdapter(manager: manager, registry: registry, kind: .compounding, amount: .ether(33))
                != nil
        )
        #expect(CasimirAdapter(manager: manager, registry: registry, way: .withdrawalRequest) == nil)
        #expect(CasimirAdapter(manager: manager, registry: registry, way: .signedExit, feeCap: 1) == nil)
    }
}
