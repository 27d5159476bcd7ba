package import BLS12381
internal import Cryptography
package import Primitives

/// One attempt at an operation, as what the operators have signed makes it: the same fold for who takes part, for who
/// watches over it, and for who checks it years later.
///
/// ```
/// keygen, reshare:  joins of all ──> deals of all dealers ──> confirmations of all ──> keys
///                                            └──> complaint ──> somebody is guilty
/// exit:             signatures of a threshold ──> exit
/// ```
///
/// Messages count in any order and each once. What is guilt follows from signatures alone; that somebody is silent is
/// no guilt, and for the owner's clock to notice.
package struct OperationAttempt: Sendable {
    /// What is to be done.
    package let plan: CheckedPlan
    private let domains: SigningDomains
    /// What was said, the first of each word of each operator, and what contradicts it.
    package private(set) var said: [OperatorID: [OperatorStep: SignedOperatorMessage]] = [:]
    /// The second words of those who contradict themselves.
    package private(set) var contradictions: [SignedOperatorMessage] = []
    var words: [OperatorID: [OperatorStep: OperatorWord]] = [:]
    /// Who is guilty of what; the first that was found.
    package internal(set) var guilty: [OperatorID: OperatorFault] = [:]
    /// The sessions, one for each key, once all have joined.
    package internal(set) var sessions: [G1SharingSession] = []
    /// The deals that are right as far as everybody can see, by dealer.
    package internal(set) var deals: [OperatorID: [CheckedG1Deal]] = [:]
    /// What the deals come to, once all are there: one for each key.
    package internal(set) var transcripts: [G1SharingTranscript] = []
    /// The digest of all that.
    package internal(set) var transcript: Digest?
    /// Whose confirmations, or parts of an exit, are right.
    package internal(set) var confirmed: Set<OperatorID> = []
    var judged: Set<OperatorID> = []
    /// What came of it.
    package internal(set) var result: OperationResult?
    /// Whether no key can come of it although nobody is guilty; a matter of luck that nobody will ever have.
    package internal(set) var isVain = false

    /// An attempt of which nothing was said.
    package init(_ plan: CheckedPlan, in domains: SigningDomains) {
        self.plan = plan
        self.domains = domains
    }

    /// Takes what an operator has signed.
    ///
    /// - Complexity: a check of a signature, and what follows from the message: for a deal, some 3 ms a key; for a
    ///   confirmation, some 6 ms a key.
    package mutating func take(
        _ signed: SignedOperatorMessage,
        with verifier: some IdentityVerifier
    ) -> OperatorMessageReception {
        let message = signed.message
        guard message.attempt == plan.id, let author = plan.author(message.author) else { return .foreign }
        let step = OperatorStep(rawValue: message.step)
        if let step, said[author.id]?[step] == signed { return .known }
        if contradictions.contains(signed) { return .known }
        guard
            verifier.isValid(signed.signature, of: SigningRoot(of: message, in: domains), by: author.identity)
        else { return .foreign }
        guard let step, hasPlace(step, author.id), let word = try? OperatorWord(message) else {
            if guilty[author.id] == nil {
                convict(author.id, .malformed(step: message.step))
                contradictions.append(signed)
                return .fresh
            }
            return .known
        }
        if let first = said[author.id]?[step] {
            // Ed25519 lets its author sign one message in many ways: that is no second word.
            guard first.message != message,
                !contradictions.contains(where: { $0.message.author == author.id.rawValue })
            else { return .known }
            contradictions.append(signed)
            convict(author.id, .equivocated(step))
            return .fresh
        }
        said[author.id, default: [:]][step] = signed
        words[author.id, default: [:]][step] = word
        advance()
        return .fresh
    }

    /// Whether the plan has a place for such a word of this operator.
    private func hasPlace(_ step: OperatorStep, _ author: OperatorID) -> Bool {
        switch (plan.task, step) {
        case (.exit, .exit): plan.group.contains(author)
        case (.exit, _), (_, .exit): false
        case (_, .deal): plan.dealers.contains(author)
        case (_, .join), (_, .complain), (_, .confirm): plan.group.contains(author)
        }
    }

    mutating func convict(_ operatorID: OperatorID, _ fault: OperatorFault) {
        // What is complete was confirmed by everybody; what comes out later does not undo it.
        guard result == nil, guilty[operatorID] == nil else { return }
        guilty[operatorID] = fault
    }

    /// Whether it can still come to an end.
    package var hasFailed: Bool {
        guard result == nil else { return false }
        if case .exit = plan.task { return plan.group.count - guilty.count < signersNeeded }
        return isVain || !guilty.isEmpty
    }

    /// How many parts make the exit's signature: the threshold of the sharing.
    var signersNeeded: Int { plan.sharing?.threshold ?? plan.threshold }

    /// Whose next word everybody waits for; nobody once it is complete or has failed.
    package var awaited: [OperatorID] {
        guard result == nil, !hasFailed else { return [] }
        if case .exit = plan.task {
            return plan.group.ids.filter { !confirmed.contains($0) && guilty[$0] == nil }
        }
        if sessions.isEmpty { return plan.group.ids.filter { words[$0]?[.join] == nil } }
        if transcripts.isEmpty { return plan.dealers.filter { deals[$0] == nil } }
        return plan.group.ids.filter { !confirmed.contains($0) }
    }

    /// The next word that an operator owes, as far as this fold knows; `nil` while it waits for others or has said all.
    package func duty(of operatorID: OperatorID) -> OperatorStep? {
        guard result == nil, !hasFailed else { return nil }
        let isMember = plan.group.contains(operatorID)
        let own = words[operatorID] ?? [:]
        if case .exit = plan.task { return isMember && own[.exit] == nil ? .exit : nil }
        if sessions.isEmpty { return isMember && own[.join] == nil ? .join : nil }
        if plan.dealers.contains(operatorID), own[.deal] == nil { return .deal }
        guard isMember, !transcripts.isEmpty, own[.confirm] == nil, own[.complain] == nil else { return nil }
        return .confirm
    }

    /// All messages that made the result or the guilt, in an order that does not depend on how they came.
    package var messages: [SignedOperatorMessage] {
        let all = said.values.flatMap { $0.values } + contradictions
        return all.sorted { one, other in
            let first = (one.message.step, one.message.author)
            let second = (other.message.step, other.message.author)
            return first != second ? first < second : one.sszBytes.lexicographicallyPrecedes(other.sszBytes)
        }
    }
}
