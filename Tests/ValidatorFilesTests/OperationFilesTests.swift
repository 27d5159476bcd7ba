import BLS12381
import CeremonySupport
import Cryptography
import KeyOperations
import Primitives
import TestSupport
import Testing

@testable import ValidatorFiles

/// What a ceremony makes, other tools take.
@Suite struct OperationFilesTests {
    private static let createdAt = "2026-11-23T03:12:45Z"

    /// A keygen of operators with the RSA keys of the fixtures.
    private func keygen(
        _ count: Int,
        by ids: [UInt64] = [1, 2, 3, 4],
        without keyless: Set<UInt64> = [],
        seed: UInt64 = 1
    ) throws -> (stage: CeremonyStage, attempt: OperationAttempt) {
        var stage = try CeremonyStage(operators: ids, seed: seed)
        var keys: [OperatorID: RSAPublicKey] = [:]
        for (index, number) in ids.enumerated() {
            let id = OperatorID(number)
            var record = try #require(stage.facts.operators[id])
            record.sharesKeyHash = Digest()
            if !keyless.contains(number) {
                let key = try SSVTests.PrivateKeys.load(index).publicKey
                keys[id] = key
                record.sharesKeyHash = Keccak256.hash(Array(key.operatorKey.utf8))
            }
            stage.take(.operatorKnown(record))
        }
        let plan = try stage.planKeygen(count, by: ids)
        var attempt = OperationAttempt(plan, in: stage.domains)
        try stage.play(&attempt, before: .confirm)
        let sums = attempt
        let players = stage
        try stage.play(&attempt) { id, word in
            guard case .confirm(var confirm) = word else { return [word] }
            let shares = try players.shares(of: id, in: sums)
            confirm.sharesKey = try #require(ByteList(Array((keys[id]?.operatorKey ?? "").utf8)))
            for (index, share) in shares.enumerated() {
                let sealed = try keys[id]?.encrypt(share.secretKey.scalar).array ?? []
                confirm.shares = try confirm.shares.changing(index) {
                    $0.encryptedShare = try #require(ByteList(sealed))
                }
            }
            return [.confirm(confirm)]
        }
        #expect(attempt.result != nil && attempt.guilty.isEmpty)
        return (stage, attempt)
    }

    @Test(arguments: [1, 3]) func `a keygen's deposits and keyshares are good`(count: Int) throws {
        let attempt = try keygen(count).attempt
        let made = OperationFiles(of: attempt, createdAt: Self.createdAt)
        #expect(
            made.omitted.isEmpty && made.files.map { $0.name } == ["deposit_data.json", "keyshares.json"]
        )
        for file in made.files {
            let report = ValidatorFile.recognise(file.bytes)
            #expect(report.isGood, "\(report.lines)")
        }
        let deposits = try DepositFile(try #require(made.files.first).bytes)
        let keyshares = try KeysharesFile(try #require(made.files.last).bytes)
        guard case .keys(_, let keys)? = attempt.result else { throw StageError("no keys") }
        let publicKeys = keys.map { $0.sharing.publicKey.bytes }
        #expect(deposits.entries.map { $0.data.message.publicKey } == publicKeys)
        #expect(keyshares.validators.map { $0.publicKey } == publicKeys)
        #expect(keyshares.validators.map { $0.ownerNonce.nonce } == (0..<UInt64(count)).map { 7 + $0 })
        for validator in keyshares.validators {
            for (index, one) in validator.operators.enumerated() {
                let publicKey = try #require(PublicKey(one.sharePublicKey))
                _ = try SSVTests.PrivateKeys.load(index).decrypt(one.encryptedShare, of: publicKey)
            }
        }
    }

    @Test func `an operator without an RSA key keeps keyshares from being written, and nothing else`() throws
    {
        let made = OperationFiles(of: try keygen(1, without: [3]).attempt, createdAt: Self.createdAt)
        #expect(made.files.map { $0.name } == ["deposit_data.json"])
        #expect(made.omitted.map { $0.problem } == ["operator 3 has no RSA key for SSV"])
    }

    @Test func `groups of a size that SSV does not take have no keyshares`() throws {
        let attempt = try keygen(1, by: [1, 2, 3, 4, 5], without: [1, 2, 3, 4, 5]).attempt
        let made = OperationFiles(of: attempt, createdAt: Self.createdAt)
        #expect(made.files.map { $0.name } == ["deposit_data.json"])
        #expect(made.omitted.map { $0.problem } == ["5 operators hold the keys"])
    }

    @Test func `an exit's file is good for the key that leaves`() throws {
        var (stage, attempt) = try keygen(1, without: [1, 2, 3, 4])
        #expect(
            OperationFiles(of: OperationAttempt(attempt.plan, in: stage.domains), createdAt: "").files.isEmpty
        )
        try stage.register(attempt)
        guard case .keys(_, let keys)? = attempt.result else { throw StageError("no keys") }
        let key = try #require(keys.first).sharing.publicKey.bytes
        attempt = try stage.play(try stage.planExit(of: key))
        let made = OperationFiles(of: attempt, createdAt: Self.createdAt)
        #expect(made.omitted.isEmpty && made.files.map { $0.name } == ["exit.json"])
        let report = ValidatorFile.recognise(try #require(made.files.first).bytes, keys: [key])
        #expect(report.isGood, "\(report.lines)")
    }
}
