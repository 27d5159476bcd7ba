import BLS12381
import CeremonySupport
import Cryptography
import Primitives
import Testing

@testable import KeyOperations

/// Every way to be guilty: by what one has signed, and nobody else by it.
@Suite struct GuiltTests {
    private func expect(
        _ fault: OperatorFault,
        of number: UInt64 = 2,
        _ step: OperatorStep,
        in scene: Scene? = nil,
        says: (inout CeremonyStage, OperatorWord) throws -> [OperatorWord],
        _ location: SourceLocation = #_sourceLocation
    ) throws {
        var scene = try scene ?? Scene.keygen(2)
        let attempt = try scene.play(number, step, says: says)
        #expect(attempt.guilty == [OperatorID(number): fault], sourceLocation: location)
        #expect(attempt.result == nil && attempt.hasFailed, sourceLocation: location)
        #expect(attempt.awaited.isEmpty, sourceLocation: location)
        for id in scene.plan.operators.keys {
            #expect(attempt.duty(of: id) == nil, sourceLocation: location)
        }
        // Whoever hears the same words later comes to the same, in any order.
        #expect(scene.fold(attempt.messages).guilty.keys == attempt.guilty.keys, sourceLocation: location)
        let reversed = scene.fold(attempt.messages.reversed())
        #expect(reversed.guilty.keys == attempt.guilty.keys, sourceLocation: location)
        #expect(!fault.description.isEmpty)
    }

    @Test func `a join without proof, or with a key that is none`() throws {
        try expect(.badJoin, .join) { _, word in
            var join = try word.join()
            join.proof[5] ^= 1
            return [.join(join)]
        }
        try expect(.badJoin, .join) { _, word in
            var join = try word.join()
            join.encryptionKey = G1.identity.compressed
            return [.join(join)]
        }
        try expect(.badJoin, .join) { stage, word in
            // Another's join with its proof: made for another operator.
            [.join(try stage.join(by: one, in: Scene.keygen(2).plan))]
        }
    }

    @Test func `the joins of another attempt`() throws {
        let scene = try Scene.keygen(2)
        let request = scene.plan.plan.request
        try expect(.badJoin, .join, in: scene) { stage, _ in
            let next = try stage.plan(request, attempt: 2)
            return [.join(try stage.join(by: two, in: next))]
        }
    }

    @Test func `deals that everybody can see are wrong`() throws {
        try expect(.badDeal(place: 1, .invalidConstantProof), .deal) { _, word in
            [try word.dealing(1) { $0.constantProof[40] ^= 1 }]
        }
        try expect(.badDeal(place: 0, .invalidCommitment(2)), .deal) { _, word in
            [
                try word.dealing(0) {
                    $0.commitments = try $0.commitments.changing(2) { $0 = G1.identity.compressed }
                }
            ]
        }
        try expect(.badDeal(place: 0, .commitmentCount(128, threshold: 3)), .deal) { _, word in
            [
                try word.dealing(0) {
                    let many = [G1Bytes](repeating: $0.commitments[0], count: 128)
                    $0.commitments = try known(SSZList(many), "many")
                }
            ]
        }
        try expect(.badDeal(place: 1, .invalidEphemeralKey), .deal) { _, word in
            [try word.dealing(1) { $0.ephemeralKey = G1.identity.compressed }]
        }
    }

    @Test func `a deal at another's place, or twice`() throws {
        try expect(.badDeal(place: 0, .foreignSession), .deal) { _, word in
            let deals = try word.deals().deals.elements
            return [.deal(Deals(try known(SSZList(Array(deals.reversed())), "two")))]
        }
        try expect(.badDeal(place: 1, .foreignSession), .deal) { _, word in
            [try word.dealing(1) { $0.session[0] ^= 1 }]
        }
    }

    @Test(arguments: [0, 1, 3, 20]) func `as many deals as were not asked for`(count: Int) throws {
        try expect(.dealCount(count), .deal) { _, word in
            let deals = [G1Deal](repeating: try word.deals().deals[0], count: count)
            return [.deal(Deals(try known(SSZList(deals), "deals")))]
        }
    }

    @Test func `a bad share, shown by who got it`() throws {
        try expect(.badShare(to: three, place: 1), .deal) { _, word in
            [try word.dealing(1) { try $0.spoil(2) }]
        }
        // To itself: nobody else is hurt, and it cannot confirm.
        var scene = try Scene.keygen()
        let attempt = try scene.play(2, .deal) { _, word in [try word.dealing(0) { try $0.spoil(1) }] }
        #expect(attempt.guilty == [two: .badShare(to: two, place: 0)])
    }

    @Test func `a false complaint`() throws {
        var scene = try Scene.keygen(2)
        var attempt = try scene.played(before: .confirm)
        let key = scene.stage.encryptionKey(of: two, in: scene.plan)
        #expect(attempt.complaints(by: two, with: key, random: &scene.stage.random) == nil)
        let item = try scene.stage.complaint(by: two, with: key, about: three, at: 1, in: attempt)
        try scene.say(.complain(Complaints(try known(SSZList([item]), "one"))), 2, to: &attempt)
        #expect(attempt.guilty == [two: .falseComplaint(about: three)])

        // With a key of its own making it shows nothing, and makes none with the core's help.
        var other = try Scene.keygen(2)
        var forged = try other.play(1, .deal) { _, word in [try word.dealing(0) { try $0.spoil(2) }] }
        #expect(forged.guilty == [one: .badShare(to: three, place: 0)])
        let stranger = G1EncryptionKey(random: &other.stage.random)
        #expect(forged.complaints(by: two, with: stranger, random: &other.stage.random) == nil)
        let lie = try other.stage.complaint(by: two, with: stranger, about: one, at: 0, in: forged)
        try other.say(.complain(Complaints(try known(SSZList([lie]), "one"))), 2, to: &forged)
        #expect(forged.guilty[two] == .falseComplaint(about: one))
    }

    @Test func `a complaint about what is no deal of the attempt`() throws {
        for (place, dealer) in [(2, three), (65_535, three), (0, OperatorID(9))] {
            var scene = try Scene.keygen(2)
            var attempt = try scene.played(before: .confirm)
            let key = scene.stage.encryptionKey(of: two, in: scene.plan)
            var item = try scene.stage.complaint(by: two, with: key, about: three, at: 0, in: attempt)
            item.place = UInt16(place)
            item.complaint.dealer = try #require(dealer.shareIndex)
            try scene.say(.complain(Complaints(try known(SSZList([item]), "one"))), 2, to: &attempt)
            #expect(attempt.guilty == [two: .malformed(step: 3)])
        }
    }

    @Test func `a confirmation that does not fit`() throws {
        try expect(.badConfirmation, .confirm) { _, word in
            var word = try word.confirmation()
            word.shares = try known(SSZList([word.shares[0]]), "one")
            return [.confirm(word)]
        }
        try expect(.badConfirmation, .confirm) { _, word in
            [try word.confirming(1) { $0.partials = try known(SSZList([$0.partials[0]]), "one") }]
        }
        try expect(.badConfirmation, .confirm) { _, word in
            var word = try word.confirmation()
            word.sharesKey = try known(ByteList(Array("another key".utf8)), "a key")
            return [.confirm(word)]
        }
        try expect(.badConfirmation, .confirm) { _, word in
            [try word.confirming(1) { $0.encryptedShare = ByteList() }]
        }
        // Operator 1 has no key for SSV.
        try expect(.badConfirmation, of: 1, .confirm) { _, word in
            var word = try word.confirmation()
            word.sharesKey = try known(ByteList([1]), "a key")
            return [.confirm(word)]
        }
        try expect(.badConfirmation, of: 1, .confirm) { _, word in
            [try word.confirming(0) { $0.encryptedShare = try known(ByteList([1]), "a share") }]
        }
    }

    @Test func `wrong signatures of a share`() throws {
        try expect(.badPartial(place: 1), .confirm) { _, word in
            let other = try word.confirmation().shares[0]
            return [try word.confirming(1) { $0.holding = other.holding }]
        }
        for statement in 0..<2 {
            try expect(.badPartial(place: 1), .confirm) { _, word in
                let other = try word.confirmation().shares[0].partials[statement]
                return [
                    try word.confirming(1) {
                        $0.partials = try $0.partials.changing(statement) { $0 = other }
                    }
                ]
            }
        }
        try expect(.badPartial(place: 0), .confirm) { _, word in
            [try word.confirming(0) { $0.partials = try known(SSZList($0.partials.reversed()), "two") }]
        }
        try expect(.badPartial(place: 0), .confirm) { _, word in
            [try word.confirming(0) { $0.holding = G2.identity.compressed }]
        }
        try expect(.badPartial(place: 0), .confirm) { _, word in
            // All places swapped.
            var word = try word.confirmation()
            word.shares = try known(SSZList(word.shares.reversed()), "two")
            return [.confirm(word)]
        }
    }

    @Test func `words that cannot be read or have no place`() throws {
        for (step, bytes) in [(0, []), (9, [1]), (1, [1, 2]), (2, []), (4, [0]), (255, [])]
            as [(UInt8, [UInt8])]
        {
            var scene = try Scene.keygen()
            var attempt = OperationAttempt(scene.plan, in: scene.stage.domains)
            let body = try known(ByteList<32_512>(bytes), "a body")
            let message = OperatorMessage(attempt: scene.plan.id, author: 2, step: step, body: body)
            let signed = try scene.stage.sign(message)
            #expect(attempt.take(signed, with: Ed25519Verifier()) == .fresh)
            #expect(attempt.guilty == [two: .malformed(step: step)])
            #expect(attempt.take(signed, with: Ed25519Verifier()) == .known)
            #expect(attempt.messages == [signed])
            #expect(
                try scene.say(.join(try scene.stage.join(by: one, in: scene.plan)), 1, to: &attempt) == .fresh
            )
        }
        var scene = try Scene.exit()
        var attempt = OperationAttempt(scene.plan, in: scene.stage.domains)
        try scene.say(.join(try scene.stage.join(by: two, in: scene.plan)), 2, to: &attempt)
        #expect(attempt.guilty == [two: .malformed(step: 1)])
    }

    @Test func `who only deals, joins and confirms nothing, and who only receives deals nothing`() throws {
        var scene = try Scene.reshare()
        var attempt = OperationAttempt(scene.plan, in: scene.stage.domains)
        #expect(attempt.duty(of: three) == nil && !attempt.awaited.contains(three))
        try scene.say(.join(try scene.stage.join(by: three, in: scene.plan)), 3, to: &attempt)
        #expect(attempt.guilty == [three: .malformed(step: 1)])
        var other = OperationAttempt(scene.plan, in: scene.stage.domains)
        try scene.say(.deal(Deals(SSZList())), 5, to: &other)
        #expect(other.guilty == [OperatorID(5): .malformed(step: 2)])
    }

    @Test func `a share of another's or of one's own making dealt on`() throws {
        let scene = try Scene.reshare()
        var watcher = scene
        let joined = try watcher.played(before: .deal)
        var terms = joined.sessions[0].terms
        terms.previous = nil
        terms.dealers = terms.recipients.map { $0.index }
        let fresh = try G1SharingSession(terms)
        try expect(.badDeal(place: 0, .foreignConstant), .deal, in: scene) { stage, _ in
            let deal = try fresh.deal(as: try known(two.shareIndex, "an index"), random: &stage.random)
            return [.deal(Deals(try known(SSZList([deal]), "one")))]
        }
    }

    @Test func `one guilty of four does not stop an exit, two do`() throws {
        var scene = try Scene.exit()
        let bad = { (_: inout CeremonyStage, word: OperatorWord) throws -> [OperatorWord] in
            var share = try word.exitShare()
            share.signature = G2.generator.compressed
            return [.exit(share)]
        }
        let attempt = try scene.play(2, .exit, says: bad)
        #expect(attempt.guilty == [two: .badPartial(place: 0)])
        #expect(!attempt.hasFailed && attempt.result != nil)
        #expect(scene.fold(attempt.messages).result == attempt.result)
        #expect(attempt.messages.count == 3)

        var failing = OperationAttempt(scene.plan, in: scene.stage.domains)
        let nothing = OperatorWord.exit(ExitShare(signature: G2.identity.compressed))
        try scene.say(nothing, 3, to: &failing)
        #expect(!failing.hasFailed && failing.awaited == [one, two, four])
        try scene.say(nothing, 2, to: &failing)
        #expect(failing.hasFailed && failing.awaited.isEmpty && failing.duty(of: one) == nil)
    }

    @Test func `parts of an exit that are right count, whatever their authors say next`() throws {
        var scene = try Scene.exit()
        var attempt = OperationAttempt(scene.plan, in: scene.stage.domains)
        let nothing = OperatorWord.exit(ExitShare(signature: G2.identity.compressed))
        for id in [one, two] {
            let share = try scene.stage.exitShare(by: id, in: scene.plan)
            try scene.say(.exit(share), id.rawValue, to: &attempt)
            #expect(try scene.say(nothing, id.rawValue, to: &attempt) == .fresh)
        }
        #expect(attempt.guilty == [one: .equivocated(.exit), two: .equivocated(.exit)])
        #expect(!attempt.hasFailed && attempt.awaited == [three, four] && attempt.duty(of: three) == .exit)
        try scene.stage.play(&attempt)
        #expect(attempt.result != nil && attempt.messages.count == 3)
        #expect(scene.fold(attempt.messages).result == attempt.result)
    }
}
