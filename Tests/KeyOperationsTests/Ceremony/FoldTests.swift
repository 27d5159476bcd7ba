import BLS12381
import CeremonySupport
import Cryptography
import Primitives
import Testing

@testable import KeyOperations

/// The fold comes to one end, in whatever order it hears.
@Suite struct FoldTests {
    private func shuffled(_ messages: [SignedOperatorMessage], _ seed: UInt64) -> [SignedOperatorMessage] {
        var random = SplitMix64(seed: seed)
        return messages.shuffled(using: &random)
    }

    private func expectOneEnd(_ scene: Scene, _ complete: OperationAttempt, orders: UInt64) {
        let messages = complete.messages
        for seed in 0..<orders {
            let order = shuffled(messages, seed)
            var attempt = OperationAttempt(scene.plan, in: scene.stage.domains)
            for (number, message) in order.enumerated() {
                #expect(attempt.take(message, with: Ed25519Verifier()) == .fresh)
                #expect((attempt.result != nil) == (number == order.count - 1), "seed \(seed)")
                let repeated = order[Int(seed) * 7 % (number + 1)]
                #expect(attempt.take(repeated, with: Ed25519Verifier()) == .known)
                #expect(!attempt.hasFailed)
                let said = Set(order.prefix(number + 1).map { SaidWord($0) })
                for id in attempt.awaited { #expect(!said.contains(SaidWord(id, awaitedStep(attempt)))) }
                #expect(attempt.awaited.isEmpty == (attempt.result != nil))
            }
            #expect(attempt.result == complete.result && attempt.messages == messages)
        }
    }

    private struct SaidWord: Hashable {
        let author: OperatorID
        let step: UInt8
        init(_ signed: SignedOperatorMessage) {
            self.init(OperatorID(signed.message.author), signed.message.step)
        }
        init(_ author: OperatorID, _ step: UInt8) { (self.author, self.step) = (author, step) }
    }

    private func awaitedStep(_ attempt: OperationAttempt) -> UInt8 {
        if case .exit = attempt.plan.task { return 5 }
        return attempt.sessions.isEmpty ? 1 : attempt.transcripts.isEmpty ? 2 : 4
    }

    @Test func `all orders of a keygen's words give one result`() throws {
        var scene = try Scene.keygen()
        let complete = try scene.played()
        #expect(complete.messages.count == 12)
        expectOneEnd(scene, complete, orders: 12)
    }

    @Test func `all orders of a reshare's words give one result`() throws {
        var scene = try Scene.reshare()
        let complete = try scene.played()
        #expect(complete.messages.count == 12)
        expectOneEnd(scene, complete, orders: 12)
    }

    @Test func `any three of four make an exit, always the same`() throws {
        let scene = try Scene.exit()
        var words: [SignedOperatorMessage] = []
        for id in scene.plan.group.ids {
            let share = try scene.stage.exitShare(by: id, in: scene.plan)
            words.append(try scene.stage.sign(.exit(share), by: id, in: scene.plan))
        }
        let result = scene.fold(words).result
        guard case .exit(let signature)? = result, case .exit(let task) = scene.plan.task,
            let key = scene.plan.sharing?.publicKey
        else { throw StageError("no exit") }
        #expect(
            Signature(signature)?.isValid(for: .exit(task.exit), on: scene.stage.network, by: key) == true
        )
        for away in words.indices {
            var three = words
            three.remove(at: away)
            #expect(scene.fold(three).result == result)
            #expect(scene.fold(three.prefix(2)).result == nil)
            #expect(scene.fold(three.prefix(2)).awaited.count == 2)
        }
        var attempt = scene.fold(words.prefix(3))
        #expect(attempt.take(words[3], with: Ed25519Verifier()) == .known)
        #expect(attempt.messages == Array(words.prefix(3)))
    }

    @Test func `duties follow each other`() throws {
        var scene = try Scene.reshare()
        var attempt = OperationAttempt(scene.plan, in: scene.stage.domains)
        let (five, six) = (OperatorID(5), OperatorID(6))
        func duties() -> [OperatorStep?] { [one, three, five].map { attempt.duty(of: $0) } }
        #expect(attempt.awaited == [one, two, five, six])
        #expect(duties() == [.join, nil, .join] && attempt.duty(of: OperatorID(9)) == nil)
        try scene.say(.join(try scene.stage.join(by: one, in: scene.plan)), 1, to: &attempt)
        #expect(attempt.awaited == [two, five, six] && duties() == [nil, nil, .join])
        try scene.stage.play(&attempt, before: .deal)
        #expect(attempt.awaited == [one, two, three, four] && duties() == [.deal, .deal, nil])
        try scene.say(.deal(try scene.stage.deals(by: three, in: attempt)), 3, to: &attempt)
        #expect(attempt.awaited == [one, two, four] && duties() == [.deal, nil, nil])
        try scene.stage.play(&attempt, before: .confirm)
        #expect(attempt.awaited == [one, two, five, six] && duties() == [.confirm, nil, .confirm])
        try scene.say(.confirm(try scene.stage.confirmation(by: five, in: attempt)), 5, to: &attempt)
        #expect(attempt.awaited == [one, two, six] && duties() == [.confirm, nil, nil])
        try scene.stage.play(&attempt)
        #expect(attempt.awaited.isEmpty && duties() == [nil, nil, nil] && attempt.result != nil)
    }

    @Test func `what is made is signed for this chain, this owner and this place`() throws {
        var scene = try Scene.keygen(2)
        let attempt = try scene.played()
        guard case .keygen(let task) = scene.plan.task else { throw StageError("no keygen") }
        #expect(attempt.statements(at: 2).isEmpty)
        let key = attempt.transcripts[1].key.publicKey
        #expect(
            attempt.statements(at: 1) == [
                .deposit(DepositMessage(stated: key.bytes, task.credentials, task.amount)),
                .ownership(task.owner, nonce: 8),
            ]
        )
        #expect(scene.plan.network == .hoodi)
    }

    @Test func `sessions and transcript have the digests that the protocol names`() throws {
        var scene = try Scene.keygen(2)
        let attempt = try scene.played()
        var transcript = Array("oracle operation transcript v1".utf8) + scene.plan.id.array
        for (place, sum) in attempt.transcripts.enumerated() {
            transcript += sum.digest.array
            var bytes = Array("oracle operation sharing v1".utf8) + scene.plan.id.array + [UInt8(place), 0]
            for id in scene.plan.group.ids {
                bytes += [UInt8(id.rawValue), 0, 0, 0, 0, 0, 0, 0]
                bytes += try known(attempt.words[id]?[.join], "a join").join().encryptionKey.array
            }
            #expect(attempt.sessions[place].id.array == SHA256.hash(bytes).array)
        }
        #expect(attempt.transcript == SHA256.hash(transcript))
    }
}
