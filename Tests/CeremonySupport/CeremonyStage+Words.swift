package import BLS12381
import Cryptography
package import KeyOperations
package import Primitives

/// What operators say.
extension CeremonyStage {
    /// The word that an operator that follows the rules says next; `nil` while it has nothing to say.
    ///
    /// That is its duty, but where it finds a bad share it complains and does not confirm.
    package mutating func next(of id: OperatorID, in attempt: OperationAttempt) throws -> OperatorWord? {
        switch attempt.duty(of: id) {
        case nil: return nil
        case .join: return .join(try join(by: id, in: attempt.plan))
        case .deal: return .deal(try deals(by: id, in: attempt))
        case .exit: return .exit(try exitShare(by: id, in: attempt.plan))
        case .complain: return try complaints(by: id, in: attempt).map { .complain($0) }
        case .confirm:
            do {
                return .confirm(try confirmation(by: id, in: attempt))
            } catch is G1ShareFault {
                return .complain(try known(complaints(by: id, in: attempt), "a complaint"))
            }
        }
    }

    /// An operator joins.
    package mutating func join(by id: OperatorID, in plan: CheckedPlan) throws -> Join {
        let key = encryptionKey(of: id, in: plan)
        let proof = key.proof(for: Join.statement(in: plan.id, by: id), random: &random)
        return Join(encryptionKey: key.publicKey, proof: proof)
    }

    /// An operator deals, each time anew: once all have joined.
    package mutating func deals(by id: OperatorID, in attempt: OperationAttempt) throws -> Deals {
        let index = try known(id.shareIndex, "an index")
        var deals: [G1Deal] = []
        for session in attempt.sessions {
            if let sharing = attempt.plan.sharing {
                let share = try known(shares[sharing.publicKey.bytes]?[id], "a share to deal on")
                deals.append(
                    try session.deal(as: index, passingOn: share.secretKey.scalar, random: &random)
                )
            } else {
                deals.append(try session.deal(as: index, random: &random))
            }
        }
        return Deals(try known(SSZList(deals), "so many deals"))
    }

    /// An operator complains about all who gave it bad shares, if any did.
    package mutating func complaints(by id: OperatorID, in attempt: OperationAttempt) throws -> Complaints? {
        let key = encryptionKey(of: id, in: attempt.plan)
        return attempt.complaints(by: id, with: key, random: &random)
    }

    /// A complaint about the deal for one key, made with any encryption key.
    package mutating func complaint(
        by id: OperatorID,
        with key: G1EncryptionKey,
        about dealer: OperatorID,
        at place: Int,
        in attempt: OperationAttempt
    ) throws -> Complaints.Item {
        let index = try known(id.shareIndex, "an index")
        let deal = try known(attempt.deals[dealer]?[place], "a deal")
        let session = attempt.sessions[place]
        return Complaints.Item(
            place: UInt16(place),
            deal: deal.digest,
            complaint: session.complaint(about: deal, with: key, as: index, random: &random)
        )
    }

    /// An operator confirms: once the deals are added up.
    ///
    /// - Throws: ``BLS12381/G1ShareFault`` if it got a bad share.
    package mutating func confirmation(
        by id: OperatorID,
        in attempt: OperationAttempt
    ) throws -> Confirmation {
        let transcript = try known(attempt.transcript, "a transcript")
        let text = Self.sharesKey(of: id)
        var confirmed: [ConfirmedShare] = []
        for (place, share) in try shares(of: id, in: attempt).enumerated() {
            let partials = attempt.statements(at: place).map { share.secretKey.sign($0, on: network).bytes }
            // Nobody but the operator can open it, so no one notices that it is nothing.
            let encrypted =
                text.isEmpty ? [] : (0..<256).map { _ in UInt8(truncatingIfNeeded: random.choice()) }
            confirmed.append(
                ConfirmedShare(
                    holding: share.secretKey.sign(.holding(transcript), on: network).bytes,
                    partials: try known(SSZList(partials), "so many statements"),
                    encryptedShare: try known(ByteList(encrypted), "so many bytes")
                )
            )
        }
        return Confirmation(
            transcript: transcript,
            sharesKey: try known(ByteList(text), "so long a key"),
            shares: try known(SSZList(confirmed), "so many shares")
        )
    }

    /// An operator signs its part of an exit.
    package func exitShare(by id: OperatorID, in plan: CheckedPlan) throws -> ExitShare {
        guard case .exit(let task) = plan.task, let key = plan.sharing?.publicKey.bytes else {
            throw StageError("the plan is not for an exit")
        }
        let share = try known(shares[key]?[id], "a share")
        return ExitShare(signature: share.secretKey.sign(.exit(task.exit), on: network).bytes)
    }

    // MARK: Plays

    /// Plays an attempt until nobody who follows the rules has anything to say.
    ///
    /// - Parameters:
    ///   - plan: What is to be done.
    ///   - direct: What an operator says in place of the word that is due. Nothing makes it silent, two words make it
    ///     contradict itself.
    /// - Returns: The attempt as somebody sees it who hears everything in this order.
    /// - Throws: ``StageError`` and what `direct` throws.
    package mutating func play(
        _ plan: CheckedPlan,
        _ direct: (OperatorID, OperatorWord) throws -> [OperatorWord] = { _, word in [word] }
    ) throws -> OperationAttempt {
        var attempt = OperationAttempt(plan, in: domains)
        try play(&attempt, direct)
        return attempt
    }

    /// Goes on with an attempt, as ``play(_:_:)`` does.
    ///
    /// - Parameters:
    ///   - attempt: What was said so far.
    ///   - step: Where to stop: nobody says this word or one after it.
    ///   - direct: What an operator says in place of the word that is due.
    /// - Throws: ``StageError`` and what `direct` throws.
    package mutating func play(
        _ attempt: inout OperationAttempt,
        before step: OperatorStep? = nil,
        _ direct: (OperatorID, OperatorWord) throws -> [OperatorWord] = { _, word in [word] }
    ) throws {
        var asked: Set<SaidWord> = []
        var isQuiet = false
        while !isQuiet {
            isQuiet = true
            for id in attempt.plan.operators.keys.sorted() {
                if let step, let due = attempt.duty(of: id), due.rawValue >= step.rawValue { continue }
                guard let duty = attempt.duty(of: id),
                    asked.insert(SaidWord(author: id, step: duty)).inserted,
                    let word = try next(of: id, in: attempt)
                else { continue }
                isQuiet = false
                for said in try direct(id, word) {
                    _ = attempt.take(try sign(said, by: id, in: attempt.plan), with: Ed25519Verifier())
                }
            }
        }
    }

    private struct SaidWord: Hashable {
        let author: OperatorID
        let step: OperatorStep
    }
}

extension SSZList {
    /// The list with one element changed.
    package func changing(_ index: Int, _ change: (inout Element) throws -> Void) throws -> Self {
        var elements = elements
        try change(&elements[index])
        return try known(Self(elements), "so many elements")
    }
}
