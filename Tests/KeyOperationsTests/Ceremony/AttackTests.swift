import BLS12381
import CeremonySupport
import Cryptography
import Primitives
import Testing

@testable import KeyOperations

/// What one operator, or whoever carries words, may try.
@Suite struct AttackTests {
    @Test(arguments: [OperatorStep.join, .deal, .complain, .confirm])
    func `two words where one belongs convict, and the second changes nothing else`(step: OperatorStep) throws
    {
        var scene = try Scene.keygen()
        var attempt = try scene.played(before: step == .complain ? .confirm : step)
        var words: [OperatorWord] = []
        for _ in 0..<3 {
            switch step {
            case .join: words.append(.join(try scene.stage.join(by: two, in: scene.plan)))
            case .deal: words.append(.deal(try scene.stage.deals(by: two, in: attempt)))
            case .confirm: words.append(.confirm(try scene.stage.confirmation(by: two, in: attempt)))
            case .complain, .exit:
                let key = scene.stage.encryptionKey(of: two, in: scene.plan)
                var item = try scene.stage.complaint(by: two, with: key, about: one, at: 0, in: attempt)
                // About a deal that is none, so that it is neither right nor false.
                item.deal[0] ^= 1
                words.append(.complain(Complaints(try known(SSZList([item]), "one"))))
            }
        }
        // Confirmations of one operator differ in what only it can read.
        #expect(Set(words.map { $0 }).count == 3)
        #expect(try scene.say(words[0], 2, to: &attempt) == .fresh)
        #expect(attempt.guilty.isEmpty)
        #expect(try scene.say(words[1], 2, to: &attempt) == .fresh)
        #expect(attempt.guilty == [two: .equivocated(step)])
        #expect(attempt.hasFailed)
        let count = attempt.messages.count
        #expect(try scene.say(words[2], 2, to: &attempt) == .known)
        #expect(try scene.say(words[1], 2, to: &attempt) == .known)
        #expect(attempt.messages.count == count && attempt.contradictions.count == 1)
        #expect(scene.fold(attempt.messages).guilty.keys.contains(two))
        #expect(scene.fold(attempt.messages.reversed()).guilty.keys.contains(two))
        #expect(attempt.result == nil)
    }

    @Test func `what is complete stays so, keeps nothing more, and shows itself to others`() throws {
        var scene = try Scene.keygen()
        let before = try scene.played(before: .confirm)
        var attempt = before
        try scene.stage.play(&attempt)
        let (result, messages) = (attempt.result, attempt.messages)
        #expect(result != nil && messages.count == 12)
        #expect(
            try scene.say(.join(try scene.stage.join(by: two, in: scene.plan)), 2, to: &attempt) == .known
        )
        #expect(try scene.say(.deal(try scene.stage.deals(by: two, in: before)), 2, to: &attempt) == .known)
        for byte in UInt8(0)...9 {
            let body = try known(ByteList<32_512>([byte]), "a body")
            let message = OperatorMessage(attempt: scene.plan.id, author: 3, step: 77, body: body)
            #expect(attempt.take(try scene.stage.sign(message), with: Ed25519Verifier()) == .known)
        }
        #expect(attempt.contradictions.isEmpty && attempt.guilty.isEmpty)
        #expect(attempt.result == result && attempt.messages == messages && !attempt.hasFailed)
        #expect(scene.fold(messages).result == result)
        #expect(scene.fold(messages.reversed()).result == result)
    }

    @Test func `what all confirm is done although one contradicts itself meanwhile`() throws {
        for step in [OperatorStep.join, .deal, .confirm] {
            var scene = try Scene.keygen()
            let complete = try scene.played()
            let late = complete.messages.filter { $0.message.step == 4 }
            var attempt = scene.fold(complete.messages.filter { $0.message.step != 4 } + late.prefix(2))
            switch step {
            case .join: try scene.say(.join(try scene.stage.join(by: one, in: scene.plan)), 1, to: &attempt)
            case .deal: try scene.say(.deal(try scene.stage.deals(by: one, in: attempt)), 1, to: &attempt)
            default:
                try scene.say(.confirm(try scene.stage.confirmation(by: two, in: attempt)), 2, to: &attempt)
            }
            #expect(attempt.hasFailed && attempt.contradictions.count == 1)
            for message in late { _ = attempt.take(message, with: Ed25519Verifier()) }
            #expect(attempt.result == complete.result && !attempt.hasFailed)
            #expect(attempt.messages == complete.messages)
            #expect(scene.fold(attempt.messages).result == complete.result)
        }
    }

    @Test func `the first word of who contradicts itself early counts where all confirm it`() throws {
        for step in [OperatorStep.join, .deal] {
            var scene = try Scene.keygen()
            let complete = try scene.played()
            let dealt = try scene.played(before: .deal)
            let other: OperatorWord =
                step == .join
                ? .join(try scene.stage.join(by: two, in: scene.plan))
                : .deal(try scene.stage.deals(by: two, in: dealt))
            let first = try #require(
                complete.messages.first { $0.message.author == 2 && $0.message.step == step.rawValue }
            )
            let second = try scene.stage.sign(other, by: two, in: scene.plan)
            let attempt = scene.fold([first, second] + complete.messages)
            #expect(attempt.guilty == [two: .equivocated(step)])
            #expect(attempt.result == complete.result)
        }
    }

    @Test func `one message signed twice is no contradiction`() throws {
        var scene = try Scene.keygen()
        var attempt = OperationAttempt(scene.plan, in: scene.stage.domains)
        let signed = try scene.stage.sign(
            .join(try scene.stage.join(by: two, in: scene.plan)),
            by: two,
            in: scene.plan
        )
        _ = attempt.take(signed, with: Ed25519Verifier())
        var other = signed
        other.signature[0] ^= 1
        #expect(attempt.take(other, with: Ed25519Verifier()) == .foreign)
        #expect(attempt.take(other, with: Credulous()) == .known)
        #expect(attempt.guilty.isEmpty && attempt.messages == [signed])
    }

    /// As if every signature were some author's second one.
    private struct Credulous: IdentityVerifier {
        func isValid(_: IdentitySignature, of _: SigningRoot, by _: Identity) -> Bool { true }
    }

    @Test func `who deals one thing to its victim and another to all does not make it look a liar`() throws {
        var scene = try Scene.keygen()
        let joined = try scene.played(before: .deal)
        let good = OperatorWord.deal(try scene.stage.deals(by: two, in: joined))
        // The same ephemeral key, so that even the point that is shown is the right one.
        let bad = try good.dealing(0) { try $0.spoil(2) }
        var victim = joined
        for id in [one, three, four] {
            try scene.say(.deal(try scene.stage.deals(by: id, in: joined)), id.rawValue, to: &victim)
        }
        var others = victim
        try scene.say(bad, 2, to: &victim)
        try scene.say(good, 2, to: &others)
        let word = try #require(try scene.stage.next(of: three, in: victim))
        #expect(word.step == .complain)
        try scene.say(word, 3, to: &others)
        #expect(others.guilty.isEmpty)
        try scene.say(bad, 2, to: &others)
        #expect(others.guilty == [two: .equivocated(.deal)])
        try scene.say(word, 3, to: &victim)
        #expect(victim.guilty == [two: .badShare(to: three, place: 0)])
        try scene.say(good, 2, to: &victim)
        #expect(victim.guilty.keys == others.guilty.keys)
    }

    @Test func `the last dealer cannot make the attempt fail with nobody guilty`() throws {
        for degree in [1, 2] {
            var scene = try Scene.keygen(2)
            var attempt = try scene.played(before: .deal)
            for id in [one, two, three] {
                try scene.say(.deal(try scene.stage.deals(by: id, in: attempt)), id.rawValue, to: &attempt)
            }
            let others = try [one, two, three].compactMap {
                G1(try known(attempt.words[$0]?[.deal], "a deal").deals().deals[1].commitments[degree])
            }
            let sum = others.reduce(G1.identity, +)
            let word = OperatorWord.deal(try scene.stage.deals(by: four, in: attempt))
            let rogue = try word.dealing(1) {
                $0.commitments = try $0.commitments.changing(degree) { $0 = (-sum).compressed }
            }
            try scene.say(rogue, 4, to: &attempt)
            #expect(attempt.transcripts.isEmpty && !attempt.hasFailed && attempt.hasNoSum)
            #expect(attempt.awaited == [one, two, three, four])
            #expect(attempt.duty(of: one) == .complain)
            try scene.stage.play(&attempt) { id, word in id == four ? [] : [word] }
            #expect(attempt.guilty == [four: .badShare(to: one, place: 1)])
            #expect(attempt.hasFailed)
        }
    }

    @Test func `deals of an earlier attempt are nobody's guilt and do not count`() throws {
        var scene = try Scene.keygen()
        let old = try scene.played()
        let next = try scene.stage.plan(scene.plan.plan.request, attempt: 2)
        var attempt = OperationAttempt(next, in: scene.stage.domains)
        for message in old.messages {
            #expect(attempt.take(message, with: Ed25519Verifier()) == .foreign)
        }
        try scene.stage.play(&attempt, before: .deal)
        let deal = try #require(old.words[two]?[.deal])
        try scene.say(deal, 2, to: &attempt)
        try scene.stage.play(&attempt)
        #expect(attempt.guilty.isEmpty && attempt.deals[two] == nil && attempt.result == nil)
        #expect(attempt.awaited == [two])
    }

    @Test func `foreign and unsigned words change nothing`() throws {
        var scene = try Scene.keygen()
        var attempt = try scene.played(before: .deal)
        let messages = attempt.messages
        let word = OperatorWord.deal(try scene.stage.deals(by: two, in: attempt))
        let good = try scene.stage.sign(word, by: two, in: scene.plan)
        func refuse(_ message: SignedOperatorMessage) {
            #expect(attempt.take(message, with: Ed25519Verifier()) == .foreign)
        }
        var bad = good
        bad.signature[3] ^= 1
        refuse(bad)
        bad = good
        bad.message.author = 9
        refuse(bad)
        bad.message.author = 3
        refuse(bad)
        bad = good
        bad.message.attempt[0] ^= 1
        refuse(bad)
        refuse(try scene.stage.sign(bad.message))
        refuse(try scene.stage.sign(good.message, as: three))
        bad = good
        bad.message.step = 77
        refuse(bad)
        // Signed for another deployment.
        let elsewhere = try CeremonyStage(
            operators: [1, 2, 3, 4],
            deployment: Deployment(chainId: 1, genesis: Digest(), registry: Address())
        )
        refuse(try elsewhere.sign(good.message))
        // Of somebody who takes no part.
        var stranger = good.message
        stranger.author = 5
        let outside = try CeremonyStage(operators: [5])
        refuse(try outside.sign(stranger))
        #expect(attempt.messages == messages && attempt.guilty.isEmpty && !attempt.hasFailed)
        #expect(attempt.take(good, with: Ed25519Verifier()) == .fresh)
    }

    @Test func `a confirmation of another transcript is no guilt and no confirmation`() throws {
        var scene = try Scene.keygen()
        let attempt = try scene.play(2, .confirm) { _, word in
            var word = try word.confirmation()
            word.transcript[0] ^= 1
            return [.confirm(word)]
        }
        #expect(attempt.guilty.isEmpty && attempt.result == nil && !attempt.hasFailed)
        #expect(attempt.awaited == [two] && attempt.confirmed == [one, three, four])
        #expect(attempt.duty(of: two) == nil)
    }

    @Test func `a complaint is judged once, however much is said after it`() throws {
        var scene = try Scene.keygen()
        var attempt = try scene.play(2, .deal) { _, word in [try word.dealing(0) { try $0.spoil(2) }] }
        #expect(attempt.guilty == [two: .badShare(to: three, place: 0)])
        #expect(attempt.judged.complaints == [three: [0]])
        let count = attempt.messages.count
        #expect(
            try scene.say(.confirm(try scene.stage.confirmation(by: one, in: attempt)), 1, to: &attempt)
                == .known
        )
        #expect(attempt.messages.count >= count)
        #expect(attempt.judged.deals.count == 4 && attempt.judged.joins.count == 4)
    }
}
