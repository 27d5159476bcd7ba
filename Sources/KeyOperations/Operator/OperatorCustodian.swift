internal import BLS12381
package import Cryptography
package import Primitives

/// Holds an operator's secrets, says its words and does nothing else with them.
///
/// It touches no disk: what must be kept or erased comes back as ``OperatorSafekeeping``, to be done in order and
/// before the answer is told to anybody. A word that is on the disk is said again as it is, so that no crash makes the
/// operator contradict itself.
package struct OperatorCustodian<Random: SecureRandom>: Sendable {
    /// What has come of an order.
    package struct Outcome: Sendable {
        /// For the machine; `nil` when the order wants none.
        package var answer: OperatorAnswer?
        /// For the disk, in order.
        package var safekeeping: [OperatorSafekeeping] = []
    }

    let id: OperatorID
    private let identity: IdentityKey
    private let domains: SigningDomains
    let encryption: (any ShareEncryption)?
    /// What the disk has, once it has done what it was last told.
    package private(set) var records: OperatorRecords
    var random: Random

    /// A custodian of what is on the disk.
    ///
    /// - Parameters:
    ///   - id: The operator's number.
    ///   - identity: Signs its words.
    ///   - domains: What signatures are for.
    ///   - encryption: Encrypts shares for SSV; `nil` for an operator without RSA key.
    ///   - records: What the disk has.
    ///   - random: Makes secrets.
    package init(
        id: OperatorID,
        identity: IdentityKey,
        domains: SigningDomains,
        encryption: (any ShareEncryption)?,
        records: OperatorRecords,
        random: Random
    ) {
        self.id = id
        self.identity = identity
        self.domains = domains
        self.encryption = encryption
        self.records = records
        self.random = random
    }

    /// Does what was ordered.
    package mutating func perform(_ order: OperatorOrder) -> Outcome {
        var outcome: Outcome
        switch order {
        case .say(let step, let attempt): outcome = say(step, attempt)
        case .forget(let attempt): outcome = Outcome(safekeeping: [.forget(attempt: attempt)])
        case .erase(let held): outcome = Outcome(safekeeping: [.erase(held)])
        }
        for change in outcome.safekeeping { records.apply(change) }
        return outcome
    }

    private mutating func say(_ step: OperatorStep, _ attempt: OperationAttempt) -> Outcome {
        let plan = attempt.plan
        let steps: [OperatorStep] = step == .confirm ? [.complain, .confirm] : [step]
        for step in steps {
            guard let kept = records.words[plan.id]?[step.rawValue] else { continue }
            return Outcome(answer: .said(kept.signed, holding: []))
        }
        var keeping: [OperatorSafekeeping] = []
        do throws(OperatorInability) {
            let word = try word(step, attempt, keeping: &keeping)
            guard let message = word.message(in: plan.id, by: id) else { throw .tooLong }
            let signature = identity.sign(SigningRoot(of: message, in: domains))
            let signed = SignedOperatorMessage(message: message, signature: signature)
            let held = keeping.compactMap { change in
                if case .keepShare(let share) = change { share.held } else { nil }
            }
            keeping.append(.keepWord(KeptWord(request: plan.plan.request, signed: signed)))
            return Outcome(answer: .said(signed, holding: held), safekeeping: keeping)
        } catch {
            return Outcome(answer: .unable(plan.id, step, error))
        }
    }

    private mutating func word(
        _ step: OperatorStep,
        _ attempt: OperationAttempt,
        keeping: inout [OperatorSafekeeping]
    ) throws(OperatorInability) -> OperatorWord {
        switch step {
        case .join: .join(join(attempt.plan, keeping: &keeping))
        case .deal: .deal(try deals(attempt))
        case .complain, .confirm: try open(attempt, keeping: &keeping)
        case .exit: .exit(try exitShare(attempt.plan))
        }
    }
}
