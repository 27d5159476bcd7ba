import BLS12381
import CeremonySupport
import Cryptography
import Primitives
import Testing

@testable import KeyOperations

/// Keys are made, shared anew and used to leave.
@Suite struct CeremonyTests {
    /// The key that secret shares interpolate to, without any of the code that made them.
    private func secret(_ shares: some Collection<KeyShare>) throws -> SecretKey {
        let values = shares.map { (index: $0.index, share: $0.secretKey.scalar) }
        return try #require(SecretFr.interpolate(values).flatMap { SecretKey($0) })
    }

    private func keys(_ attempt: OperationAttempt) throws -> [MadeKey] {
        guard case .keys(let transcript, let keys)? = attempt.result else {
            throw StageError("no keys: \(attempt.guilty)")
        }
        #expect(transcript == attempt.transcript)
        return keys
    }

    /// The shares make the key, any threshold of them, and what was signed is what the whole key signs.
    private func expectGood(_ keys: [MadeKey], _ attempt: OperationAttempt, _ stage: CeremonyStage) throws {
        for key in keys {
            let bytes = key.sharing.publicKey.bytes
            let shares = try #require(stage.shares[bytes]).sorted { $0.key < $1.key }.map { $0.value }
            #expect(shares.count == attempt.plan.group.count)
            #expect(key.sharing.threshold == attempt.plan.threshold)
            let whole = try secret(shares.prefix(attempt.plan.threshold))
            #expect(whole.publicKey.bytes == bytes)
            #expect(try secret(shares.suffix(attempt.plan.threshold)) == whole)
            #expect(try secret(shares) == whole)
            #expect(try secret(shares.prefix(attempt.plan.threshold - 1)) != whole)
            for share in shares {
                #expect(key.sharing.publicShare(at: share.index) == share.secretKey.publicKey)
            }
            guard case .keygen(let task) = attempt.plan.task else {
                #expect(key.depositSignature == nil && key.ownershipSignature == nil && key.place == 0)
                continue
            }
            let deposit = DepositMessage(stated: bytes, task.credentials, task.amount)
            #expect(key.depositSignature == whole.sign(.deposit(deposit), on: stage.network).bytes)
            let data = DepositData(message: deposit, signature: try #require(key.depositSignature))
            #expect(data.fault(on: stage.network) == nil)
            let ownership = ValidatorStatement.ownership(
                task.owner,
                nonce: task.ownerNonce + UInt64(key.place)
            )
            #expect(key.ownershipSignature == whole.sign(ownership, on: stage.network).bytes)
        }
        #expect(Set(keys.map { $0.sharing.publicKey.bytes }).count == keys.count)
    }

    @Test(arguments: [([1, 2, 3, 4], 3), ([3, 60, 61, 62, 1 << 40, 1 << 41, UInt64.max], 1)])
    func `a group makes keys and signs their deposits`(group: [UInt64], count: Int) throws {
        var stage = try CeremonyStage(operators: group)
        let request = try stage.requestKeygen(count, by: group)
        let plan = try stage.plan(request)
        let attempt = try stage.play(plan)
        #expect(attempt.guilty.isEmpty && !attempt.hasFailed)
        let keys = try keys(attempt)
        #expect(keys.map { $0.place } == Array(0..<UInt16(count)))
        try stage.register(attempt)
        try expectGood(keys, attempt, stage)
        #expect(stage.facts.requests[request]?.state == .done)
    }

    @Test(arguments: [[1, 2, 3, 4], [5, 6, 7, 8], [2, 4, 5, 6, 7, 8, 9], [3, 5, 7, 9, 11]] as [[UInt64]])
    func `a key goes on to others, stays, and can leave`(next: [UInt64]) throws {
        var stage = try CeremonyStage(operators: Array(1...11), seed: 3)
        let made = try stage.planKeygen(1, by: [1, 2, 3, 4])
        let first = try stage.play(made)
        try stage.register(first)
        let key = try #require(try keys(first).first).sharing.publicKey.bytes
        let old = try #require(stage.shares[key])

        let request = try stage.requestReshare(of: key, to: next)
        // One of the four is away: three are enough to deal on.
        let second = try stage.play(
            try stage.plan(request, excluding: next.count == 4 ? [] : [OperatorID(2)])
        )
        #expect(second.guilty.isEmpty)
        try stage.register(second)
        let shared = try keys(second)
        #expect(shared.map { $0.sharing.publicKey.bytes } == [key])
        try expectGood(shared, second, stage)
        #expect(stage.facts.validators[key]?.operators == (try CeremonyStage.group(next)))
        let new = try #require(stage.shares[key])
        for (id, share) in new where old[id] != nil { #expect(old[id]?.secretKey != share.secretKey) }

        let leaving = try stage.planExit(of: key)
        let exit = try stage.play(leaving)
        let whole = try secret(new.values)
        let statement = ValidatorStatement.exit(VoluntaryExit(epoch: 256, validatorIndex: 1_234_567))
        #expect(exit.result == .exit(whole.sign(statement, on: stage.network).bytes))
    }
}
