import BLS12381
import CeremonySupport
import Primitives
import Testing

@testable import Cryptography
@testable import KeyOperations

/// Transcripts show what has come of an attempt, and nothing that has not.
@Suite struct TranscriptTests {
    private let contract = Self.address(0x2d)

    private static func address(_ byte: UInt8) -> Address {
        Address(InlineArray(repeating: byte))
    }

    private func transcript(
        _ attempt: OperationAttempt,
        _ reports: [TranscriptReport] = []
    ) throws -> OperationTranscript {
        try #require(
            OperationTranscript(attempt, operations: contract, reports: reports, with: Ed25519Verifier())
        )
    }

    private func reread(_ transcript: OperationTranscript) throws -> OperationTranscript {
        let again = try OperationTranscript(encoded: transcript.encoded)
        #expect(again == transcript)
        return again
    }

    private func fault(
        of transcript: OperationTranscript,
        _ keys: [Epoch: GroupPublicKey] = [:]
    ) -> TranscriptFault? {
        do {
            _ = try transcript.verify(with: Ed25519Verifier(), groupKeys: keys)
            return nil
        } catch { return error }
    }

    /// A group key and what signs with it: a committee of one.
    private struct Group {
        let key: GroupPublicKey
        private let secret: Scalar

        init(seed: UInt8) throws {
            secret = FrostSuite.challenge([seed])
            key = try GroupPublicKey(try #require(GroupElement.generator(times: secret).point))
        }

        func sign(_ hash: Digest, for contract: Address) throws -> GroupSignature {
            let statement = StatementDigest(
                domainSeparator: StatementDomain(chainId: 560_048, operations: contract).separator,
                structHash: hash
            )
            let nonce = FrostSuite.challenge(hash.array)
            let commitment = try #require(GroupElement.generator(times: nonce).point).compressed
            let challenge = key.challenge(commitment: commitment, message: statement.digest.array)
            return GroupSignature(commitment: commitment, response: nonce + challenge * secret)
        }
    }

    // MARK: What is proven

    @Test(arguments: [1, 3]) func `a keygen's transcript shows its keys and signatures`(count: Int) throws {
        var stage = try CeremonyStage(operators: [1, 2, 3, 4])
        let attempt = try stage.play(try stage.planKeygen(count, by: [1, 2, 3, 4]))
        let finding = try reread(transcript(attempt)).verify(with: Ed25519Verifier())
        #expect(finding.attempt.result == attempt.result && attempt.result != nil)
        #expect(finding.absent.isEmpty && finding.reports.isEmpty)
    }

    @Test func `transcripts of a reshare and an exit show the new sharing and the signature`() throws {
        var stage = try CeremonyStage(operators: Array(1...8), seed: 5)
        let first = try stage.play(try stage.planKeygen(1, by: [1, 2, 3, 4]))
        try stage.register(first)
        guard case .keys(_, let keys)? = first.result else { throw StageError("no keys") }
        let key = try #require(keys.first).sharing.publicKey.bytes
        let second = try stage.play(try stage.planReshare(of: key, to: [3, 5, 6, 7]))
        try stage.register(second)
        #expect(
            try reread(transcript(second)).verify(with: Ed25519Verifier()).attempt.result == second.result
        )
        let exit = try stage.play(try stage.planExit(of: key))
        let finding = try reread(transcript(exit)).verify(with: Ed25519Verifier())
        #expect(finding.attempt.result == exit.result && exit.result != nil)
        // Three signatures of four are enough, and the fourth is not in it.
        #expect(finding.absent.count == 1)
    }

    @Test func `what is said after the end changes no transcript`() throws {
        var stage = try CeremonyStage(operators: [1, 2, 3, 4])
        let plan = try stage.planKeygen(1, by: [1, 2, 3, 4])
        var attempt = try stage.play(plan)
        let before = try transcript(attempt)
        let late = try stage.sign(
            .deal(stage.deals(by: OperatorID(1), in: attempt)),
            by: OperatorID(1),
            in: plan
        )
        #expect(attempt.take(late, with: Ed25519Verifier()) == .known)
        #expect(try transcript(attempt) == before)
        #expect(fault(of: before) == nil)
    }

    @Test func `a failed attempt's transcript shows who is guilty of what`() throws {
        var stage = try CeremonyStage(operators: [1, 2, 3, 4])
        let plan = try stage.planKeygen(1, by: [1, 2, 3, 4])
        let culprit = OperatorID(3)
        var maker = stage
        var twice = OperationAttempt(plan, in: stage.domains)
        try stage.play(&twice) { id, word in
            guard id == culprit, word.step == .join else { return [word] }
            var other = try maker.join(by: OperatorID(4), in: plan)
            other.encryptionKey = try maker.join(by: culprit, in: plan).encryptionKey
            return [word, .join(other)]
        }
        #expect(twice.guilty == [culprit: .equivocated(.join)])
        let finding = try reread(transcript(twice)).verify(with: Ed25519Verifier())
        #expect(finding.attempt.guilty == twice.guilty && finding.attempt.result == nil)

        var bad = OperationAttempt(plan, in: stage.domains)
        try stage.play(&bad) { id, word in
            guard id == culprit, case .confirm(var confirm) = word else { return [word] }
            confirm.shares = try confirm.shares.changing(0) { $0.holding = G2Bytes() }
            return [.confirm(confirm)]
        }
        #expect(bad.guilty == [culprit: .badPartial(place: 0)])
        #expect(
            try reread(transcript(bad)).verify(with: Ed25519Verifier()).attempt.guilty == bad.guilty
        )
    }

    @Test func `there is no transcript of what is neither done nor anybody's fault`() throws {
        var stage = try CeremonyStage(operators: [1, 2, 3, 4])
        var attempt = OperationAttempt(try stage.planKeygen(1, by: [1, 2, 3, 4]), in: stage.domains)
        try stage.play(&attempt, before: .confirm)
        #expect(OperationTranscript(attempt, operations: contract, with: Ed25519Verifier()) == nil)
    }

    // MARK: What is refused

    @Test func `a message that is missing, forged, twice there or of no use is refused`() throws {
        var stage = try CeremonyStage(operators: [1, 2, 3, 4])
        let good = try transcript(try stage.play(try stage.planKeygen(1, by: [1, 2, 3, 4])))
        for index in good.messages.elements.indices {
            var short = good
            var rest = good.messages.elements
            let removed = rest.remove(at: index)
            short.messages = try #require(SSZList(rest))
            guard case .incomplete? = fault(of: short) else {
                Issue.record("message \(index) is missing, and nobody notices")
                continue
            }
            var forged = good
            forged.messages = try good.messages.changing(index) { $0.signature[40] ^= 1 }
            #expect(fault(of: forged) == .unsigned(index))
            var double = good
            double.messages = try #require(SSZList(good.messages.elements + [removed]))
            #expect(fault(of: double) == .idle(12))
        }
        var shuffled = good
        shuffled.messages = try #require(SSZList(good.messages.elements.reversed()))
        #expect(fault(of: shuffled) == .order)
        var elsewhere = good
        elsewhere.deployment.chainId += 1
        #expect(fault(of: elsewhere) == .unsigned(0))
        var later = good
        later.plan.attempt += 1
        #expect(fault(of: later) == .unsigned(0))
    }

    @Test func `a byte changed anywhere is refused, but for what only the group's signature covers`() throws {
        var stage = try CeremonyStage(operators: [1, 2, 3, 4])
        let good = try transcript(try stage.play(try stage.planKeygen(1, by: [1, 2, 3, 4])))
        let bytes = good.encoded
        let contractPlace = 20 + 62
        #expect(Array(bytes[contractPlace..<contractPlace + 20]) == contract.array)
        for place in stride(from: 0, to: bytes.count, by: 89) {
            var changed = bytes
            changed[place] ^= 0x10
            let fault: TranscriptFault?
            do throws(TranscriptFault) {
                fault = self.fault(of: try OperationTranscript(encoded: changed))
            } catch { fault = error }
            // Where the committee reports to is no operator's business.
            #expect((fault == nil) == (contractPlace..<contractPlace + 20).contains(place), "byte \(place)")
        }
        #expect(throws: TranscriptFault.self) { try OperationTranscript(encoded: bytes + [0]) }
        #expect(throws: TranscriptFault.self) { try OperationTranscript(encoded: Array(bytes.dropLast())) }
        #expect(throws: TranscriptFault.foreign) { try OperationTranscript(encoded: []) }
        let newer = Array("oracle-transcript-2\n".utf8) + bytes.dropFirst(20)
        #expect(throws: TranscriptFault.version) { try OperationTranscript(encoded: newer) }
        let long = bytes + [UInt8](repeating: 0, count: OperationTranscript.sizeLimit)
        #expect(throws: TranscriptFault.tooLong) { try OperationTranscript(encoded: long) }
    }

    // MARK: Reports

    @Test func `the committee's reports are proven by its key, and by no other`() throws {
        let (group, stranger) = (try Group(seed: 1), try Group(seed: 2))
        var stage = try CeremonyStage(operators: [1, 2, 3, 4])
        let attempt = try stage.play(try stage.planKeygen(2, by: [1, 2, 3, 4]))
        let epoch = Epoch(4)
        func report(_ place: UInt16, by group: Group) throws -> TranscriptReport {
            var report = TranscriptReport(of: place, in: epoch, signature: GroupSignature())
            report.signature = try group.sign(try #require(report.structHash(about: attempt)), for: contract)
            return report
        }
        let good = try transcript(attempt, [report(1, by: group), report(0, by: group)])
        let finding = try reread(good).verify(with: Ed25519Verifier(), groupKeys: [epoch: group.key])
        #expect(finding.reports.map { $0.standing } == [.proven, .proven])
        #expect(finding.reports.map { $0.report.place } == [0, 1])
        let blind = try good.verify(with: Ed25519Verifier(), groupKeys: [Epoch(5): group.key])
        #expect(blind.reports.map { $0.standing } == [.unchecked, .unchecked])
        #expect(fault(of: good, [epoch: stranger.key]) == .forged(0))
        #expect(
            fault(of: try transcript(attempt, [report(0, by: stranger)]), [epoch: group.key]) == .forged(0)
        )
        var elsewhere = good
        elsewhere.operations = Self.address(1)
        #expect(fault(of: elsewhere, [epoch: group.key]) == .forged(0))

        var nowhere = try report(0, by: group)
        nowhere.place = 2
        #expect(fault(of: try transcript(attempt, [nowhere])) == .report(0))
        var blaming = try report(0, by: group)
        blaming.blamed = try #require(SSZList([OperatorID(1)]))
        #expect(fault(of: try transcript(attempt, [blaming])) == .report(0))
        blaming.reason = FailureReason.misbehaved.rawValue
        #expect(fault(of: try transcript(attempt, [blaming])) == .report(0))
    }

    @Test func `a failure that the committee has reported is proven too`() throws {
        let group = try Group(seed: 1)
        var stage = try CeremonyStage(operators: [1, 2, 3, 4])
        let attempt = try stage.play(try stage.planKeygen(1, by: [1, 2, 3, 4])) { id, word in
            guard id == OperatorID(2), case .deal = word else { return [word] }
            return [.deal(Deals(SSZList()))]
        }
        #expect(attempt.guilty == [OperatorID(2): .dealCount(0)])
        var report = TranscriptReport(
            failure: .misbehaved,
            blamed: try #require(SSZList([OperatorID(2)])),
            in: Epoch(1),
            signature: GroupSignature()
        )
        report.signature = try group.sign(try #require(report.structHash(about: attempt)), for: contract)
        let finding = try reread(transcript(attempt, [report]))
            .verify(with: Ed25519Verifier(), groupKeys: [Epoch(1): group.key])
        #expect(finding.reports.map { $0.standing } == [.proven])
        #expect(
            fault(of: try transcript(attempt, [report]), [Epoch(1): try Group(seed: 2).key]) == .forged(0)
        )
    }
}
