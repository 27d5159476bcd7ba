import BLS12381
import CeremonySupport
import Cryptography
import Primitives
import Testing

@testable import KeyOperations

/// Operators 1 to 4 and what they are asked to do.
struct Scene {
    var stage: CeremonyStage
    let plan: CheckedPlan

    static func keygen(_ count: Int = 1, seed: UInt64 = 1) throws -> Scene {
        var stage = try CeremonyStage(operators: [1, 2, 3, 4], seed: seed)
        let plan = try stage.planKeygen(count, by: [1, 2, 3, 4])
        return Scene(stage: stage, plan: plan)
    }

    /// With a key that is there already.
    static func stage(operators: [UInt64]) throws -> (CeremonyStage, G1Bytes) {
        var stage = try CeremonyStage(operators: operators)
        let plan = try stage.planKeygen(1, by: [1, 2, 3, 4])
        let attempt = try stage.play(plan)
        try stage.register(attempt)
        return (stage, try #require(attempt.transcripts.first).key.publicKey.bytes)
    }

    static func reshare(to next: [UInt64] = [1, 2, 5, 6]) throws -> Scene {
        var (stage, key) = try stage(operators: [1, 2, 3, 4, 5, 6])
        let plan = try stage.planReshare(of: key, to: next)
        return Scene(stage: stage, plan: plan)
    }

    static func exit() throws -> Scene {
        var (stage, key) = try stage(operators: [1, 2, 3, 4])
        let plan = try stage.planExit(of: key)
        return Scene(stage: stage, plan: plan)
    }

    /// Everybody says what the rules say, but one operator says something else.
    mutating func play(
        _ number: UInt64,
        _ step: OperatorStep,
        says: (inout CeremonyStage, OperatorWord) throws -> [OperatorWord]
    ) throws -> OperationAttempt {
        var attempt = OperationAttempt(plan, in: stage.domains)
        var stage = stage
        try self.stage.play(&attempt) { id, word in
            id.rawValue == number && word.step == step ? try says(&stage, word) : [word]
        }
        return attempt
    }

    /// What an operator has to say now, said by it.
    @discardableResult mutating func say(
        _ word: OperatorWord,
        _ number: UInt64,
        to attempt: inout OperationAttempt
    ) throws -> OperatorMessageReception {
        attempt.take(
            try stage.sign(word, by: OperatorID(number), in: attempt.plan),
            with: Ed25519Verifier()
        )
    }

    /// An attempt in which all was said that comes before a step.
    mutating func played(before step: OperatorStep? = nil) throws -> OperationAttempt {
        var attempt = OperationAttempt(plan, in: stage.domains)
        try stage.play(&attempt, before: step)
        return attempt
    }

    /// A fold of messages in some order.
    func fold(_ messages: some Sequence<SignedOperatorMessage>) -> OperationAttempt {
        var attempt = OperationAttempt(plan, in: stage.domains)
        for message in messages { _ = attempt.take(message, with: Ed25519Verifier()) }
        return attempt
    }
}

extension OperatorWord {
    func join() throws -> Join {
        guard case .join(let word) = self else { throw StageError("no join") }
        return word
    }

    func deals() throws -> Deals {
        guard case .deal(let word) = self else { throw StageError("no deals") }
        return word
    }

    func confirmation() throws -> KeyOperations.Confirmation {
        guard case .confirm(let word) = self else { throw StageError("no confirmation") }
        return word
    }

    func exitShare() throws -> ExitShare {
        guard case .exit(let word) = self else { throw StageError("no part of an exit") }
        return word
    }

    /// The deals with one of them changed.
    func dealing(_ place: Int, _ change: (inout G1Deal) throws -> Void) throws -> OperatorWord {
        .deal(Deals(try deals().deals.changing(place, change)))
    }

    /// The confirmation with one share changed.
    func confirming(_ place: Int, _ change: (inout ConfirmedShare) throws -> Void) throws -> OperatorWord {
        var word = try confirmation()
        word.shares = try word.shares.changing(place, change)
        return .confirm(word)
    }
}

extension G1Deal {
    /// Spoils what is dealt to one recipient.
    mutating func spoil(_ offset: Int) throws {
        encryptedShares = try encryptedShares.changing(offset) { $0[31] ^= 1 }
    }
}

let one = OperatorID(1)
let two = OperatorID(2)
let three = OperatorID(3)
let four = OperatorID(4)
