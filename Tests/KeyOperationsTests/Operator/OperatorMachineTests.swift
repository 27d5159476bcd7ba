import BLS12381
import CeremonySupport
import KeyOperations
import Primitives
import Testing

@Suite("Operators in ceremonies")
struct OperatorMachineTests {
    private let four = [1, 2, 3, 4].map { OperatorID($0) }

    private func keys(_ hub: OperatorHub, _ plan: CheckedPlan, at id: OperatorID) -> [G1Bytes]? {
        guard case .keys(_, let keys)? = hub.attempt(plan, at: id)?.result else { return nil }
        return keys.map { $0.sharing.publicKey.bytes }
    }

    @Test("operators make keys together, and each has its shares on disk")
    func keygen() throws {
        var hub = try OperatorHub(operators: [1, 2, 3, 4], seed: 1)
        let plan = try hub.stage.planKeygen(2, by: [1, 2, 3, 4])
        try hub.order(plan)
        let made = try #require(keys(hub, plan, at: four[0]))
        #expect(made.count == 2)
        for id in four {
            #expect(keys(hub, plan, at: id) == made)
            #expect(hub.shares(of: id).map { $0.held.publicKey } == made)
        }
        // Any three shares are the key.
        let parts = four.prefix(3).compactMap { id in
            id.shareIndex.flatMap { index in
                hub.shares(of: id).first.map { (index: index, element: $0.secret.publicKey.element) }
            }
        }
        #expect(parts.count == 3)
        #expect(G1.interpolate(parts)?.compressed == made.first)
    }

    @Test(
        "an operator that falls after any change of its disk says the same words again, and nobody is guilty"
    )
    func crash() throws {
        var changes = 1
        while true {
            var hub = try OperatorHub(operators: [1, 2, 3, 4], seed: 2)
            hub.crash = (four[1], after: changes)
            let plan = try hub.stage.planKeygen(1, by: [1, 2, 3, 4])
            try hub.order(plan)
            let made = try #require(keys(hub, plan, at: four[0]), "after \(changes) changes")
            for id in four {
                #expect(keys(hub, plan, at: id) == made, "after \(changes) changes")
                #expect(hub.attempt(plan, at: id)?.guilty.isEmpty == true, "after \(changes) changes")
                #expect(hub.shares(of: id).map { $0.held.publicKey } == made, "after \(changes) changes")
            }
            // The crash never came: that was the last change but none.
            if hub.crash != nil { break }
            changes += 1
        }
        #expect(changes > 4)
    }

    @Test("one oracle is not enough to begin")
    func fewVouchers() throws {
        var hub = try OperatorHub(operators: [1, 2, 3, 4], seed: 3)
        let plan = try hub.stage.planKeygen(1, by: [1, 2, 3, 4])
        try hub.order(plan, by: 1)
        #expect(hub.seats.values.allSatisfy { $0.kept.isEmpty })
    }

    @Test("a plan that the chain does not ask for is not followed, whoever vouches for it")
    func foreignPlan() throws {
        var hub = try OperatorHub(operators: [1, 2, 3, 4, 5], seed: 4)
        let right = try hub.stage.planKeygen(1, by: [1, 2, 3, 4])
        var wrong = right.plan
        wrong.attempt = 2
        wrong.task =
            OperationPlan(
                request: right.plan.request,
                attempt: 2,
                excluded: right.plan.excluded,
                operators: right.plan.operators,
                network: right.plan.network,
                task: .keygen(
                    KeygenTask(
                        places: try known(SSZList([0]), "a place"),
                        credentials: WithdrawalCredentials(
                            try known(Address(hex: String(repeating: "66", count: 20)), "x")
                        ).bytes,
                        amount: .ether(32),
                        owner: Address(),
                        ownerNonce: 7
                    )
                )
            ).task
        try hub.order(try CheckedPlan(wrong), by: 4)
        #expect(hub.seats.values.allSatisfy { $0.kept.isEmpty })
        #expect(hub.notices[four[0]]?.contains(.waits(wrong.id, .otherPlan)) == true)
    }

    @Test("a key goes to other operators, and the old shares are erased once that is final, not before")
    func reshare() throws {
        var hub = try OperatorHub(operators: [1, 2, 3, 4, 5, 6], seed: 5)
        let keygen = try hub.stage.planKeygen(1, by: [1, 2, 3, 4])
        try hub.order(keygen)
        let attempt = try #require(hub.attempt(keygen, at: four[0]))
        try hub.stage.announce(attempt)
        guard case .keys(let first, let keys)? = attempt.result, let key = keys.first else {
            Issue.record("no key")
            return
        }
        let publicKey = key.sharing.publicKey.bytes
        try hub.tell(
            .created(
                keygen.plan.request,
                place: 0,
                ValidatorRecord(publicKey: publicKey, operators: keygen.group, transcript: first)
            )
        )
        #expect(four.allSatisfy { hub.shares(of: $0).count == 1 })
        let plan = try hub.stage.planReshare(of: publicKey, to: [1, 2, 5, 6])
        try hub.order(plan)
        let result = try #require(hub.attempt(plan, at: OperatorID(5))?.result)
        guard case .keys(let second, let shared) = result else {
            Issue.record("no sharing")
            return
        }
        #expect(shared.first?.sharing.publicKey.bytes == publicKey)
        #expect(hub.shares(of: four[0]).count == 2 && hub.shares(of: four[3]).count == 1)
        try hub.tell(
            .reshared(
                plan.plan.request,
                ValidatorRecord(publicKey: publicKey, operators: plan.group, transcript: second)
            )
        )
        #expect(hub.shares(of: four[3]).isEmpty)
        #expect(hub.shares(of: four[0]).map { $0.held.transcript } == [second])
        #expect(hub.shares(of: OperatorID(6)).map { $0.held.transcript } == [second])
    }

    @Test("an exit is signed by a threshold while one is silent")
    func exit() throws {
        var hub = try OperatorHub(operators: [1, 2, 3, 4], seed: 6)
        let keygen = try hub.stage.planKeygen(1, by: [1, 2, 3, 4])
        try hub.order(keygen)
        let attempt = try #require(hub.attempt(keygen, at: four[0]))
        try hub.stage.announce(attempt)
        guard case .keys(let transcript, let keys)? = attempt.result, let key = keys.first else {
            Issue.record("no key")
            return
        }
        try hub.tell(
            .created(
                keygen.plan.request,
                place: 0,
                ValidatorRecord(
                    publicKey: key.sharing.publicKey.bytes,
                    operators: keygen.group,
                    transcript: transcript
                )
            )
        )
        hub.silent = [four[2]]
        let plan = try hub.stage.planExit(of: key.sharing.publicKey.bytes)
        try hub.order(plan)
        guard case .exit(let bytes)? = hub.attempt(plan, at: four[0])?.result,
            case .exit(let task) = plan.task
        else {
            Issue.record("no exit")
            return
        }
        let signature = try #require(Signature(bytes))
        #expect(signature.isValid(for: .exit(task.exit), on: hub.stage.network, by: key.sharing.publicKey))
    }
}
