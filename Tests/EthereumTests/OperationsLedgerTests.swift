import Cryptography
import Ethereum
import KeyOperations
import Primitives
import TestSupport
import Testing

/// Against the calls and logs of the deployed contract for validators' keys.
@Suite struct OperationsLedgerTests {
    private let fixture: JSON
    private let chainId: UInt64
    private let entries: [LedgerEntry]

    init() throws {
        fixture = try JSONFixture.load("ethereum/operations.json")
        let chainId = try fixture.number("chainId")
        self.chainId = chainId
        entries = try fixture.list("logs").compactMap { entry in
            let log = try Log(json: try #require(entry["log"]), at: "log")
            return OperationsEvent.topics.contains(log.topics[0])
                ? try LedgerEntry(log, chainId: chainId) : nil
        }
    }

    private var ledger: OperationsLedger { OperationsLedger(entries) }

    @Test func `encodes calls about operators as the contract takes them`() throws {
        var checked: Set<String> = []
        for vector in try fixture.list("calls") {
            let (name, arguments) = (try vector.text("function"), try #require(vector["arguments"]))
            guard let call = try call(name, arguments) else { continue }
            #expect(call.data == (try vector.bytes("encoded")), "\(name)")
            #expect(call.gasLimit < 16_777_216)
            checked.insert(name)
        }
        #expect(checked.count == 3)
    }

    private func call(_ name: String, _ arguments: JSON) throws -> OperatorCall? {
        func flag(_ name: String) -> Bool { arguments[name] == .bool(true) }
        func identity() throws -> Identity { try #require(arguments["identity"]).fixed("identity") }
        func hash() throws -> Digest { try #require(arguments["sharesKeyHash"]).fixed("sharesKeyHash") }
        func endpoint() throws -> ByteList<64> {
            try #require(ByteList(Array(try arguments.text("endpoint").utf8)))
        }
        guard name.hasSuffix("Operator") || name == "setOperatorStatus" else { return nil }
        let id = OperatorID(try arguments.number("id"))
        switch name {
        case "registerOperator":
            return .register(
                OperatorRecord(
                    id: id,
                    account: try #require(arguments["account"]).fixed("account"),
                    identity: try identity(),
                    sharesKeyHash: try hash(),
                    endpoint: try endpoint(),
                    isActive: flag("isActive"),
                    isCollateralised: flag("isCollateralised"),
                    registration: 0
                )
            )
        case "changeOperator":
            return .change(id, identity: try identity(), sharesKeyHash: try hash(), endpoint: try endpoint())
        default:
            return .setStatus(id, isActive: flag("isActive"), isCollateralised: flag("isCollateralised"))
        }
    }

    @Test func `tells what has become of each request`() {
        let standings = ledger.requests.map(\.standing)
        #expect(standings.count == 10)
        #expect(ledger.requests.map { $0.request.number } == Array(1...10))
        #expect(standings.prefix(7).allSatisfy { $0 == .done })
        #expect(standings[7] == .failed(.tooFewOperators, blamed: []))
        #expect(standings[8] == .failed(.absent, blamed: [OperatorID(2), OperatorID(1 << 63)]))
        #expect(standings[9] == .cancelled)
        #expect(ledger.requests.map(\.results.count) == [2, 1, 1, 1, 1, 1, 1, 0, 0, 0])
    }

    @Test func `keeps a request open until all of it is reported`() throws {
        let first = try #require(ledger.requests.first)
        let report = try #require(entries.firstIndex(of: first.results[0]))
        let part = OperationsLedger(entries[...report])
        #expect(part.requests[0].standing == .open)
        #expect(part.requests[0].results.count == 1 && part.requests[0].wanted == 2)
        #expect(part.validators.count == 1)
    }

    @Test func `knows who holds a key by the last that was reported of it`() throws {
        let ledger = ledger
        #expect(ledger.validators.count == 3)
        let (one, two) = (ledger.validators[0], ledger.validators[1])
        #expect(one.isClosed && !two.isClosed)
        #expect(one.operators != two.operators)
        guard case .reshare(let asked) = ledger.requests[3].request else {
            Issue.record("request 4 is a reshare")
            return
        }
        #expect(ledger.validator(asked.publicKey)?.operators == asked.newOperators)
        #expect(ledger.validatorCount(of: try #require(two.operators.ids.first)) >= 1)
        #expect(ledger.validatorCount(of: OperatorID(999)) == 0)
        #expect(ledger.operators.count == 5)
    }

    @Test func `finds a request by number, by id, and by enough of that`() throws {
        let ledger = ledger
        let third = try #require(ledger.requests.first { $0.request.number == 3 })
        let id = "\(third.id)"
        for name in ["3", "#3", id, String(id.dropFirst(2)).uppercased(), String(id.prefix(10))] {
            #expect(ledger.request(named: name)?.id == third.id, "\(name)")
        }
        for name in ["", "0", "11", "#", String(id.prefix(9)), "0x00000000", id + "0"] {
            #expect(ledger.request(named: name) == nil, "\(name)")
        }
    }

    @Test func `passes over what contradicts logs that it has not seen`() {
        let ledger = OperationsLedger(
            entries.filter { if case .requested = $0.event { false } else { true } }
        )
        #expect(ledger.requests.isEmpty)
        #expect(ledger.validators.count == 3)
    }
}
