import BLS12381
import CeremonySupport
import Primitives
import Testing

@testable import KeyOperations

/// What the chain has said, and the plans that follow from it.
@Suite struct OperationFactsTests {
    private func ids(_ numbers: [UInt64]) -> [OperatorID] { numbers.map { OperatorID($0) } }

    private func record(_ byte: UInt8, _ group: [UInt64]) throws -> ValidatorRecord {
        var key = G1Bytes()
        key[0] = byte
        return ValidatorRecord(
            publicKey: key,
            operators: try CeremonyStage.group(group),
            transcript: Digest()
        )
    }

    private func obstacle(_ stage: CeremonyStage, _ request: RequestID, excluding: Set<OperatorID> = [])
        throws
        -> PlanObstacle?
    {
        do {
            _ = try stage.plan(request, excluding: excluding)
            return nil
        } catch let obstacle as PlanObstacle { return obstacle }
    }

    @Test func `validators are counted for those who hold them now`() throws {
        var stage = try CeremonyStage(operators: Array(1...6))
        let request = try stage.requestKeygen(2, by: [1, 2, 3, 4])
        stage.take(.created(request, place: 0, try record(1, [1, 2, 3, 4])))
        stage.take(.created(request, place: 1, try record(2, [1, 2, 3, 4])))
        #expect(stage.facts.validatorCounts[one] == 2 && stage.facts.validatorCounts[OperatorID(5)] == nil)
        let again = try stage.requestReshare(of: try record(1, [1, 2, 3, 4]).publicKey, to: [3, 4, 5, 6])
        stage.take(.reshared(again, try record(1, [3, 4, 5, 6])))
        let counts = (1...6).map { stage.facts.validatorCounts[OperatorID($0)] }
        #expect(counts == [1, 1, 2, 2, 1, 1])
        #expect(stage.facts.requests[again]?.state == .done)
        stage.take(.closed(try record(2, [1, 2, 3, 4]).publicKey))
        stage.take(.closed(try record(2, [1, 2, 3, 4]).publicKey))
        #expect((1...6).map { stage.facts.validatorCounts[OperatorID($0)] } == [0, 0, 1, 1, 1, 1])
        #expect(stage.facts.validators.count == 1)
    }

    @Test func `who could serve is settled when it is asked`() throws {
        var stage = try CeremonyStage(operators: [6, 5, 4, 3, 2, 1, 10, 9])
        let made = try stage.requestKeygen(1, by: [1, 2, 3, 4])
        stage.take(.created(made, place: 0, try record(1, [1, 2, 3, 4])))
        let keygen = try stage.requestKeygen(1)
        #expect(stage.facts.requests[keygen]?.candidates == ids([6, 5, 10, 9, 4, 3, 2, 1]))
        let reshare = try stage.requestReshare(of: try record(1, [1, 2, 3, 4]).publicKey, to: [1, 2, 3, 5])
        let meanwhile = try stage.requestKeygen(1)
        #expect(stage.facts.requests[meanwhile]?.candidates == ids([6, 10, 9]))
        #expect(stage.facts.requests[keygen]?.candidates == ids([6, 5, 10, 9, 4, 3, 2, 1]))
        stage.take(.cancelled(reshare))
        let later = try stage.requestKeygen(1)
        #expect(stage.facts.requests[later]?.candidates.count == 8)
        #expect(try stage.plan(keygen).group.ids == ids([5, 6, 9, 10]))
        #expect(
            try stage.plan(keygen, attempt: 2, excluding: [OperatorID(5)]).group.ids == ids([4, 6, 9, 10])
        )
        #expect(try obstacle(stage, meanwhile) == .tooFewOperators)
        #expect(stage.facts.open.map { $0.id } == [keygen, meanwhile, later])
    }

    @Test func `places that are filled are left out of the next plan`() throws {
        var stage = try CeremonyStage(operators: [1, 2, 3, 4])
        let request = try stage.requestKeygen(3, by: [1, 2, 3, 4])
        stage.take(.created(request, place: 1, try record(1, [1, 2, 3, 4])))
        #expect(stage.facts.requests[request]?.state == .open(done: [1]))
        let plan = try stage.plan(request, attempt: 2)
        let attempt = try stage.play(plan)
        guard case .keys(_, let keys)? = attempt.result else { throw StageError("no keys") }
        #expect(keys.map { $0.place } == [0, 2])
        // Of place 2, not of the second key: the owner's nonce is 7 + 2.
        let ownership = ValidatorStatement.ownership(Address(), nonce: 9)
        let signature = try #require(keys[1].ownershipSignature.flatMap { Signature($0) })
        #expect(signature.isValid(for: ownership, on: stage.network, by: keys[1].sharing.publicKey))
        try stage.register(attempt)
        #expect(stage.facts.requests[request]?.state == .done && stage.facts.open.isEmpty)
        #expect(try obstacle(stage, request) == .notOpen)
    }

    @Test func `what is over stays over`() throws {
        var stage = try CeremonyStage(operators: [1, 2, 3, 4])
        let (first, second) = (
            try stage.requestKeygen(2, by: [1, 2, 3, 4]), try stage.requestKeygen(2, by: [1, 2, 3, 4])
        )
        stage.take(.cancelled(first))
        stage.take(.failed(second, .absent))
        for request in [first, second] {
            stage.take(.created(request, place: 0, try record(1, [1, 2, 3, 4])))
            #expect(try obstacle(stage, request) == .notOpen)
        }
        #expect(stage.facts.requests[first]?.state == .cancelled)
        #expect(stage.facts.requests[second]?.state == .failed(.absent))
        #expect(stage.facts.validators.count == 1)
    }

    @Test func `a key is dealt on by enough of those that hold it, as it is shared now`() throws {
        var (stage, key) = try Scene.stage(operators: [1, 2, 3, 4, 5])
        let request = try stage.requestReshare(of: key, to: [2, 3, 4, 5])
        #expect(try stage.plan(request).dealers == ids([1, 2, 3, 4]))
        #expect(try stage.plan(request, attempt: 2, excluding: [one]).dealers == ids([2, 3, 4]))
        #expect(try stage.plan(request, attempt: 2, excluding: [one]).group.ids == ids([2, 3, 4, 5]))
        #expect(try obstacle(stage, request, excluding: [one, two]) == .tooFewOperators)
        let facts = stage.facts
        func shared(_ sharing: SharedPublicKey?) -> PlanObstacle? {
            do throws(PlanObstacle) {
                _ = try facts.plan(
                    of: request,
                    attempt: 1,
                    excluding: [],
                    sharing: sharing,
                    exit: nil,
                    on: .hoodi
                )
                return nil
            } catch { return error }
        }
        #expect(shared(stage.sharings[key]) == nil)
        #expect(shared(nil) == .sharingUnknown)
        #expect(
            shared(SharedPublicKey(coefficients: [.generator, .generator, .generator])) == .sharingUnknown
        )
        stage.take(.closed(key))
        #expect(try self.obstacle(stage, request) == .unknown)
        let stranger = try stage.requestKeygen(1, by: [2, 3, 4, 9])
        #expect(try self.obstacle(stage, stranger) == .unknown)
    }

    @Test func `an exit without a ceremony, or of a validator without a number, has no plan`() throws {
        var (stage, key) = try Scene.stage(operators: [1, 2, 3, 4])
        let group = try CeremonyStage.group([1, 2, 3, 4])
        let request = stage.request { number in
            .exit(
                ExitRequest(
                    number: number,
                    publicKey: key,
                    operators: group,
                    way: .withdrawalRequest,
                    feeCap: 1
                )
            )
        }
        #expect(try obstacle(stage, request) == .noCeremony)
        let signed = try stage.requestExit(of: key)
        #expect(throws: PlanObstacle.exitUnknown) {
            try stage.facts.plan(
                of: signed,
                attempt: 1,
                excluding: [],
                sharing: stage.sharings[key],
                exit: nil,
                on: .hoodi
            )
        }
        stage.take(.exited(signed))
        #expect(stage.facts.requests[signed]?.state == .done)
    }
}
