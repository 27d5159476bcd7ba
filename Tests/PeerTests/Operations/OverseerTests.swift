import BLS12381
import CeremonySupport
import Cryptography
import KeyOperations
import Peer
import Primitives
import Testing

@Suite("Overseers of operations")
struct OverseerTests {
    private func created(_ stage: OverseerStage) -> [OperationReport] {
        stage.reported.filter { if case .created = $0 { true } else { false } }
    }

    @Test(
        "a keygen is ordered, carried out and reported, one report a key, and then forgotten",
        arguments: [1, 2, 3] as [UInt64]
    )
    func keygen(seed: UInt64) throws {
        var stage = try OverseerStage(operators: [1, 2, 3, 4], seed: seed)
        let id = try stage.ask { try $0.requestKeygen(2) }
        try stage.run(.seconds(30)) { $0.stage.facts.requests[id]?.isOpen == false }
        #expect(stage.stage.facts.requests[id]?.state == .done)
        #expect(created(stage).count == 2)
        #expect(stage.reported.count == 2)
        try stage.run(.seconds(5))
        for index in 0..<4 {
            #expect(stage.notices[index].contains(.settled(id, .done)))
            #expect(stage.overseers[index]?.report(stage.reported[0].structHash) == nil)
        }
    }

    @Test(
        "a leader that dies in the middle is followed by one that goes on with the same attempt",
        arguments: 1...6 as ClosedRange<UInt64>
    )
    func leaderDies(seed: UInt64) throws {
        var stage = try OverseerStage(operators: [1, 2, 3, 4], seed: seed)
        let id = try stage.ask { try $0.requestKeygen(1) }
        // At another moment for each seed: before the order, among joins, deals, confirmations.
        try stage.run(.milliseconds(Int64(20 + seed * 90)))
        stage.kill(stage.leader)
        try stage.run(.milliseconds(500))
        stage.changeView()
        try stage.run(.seconds(40)) { $0.stage.facts.requests[id]?.isOpen == false }
        #expect(stage.stage.facts.requests[id]?.state == .done)
        #expect(created(stage).count == 1)
    }

    @Test("an operator that is silent is left out of the next attempt")
    func silence() throws {
        var stage = try OverseerStage(operators: [1, 2, 3, 4, 5], seed: 7)
        stage.silent = [OperatorID(3)]
        let id = try stage.ask { try $0.requestKeygen(1) }
        try stage.run(.seconds(150)) { $0.stage.facts.requests[id]?.isOpen == false }
        #expect(stage.stage.facts.requests[id]?.state == .done)
        guard case .created(_, let statement, _)? = stage.reported.first else {
            Issue.record("nothing was reported")
            return
        }
        #expect(statement.operatorIds == [1, 2, 4, 5])
    }

    @Test("an operator that deals wrongly is blamed by its own signature, and left out")
    func badDeal() throws {
        var stage = try OverseerStage(operators: [1, 2, 3, 4, 5], seed: 8)
        stage.direct = { id, word in
            guard id == OperatorID(2), case .deal(var deals) = word else { return [word] }
            if let none = SSZList<G1Deal, 20>([]) { deals.deals = none }
            return [.deal(deals)]
        }
        let id = try stage.ask { try $0.requestKeygen(1) }
        try stage.run(.seconds(30)) { $0.stage.facts.requests[id]?.isOpen == false }
        #expect(stage.stage.facts.requests[id]?.state == .done)
        let blamed = stage.notices.joined().contains {
            if case .guilty(_, OperatorID(2), .dealCount(0)) = $0 { true } else { false }
        }
        #expect(blamed)
    }

    @Test("where too few operators are left, the failure is reported with who is guilty")
    func tooFew() throws {
        var stage = try OverseerStage(operators: [1, 2, 3, 4], seed: 9)
        stage.direct = { id, word in
            guard id == OperatorID(4), case .deal(var deals) = word else { return [word] }
            if let none = SSZList<G1Deal, 20>([]) { deals.deals = none }
            return [.deal(deals)]
        }
        let id = try stage.ask { try $0.requestKeygen(1) }
        try stage.run(.seconds(60)) { $0.stage.facts.requests[id]?.isOpen == false }
        #expect(stage.stage.facts.requests[id]?.state == .failed(.tooFewOperators))
        guard case .failed(let statement)? = stage.reported.first else {
            Issue.record("nothing was reported")
            return
        }
        #expect(statement.blamedIds == [4])
    }

    @Test("an order by who does not lead, or that the chain does not ask for, is not vouched for")
    func falseOrders() throws {
        var stage = try OverseerStage(operators: [1, 2, 3, 4, 5, 6, 7, 8], seed: 10)
        let leader = stage.leader
        stage.kill(leader)
        let id = try stage.ask { try $0.requestKeygen(1) }
        try stage.run(.milliseconds(100))
        let right = try stage.stage.plan(id)
        let wrong = try stage.stage.plan(id, excluding: [OperatorID(1)])
        let follower = (leader + 1) % 4
        stage.write(follower, .operationOrder, OrderedPlan(view: View(1), plan: right.plan).sszBytes)
        stage.write(leader, .operationOrder, OrderedPlan(view: View(1), plan: wrong.plan).sszBytes)
        try stage.run(.seconds(2))
        let ordered = stage.notices.joined().contains { if case .ordered = $0 { true } else { false } }
        #expect(!ordered)
        stage.write(leader, .operationOrder, OrderedPlan(view: View(1), plan: right.plan).sszBytes)
        try stage.run(.seconds(30)) { $0.stage.facts.requests[id]?.isOpen == false }
        #expect(stage.stage.facts.requests[id]?.state == .done)
    }

    @Test("nothing is reported of a key that somebody has deposited for")
    func foreignDeposit() throws {
        var stage = try OverseerStage(operators: [1, 2, 3, 4], seed: 11)
        stage.beacon = { _ in .waiting }
        _ = try stage.ask { try $0.requestKeygen(1) }
        try stage.run(.seconds(30))
        #expect(stage.reported.isEmpty)
    }

    @Test("a key is shared anew and then leaves by a signed exit, also after all oracles have restarted")
    func reshareAndExit() throws {
        var stage = try OverseerStage(operators: [1, 2, 3, 4, 5, 6], seed: 12)
        let keygen = try stage.ask { try $0.requestKeygen(1, by: [1, 2, 3, 4]) }
        try stage.run(.seconds(30)) { $0.stage.facts.requests[keygen]?.isOpen == false }
        // The operators hear of it a little later than the oracles.
        try stage.run(.seconds(2))
        try stage.keepShares()
        let key = try #require(stage.stage.sharings.keys.first)
        let made = try #require(stage.stage.facts.validators[key])
        let reshare = try stage.ask { try $0.requestReshare(of: key, to: [1, 2, 5, 6]) }
        try stage.run(.seconds(30)) { $0.stage.facts.requests[reshare]?.isOpen == false }
        #expect(stage.stage.facts.validators[key]?.operators.numbers == [1, 2, 5, 6])
        // The operators hear of it a little later than the oracles.
        try stage.run(.seconds(2))
        try stage.keepShares()
        let now = try #require(stage.stage.facts.validators[key])
        let contents = stage.stage.facts.requests
        for index in 0..<4 {
            stage.kill(index)
            stage.restart(
                index,
                facts: [
                    .requested(try #require(contents[keygen]).content, keygen),
                    .created(keygen, place: 0, made),
                    .requested(try #require(contents[reshare]).content, reshare), .reshared(reshare, now),
                ]
            )
        }
        try stage.run(.seconds(3))
        stage.beacon = { _ in .validator(index: 77, exitEpoch: 300) }
        stage.silent = [OperatorID(6)]
        let exit = try stage.ask { try $0.requestExit(of: key) }
        try stage.run(.seconds(30)) { $0.stage.facts.requests[exit]?.isOpen == false }
        #expect(stage.stage.facts.requests[exit]?.state == .done)
        guard case .exitSigned(_, let statement)? = stage.reported.last else {
            Issue.record("no exit was reported")
            return
        }
        let message = VoluntaryExit(epoch: 300, validatorIndex: 77)
        let signature = try #require(G2Bytes(statement.exitSignature).flatMap { Signature($0) })
        let publicKey = try #require(PublicKey(key))
        #expect(signature.isValid(for: .exit(message), on: stage.stage.network, by: publicKey))
    }

    @Test("what operators say is carried once by the leader, and by others when it is dead")
    func carrying() throws {
        var stage = try OverseerStage(operators: [1, 2, 3, 4], seed: 14)
        let first = try stage.ask { try $0.requestKeygen(1) }
        try stage.run(.seconds(30)) { $0.stage.facts.requests[first]?.isOpen == false }
        #expect(stage.carriers == [stage.leader: 12])
        let second = try stage.ask { try $0.requestKeygen(1) }
        // Ordered, and nothing said yet.
        try stage.run(.milliseconds(60))
        stage.kill(stage.leader)
        try stage.run(.seconds(30)) { $0.stage.facts.requests[second]?.isOpen == false }
        try stage.run(.seconds(5))
        #expect(stage.carriers.values.reduce(0, +) >= 24 && stage.carriers.count > 1)
    }

    @Test("the group is asked to sign few reports at once, and in the end all")
    func pace() throws {
        var stage = try OverseerStage(operators: [1, 2, 3, 4], seed: 15)
        stage.isSigning = false
        let ids = try (0..<3).map { _ in try stage.ask { try $0.requestKeygen(4) } }
        try stage.run(.seconds(20))
        #expect(stage.mostUnsigned == 8)
        stage.signAll()
        try stage.run(.seconds(20)) { stage in
            ids.allSatisfy { stage.stage.facts.requests[$0]?.isOpen == false }
        }
        #expect(stage.reported.count == 12 && stage.mostUnsigned == 8)
    }

    @Test("an exit by withdrawal request needs no operator")
    func withdrawalRequest() throws {
        var stage = try OverseerStage(operators: [1, 2, 3, 4], seed: 13)
        let keygen = try stage.ask { try $0.requestKeygen(1) }
        try stage.run(.seconds(30)) { $0.stage.facts.requests[keygen]?.isOpen == false }
        // The operators hear of it a little later than the oracles.
        try stage.run(.seconds(2))
        try stage.keepShares()
        let key = try #require(stage.stage.sharings.keys.first)
        let group = try #require(stage.stage.facts.validators[key]).operators
        let exit = try stage.ask { stage in
            stage.request { number in
                .exit(
                    ExitRequest(
                        number: number,
                        publicKey: key,
                        operators: group,
                        way: .withdrawalRequest,
                        feeCap: 9
                    )
                )
            }
        }
        try stage.run(.seconds(5)) { $0.stage.facts.requests[exit]?.isOpen == false }
        #expect(stage.stage.facts.requests[exit]?.state == .done)
    }
}
