import BLS12381
import Cryptography
import Ethereum
import KeyOperations
import Primitives
import Testing

/// Reports on their way to the contract for validators' keys.
@Suite struct ReportCallTests {
    private static let contract = Address([UInt8](repeating: 7, count: 20))!
    private static let request = RequestID([UInt8](repeating: 9, count: 32))!

    private func failure(epoch: UInt64 = 3, reason: UInt8 = 1, signature: UInt64 = 1) throws -> ReportCall {
        let statement = RequestFailureStatement(
            epoch: Epoch(epoch),
            requestId: Digest(Self.request.storage),
            reason: reason,
            blamedIds: [1, 4]
        )
        let signature = RegistrySignature(rx: UInt256(signature), ry: 2, s: 3)
        return try #require(ReportCall(.fail(statement, signature), to: Self.contract))
    }

    private func creation(_ index: UInt16) throws -> ReportCall {
        let request = KeygenRequest(
            number: 1,
            operators: nil,
            size: 4,
            count: 20,
            credentials: WithdrawalCredentials(Self.contract),
            amount: .ether(32),
            owner: Self.contract,
            ownerNonce: 0
        )
        let statement = ValidatorCreationStatement(
            epoch: Epoch(3),
            requestId: Digest(Self.request.storage),
            index: index,
            publicKey: [UInt8](repeating: 1, count: 48),
            operatorIds: [1, 2, 3, 4],
            threshold: 3,
            transcript: Digest(),
            depositDataRoot: Digest()
        )
        let signature = try #require(G2Bytes([UInt8](repeating: 2, count: 96)))
        let call = OperationsCall.create(request, statement, depositSignature: signature, .none)
        return try #require(ReportCall(call, to: Self.contract))
    }

    private func check(
        _ revert: RegistryRevert?,
        _ request: RequestStanding,
        epoch: UInt64 = 3
    ) throws -> SubmissionCheck {
        let numbers: [UInt64] = [epoch, 1, 0, 3, 4, 0, 0, 1]
        let state = try RegistryState(results: [
            UInt256(1 as UInt64).bigEndian.array, ABIValue.address(Address()).encoded,
            numbers.flatMap { UInt256($0).bigEndian.array }, [UInt8](repeating: 0, count: 32 * 7),
            [UInt8](repeating: 0, count: 32 * 2),
        ])
        return SubmissionCheck(block: TestHeaders.main(10), revert: revert, state: state, request: request)
    }

    @Test func `is one call by whichever signature, another by another epoch, content or contract`() throws {
        let call = try failure()
        #expect(call.id == (try failure(signature: 8)).id)
        #expect(call.data != (try failure(signature: 8)).data)
        #expect(call.id != (try failure(epoch: 4)).id)
        #expect(call.id != (try failure(reason: 2)).id)
        #expect(call.request == Self.request && call.epoch == Epoch(3) && call.deed == .failure)
        #expect(ReportCall(.cancel(Self.request), to: Self.contract) == nil)
    }

    @Test func `is found again as it was stored, and refused in any other form`() throws {
        for call in [try failure(), try creation(0), try creation(19)] {
            let record = OutboxRecord(call: .report(call))
            let bytes = record.encoded
            #expect(try OutboxRecord(decoding: bytes) == record)
            for count in stride(from: 0, to: bytes.count, by: 3) {
                #expect(throws: (any Error).self) { try OutboxRecord(decoding: Array(bytes.prefix(count))) }
            }
            let parts = try RLP(decoding: bytes).elements("the record")
            let stored = try parts[0].elements("the report")
            for (place, wrong) in [
                (0, RLP.bytes([1])), (1, .bytes([1])), (2, .bytes([])), (4, .number(3 as UInt64)),
                (5, .number(65_536 as UInt64)),
                (6, .bytes([UInt8](repeating: 0, count: ReportCall.maxData + 1))),
            ] {
                var other = stored
                other[place] = wrong
                let whole = RLP.list([.list(other)] + parts.dropFirst()).encoded
                #expect(throws: (any Error).self, "\(place)") { try OutboxRecord(decoding: whole) }
            }
        }
    }

    @Test func `goes to its own contract, while elections go to the registry`() throws {
        var driver = OutboxDriver()
        let call = ChainCall.report(try failure())
        driver.feed(.submitted(call))
        driver.feed(.released(call.id))
        driver.submit(1)
        driver.observe()
        #expect(driver.sent.map(\.transaction.to) == [Self.contract, driver.configuration.registry])
        #expect(driver.sent.map(\.transaction.nonce) == [7, 8])
        #expect(driver.sent.first?.transaction.data == call.data)
    }

    @Test func `understands what the contract would do with a report`() throws {
        let block = TestHeaders.main(10)
        let failure = ChainCall.report(try failure())
        let creation = ChainCall.report(try creation(5))
        let open = RequestStanding(.open)
        let table: [(ChainCall, SubmissionCheck, SubmissionCheck.Verdict)] = [
            (failure, try check(nil, open), .send),
            (failure, try check(.notOpen, RequestStanding(.failed)), .leave(.doneByOther(block))),
            (failure, try check(.notOpen, RequestStanding(.done)), .leave(.superseded(block))),
            (failure, try check(.notOpen, RequestStanding(.cancelled)), .leave(.superseded(block))),
            (failure, try check(.notOpen, RequestStanding(.unknown)), .wait(.notOpen)),
            (failure, try check(.wrongEpoch, open, epoch: 4), .leave(.superseded(block))),
            (failure, try check(.wrongEpoch, open, epoch: 2), .wait(.wrongEpoch)),
            (failure, try check(.badSignature, open), .drop(.badSignature)),
            (creation, try check(nil, RequestStanding(.open, made: 0b1_1111)), .send),
            (
                creation, try check(.alreadyDone, RequestStanding(.open, made: 1 << 5)),
                .leave(.doneByOther(block))
            ),
            (
                creation, try check(.notOpen, RequestStanding(.failed, made: 1 << 5)),
                .leave(.doneByOther(block))
            ),
            (creation, try check(.notOpen, RequestStanding(.failed)), .leave(.superseded(block))),
            (creation, try check(.knownKey, open), .leave(.superseded(block))),
            (creation, try check(.wrongOperators, open), .drop(.wrongOperators)),
            (creation, try check(.badIndex, open), .drop(.badIndex)),
            (creation, try check(.inactiveOperator, open), .wait(.inactiveOperator)),
            (creation, try check(.noEther, open), .wait(.noEther)),
            (creation, try check(.feeTooHigh, open), .wait(.feeTooHigh)),
            (creation, try check(.other("x"), open), .wait(.other("x"))),
        ]
        for (call, check, verdict) in table { #expect(check.verdict(on: call) == verdict, "\(check)") }
    }

    @Test func `reads where a request stands, and nothing that the contract does not say`() throws {
        func words(_ numbers: UInt64...) -> [UInt8] { numbers.flatMap { UInt256($0).bigEndian.array } }
        #expect(try RequestStanding(result: words(1, 5)) == RequestStanding(.open, made: 5))
        #expect(try RequestStanding(result: words(4, 0)) == RequestStanding(.failed))
        for result in [words(5, 0), words(256, 0), words(1), words(1, 2, 3), []] {
            #expect(throws: ABIError.self) { try RequestStanding(result: result) }
        }
        #expect(RequestStanding.question(Self.request).count == 36)
    }
}
