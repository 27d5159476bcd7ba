import BLS12381
import Cryptography
import Ethereum
import KeyOperations
import Primitives
import TestSupport
import Testing

/// Against calls and logs of the deployed contract for validators' keys.
@Suite struct OperationsTests {
    private let fixture: JSON
    private let chainId: UInt64
    private let contract: Address

    init() throws {
        fixture = try JSONFixture.load("ethereum/operations.json")
        chainId = try fixture.number("chainId")
        contract = try #require(fixture["contract"]).fixed("contract")
    }

    private var domain: StatementDomain { StatementDomain(chainId: chainId, operations: contract) }

    private func groupKey() throws -> GroupPublicKey {
        try GroupPublicKey(try #require(CompressedPoint(try fixture.bytes("groupKey"))))
    }

    /// The logs that are followed.
    private func logs() throws -> [(name: String, fields: JSON, log: Log)] {
        try fixture.list("logs").compactMap { entry in
            let log = try Log(json: try #require(entry["log"]), at: "log")
            guard OperationsEvent.topics.contains(log.topics[0]) else { return nil }
            return (try entry.text("event"), try #require(entry["fields"]), log)
        }
    }

    @Test func `computes the topics and the domain`() throws {
        guard case .object(let members) = try #require(fixture["topics"]) else { return }
        let ignored = ["EtherWithdrawn(", "GovernorTransfer"]
        let followed = members.filter { member in !ignored.contains { member.key.hasPrefix($0) } }
        #expect(followed.count == 13)
        let topics = Set(OperationsEvent.topics.map { $0.description })
        for member in followed { #expect(topics.contains(try member.value.asText()), "\(member.key)") }
        #expect(topics.count == followed.count)
        #expect(domain.separator.array == (try fixture.bytes("separator")))
    }

    @Test func `reads operators as they stand after each change`() throws {
        var records: [OperatorRecord] = []
        for (name, fields, log) in try logs() where name.hasPrefix("Operator") {
            let record: OperatorRecord
            switch try OperationsEvent(log, chainId: chainId) {
            case .operatorRegistered(let value):
                #expect(name == "OperatorRegistered")
                record = value
            case .operatorChanged(let value):
                #expect(name == "OperatorChanged")
                record = value
            default:
                Issue.record("\(name)")
                continue
            }
            let expected = try #require(fields["operator"])
            #expect(record.id == OperatorID(try fields.number("id")))
            #expect(record.account.array == (try expected.bytes("account")))
            #expect(record.identity.array == (try expected.bytes("identity")))
            #expect(record.sharesKeyHash.array == (try expected.bytes("sharesKeyHash")))
            #expect(record.endpoint.bytes == Array(try expected.text("endpoint").utf8))
            #expect(JSON.bool(record.isActive) == expected["isActive"])
            #expect(JSON.bool(record.isCollateralised) == expected["isCollateralised"])
            #expect(record.registration == (try expected.number("registration")))
            records.append(record)
        }
        #expect(records.count == 7)
        #expect(records.contains { !$0.isCollateralised } && records.contains { $0.sharesKeyHash.isZero })
    }

    @Test func `reads requests and finds their ids by itself`() throws {
        var kinds: Set<String> = []
        for (name, fields, log) in try logs() where name.hasSuffix("Requested") {
            guard case .requested(let request, let id) = try OperationsEvent(log, chainId: chainId) else {
                Issue.record("\(name)")
                continue
            }
            #expect(id.array == (try fields.bytes("requestId")))
            #expect(request.id(chainId: chainId, contract: contract) == id)
            #expect(request.number == (try fields.number("number")))
            let expected = try #require(fields["request"])
            switch request {
            case .keygen(let request):
                #expect(request.operators.numbers == (try expected.numbers("operatorIds")))
                #expect(UInt64(request.size) == (try expected.number("size")))
                #expect(UInt64(request.count) == (try expected.number("count")))
                #expect(request.credentials.address.array == (try expected.bytes("withdrawal")))
                #expect(JSON.bool(request.credentials.kind == .compounding) == expected["compounding"])
                #expect(request.amount.rawValue == (try expected.number("amount")))
                #expect(request.owner.array == (try expected.bytes("owner")))
                #expect(request.ownerNonce == (try expected.number("ownerNonce")))
            case .reshare(let request):
                #expect(request.publicKey.array == (try expected.bytes("publicKey")))
                #expect(request.oldOperators.numbers == (try expected.numbers("oldOperatorIds")))
                #expect(request.newOperators.numbers == (try expected.numbers("operatorIds")))
                kinds.insert(request.isRefresh ? "refresh" : "reshare")
            case .exit(let request):
                #expect(request.publicKey.array == (try expected.bytes("publicKey")))
                #expect(request.operators.numbers == (try expected.numbers("operatorIds")))
                #expect(UInt64(request.way.rawValue) == (try expected.number("way")))
                #expect(request.feeCap == (try expected.number("feeCap")))
                kinds.insert("\(request.way)")
            }
        }
        #expect(kinds == ["reshare", "refresh", "signedExit", "withdrawalRequest", "ownerCall"])
    }

    @Test func `gives every part of a request and its place a part in the id`() throws {
        for (_, _, log) in try logs() {
            guard case .requested(let request, let id) = try OperationsEvent(log, chainId: chainId) else {
                continue
            }
            #expect(request.id(chainId: chainId + 1, contract: contract) != id)
            #expect(request.id(chainId: chainId, contract: Address()) != id)
            // Any single bit of what is asked: the log is no longer that of its id, or no longer a log.
            for place in 0..<log.data.count {
                var changed = log
                changed.data[place] ^= 1
                let shown = changed
                #expect(throws: ABIError.self, "byte \(place)") {
                    try OperationsEvent(shown, chainId: chainId)
                }
            }
            var renumbered = log
            renumbered.topics[2][31] ^= 1
            let shown = renumbered
            #expect(throws: ABIError.self) { try OperationsEvent(shown, chainId: chainId) }
            #expect(throws: ABIError.self) { try OperationsEvent(log, chainId: chainId + 1) }
        }
    }

    @Test func `finds every report proven by itself`() throws {
        let key = try groupKey()
        var proven: [String] = []
        for (name, fields, log) in try logs() {
            guard let isProven = try self.isProven(log, by: key) else { continue }
            #expect(isProven, "\(name)")
            proven.append(name)
            #expect(log.topics[1].array == (try fields.bytes("requestId")))
        }
        #expect(proven.count == 10)
        #expect(Set(proven).count == 6)
    }

    /// `nil` for what carries no signature.
    private func isProven(_ log: Log, by key: GroupPublicKey) throws -> Bool? {
        switch try OperationsEvent(log, chainId: chainId) {
        case .validatorCreated(let report): report.isProven(by: key, in: domain)
        case .validatorReshared(let report): report.isProven(by: key, in: domain)
        case .exitSigned(let report): report.isProven(by: key, in: domain)
        case .exitTriggered(let report): report.isProven(by: key, in: domain)
        case .exitCall(let report): report.isProven(by: key, in: domain)
        case .requestFailed(let report): report.isProven(by: key, in: domain)
        default: nil
        }
    }

    @Test func `finds a report forged after any change of what it says`() throws {
        let key = try groupKey()
        for (name, _, log) in try logs() where try isProven(log, by: key) != nil {
            for place in stride(from: 0, to: log.data.count, by: 3) {
                // The fee that was paid is the contract's word; it is not known beforehand.
                if name == "ValidatorExitTriggered", 96..<128 ~= place { continue }
                var changed = log
                changed.data[place] ^= 1
                let isProven = (try? self.isProven(changed, by: key)) ?? false
                #expect(isProven == false, "byte \(place) of \(name)")
            }
            for topic in 1..<log.topics.count {
                var changed = log
                changed.topics[topic][31] ^= 1
                let isProven = (try? self.isProven(changed, by: key)) ?? false
                #expect(isProven == false, "topic \(topic) of \(name)")
            }
            let elsewhere = StatementDomain(chainId: chainId, registry: contract)
            if case .validatorCreated(let report) = try OperationsEvent(log, chainId: chainId) {
                #expect(!report.isProven(by: key, in: elsewhere))
            }
        }
    }

    @Test func `reads what a deposit is made of`() throws {
        for (name, fields, log) in try logs() where name == "ValidatorCreated" {
            guard case .validatorCreated(let event) = try OperationsEvent(log, chainId: chainId) else {
                continue
            }
            #expect(event.deposit.message.publicKey.array == (try fields.bytes("publicKey")))
            #expect(
                event.deposit.message.withdrawalCredentials.array
                    == (try fields.bytes("withdrawalCredentials"))
            )
            #expect(event.deposit.message.amount.rawValue == (try fields.number("amount")))
            #expect(event.deposit.signature.array == (try fields.bytes("depositSignature")))
            #expect(event.deposit.hashTreeRoot().array == (try fields.bytes("depositDataRoot")))
            #expect(event.operators.numbers == (try fields.numbers("operatorIds")))
            #expect(UInt64(event.statement.index) == (try fields.number("index")))
        }
    }

    @Test func `hashes each statement as EIP-712 does`() throws {
        let vectors = try fixture.list("statements").map { try $0.bytes("digest") }
        var digests: [[UInt8]] = []
        for (_, _, log) in try logs() {
            switch try OperationsEvent(log, chainId: chainId) {
            case .validatorCreated(let report): digests.append(digest(report.statement))
            case .validatorReshared(let report): digests.append(digest(report.statement))
            case .exitSigned(let report): digests.append(digest(report.statement))
            case .exitTriggered(let report): digests.append(digest(report.statement))
            case .exitCall(let report): digests.append(digest(report.statement))
            case .requestFailed(let report): digests.append(digest(report.statement))
            default: continue
            }
        }
        #expect(digests == vectors)
        #expect(digests.count == 10)
    }

    private func digest(_ statement: some Statement) -> [UInt8] {
        domain.digest(of: statement).digest.array
    }

    @Test func `encodes calls as the contract takes them`() throws {
        var requests: [RequestID: OperationRequest] = [:]
        var made: [[UInt8]] = []
        for (_, _, log) in try logs() {
            let event = try OperationsEvent(log, chainId: chainId)
            if case .requested(let request, let id) = event {
                requests[id] = request
                made.append(OperationsCall.request(request).data)
            } else if case .requestCancelled(let id) = event {
                made.append(OperationsCall.cancel(id).data)
            } else if let call = try call(for: event, knowing: requests) {
                made.append(call.data)
                #expect(call.gasLimit < 16_777_216)
            }
        }
        let expected = try fixture.list("calls").compactMap { vector in
            let function = try vector.text("function")
            let others = [
                "registerOperator", "changeOperator", "setOperatorStatus", "closeValidator", "withdrawEther",
            ]
            return others.contains(function) ? nil : try vector.bytes("encoded")
        }
        #expect(made == expected)
    }

    private func call(
        for event: OperationsEvent,
        knowing requests: [RequestID: OperationRequest]
    ) throws -> OperationsCall? {
        func request(_ id: Digest) -> OperationRequest? { requests[RequestID(id.storage)] }
        switch event {
        case .validatorCreated(let report):
            guard case .keygen(let asked)? = request(report.statement.requestId) else { return nil }
            return .create(
                asked,
                report.statement,
                depositSignature: report.deposit.signature,
                report.signature
            )
        case .validatorReshared(let report):
            guard case .reshare(let asked)? = request(report.statement.requestId) else { return nil }
            return .reshare(asked, report.statement, report.signature)
        case .exitSigned(let report):
            guard case .exit(let asked)? = request(report.statement.requestId) else { return nil }
            return .publishExit(asked, report.statement, report.signature)
        case .exitTriggered(let report):
            guard case .exit(let asked)? = request(report.statement.requestId) else { return nil }
            return .triggerExit(asked, report.statement, report.signature)
        case .exitCall(let report):
            let id = report.statement.requestId
            guard case .exit(let asked)? = request(id) else { return nil }
            let own = ExitCallStatement(epoch: report.statement.epoch, id: RequestID(id.storage), of: asked)
            #expect(own == report.statement)
            return .publishCall(asked, own, report.signature)
        case .requestFailed(let report): return .fail(report.statement, report.signature)
        default: return nil
        }
    }

    @Test func `refuses logs of another shape`() throws {
        for (name, _, log) in try logs() {
            var other = log
            other.topics.append(Digest())
            let longer = other
            #expect(throws: ABIError.self, "\(name)") { try OperationsEvent(longer, chainId: chainId) }
            if log.topics.count > 1 {
                other.topics.removeLast(2)
                let shorter = other
                #expect(throws: ABIError.self, "\(name)") { try OperationsEvent(shorter, chainId: chainId) }
            }
            var padded = log
            padded.data.append(contentsOf: [UInt8](repeating: 0, count: 32))
            let shown = padded
            #expect(throws: ABIError.self, "\(name)") { try OperationsEvent(shown, chainId: chainId) }
            for count in stride(from: 0, to: log.data.count, by: 16) {
                var cut = log
                cut.data = Array(log.data.prefix(count))
                let shown = cut
                #expect(throws: ABIError.self, "\(name)") { try OperationsEvent(shown, chainId: chainId) }
            }
        }
        var stranger = try #require(try logs().first).log
        stranger.topics[0][0] ^= 1
        let shown = stranger
        #expect(throws: ABIError.self) { try OperationsEvent(shown, chainId: chainId) }
    }
}

extension JSON {
    /// The numbers in hexadecimal that a member lists.
    fileprivate func numbers(_ name: String) throws -> [UInt64] {
        try list(name).map { try $0.quantity(name) }
    }

    fileprivate func asText() throws -> String {
        guard case .string(let text) = self else {
            throw ShapeError("value", expected: "a text", found: self)
        }
        return text
    }
}
