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
/// no guilt, and for the owner's clock to notice. Who contradicts itself is guilty for everybody, but what follows from
/// its first word depends on which word came first: a complete attempt's ``messages`` bring a fresh fold to its end,
/// even where another fold has heard the other word and cannot get there.
package struct OperationAttempt: Sendable {
    /// What is to be done.
    package let plan: CheckedPlan
    /// The deployment for which everything is signed.
    package let domains: SigningDomains
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
    /// What need not be looked at again, however much is said after it.
    var judged = Judged()
    var recipients: [OperatorID: G1Recipient] = [:]
    /// What came of it.
    package internal(set) var result: OperationResult?
    /// Whether no key can be shared under the plan; that of no honest chain.
    package internal(set) var isVain = false
    /// Whether the deals add up to no key.
    ///
    /// The last to deal can bring that about, by commitments to coefficients that it does not know. It has then dealt bad
    /// shares to all but a few, and as there will be no transcript, they complain without one.
    package internal(set) var hasNoSum = false

    /// Whose words were judged.
    struct Judged: Sendable {
        var joins: Set<OperatorID> = []
        var deals: Set<OperatorID> = []
        /// Which of each accuser's complaints.
        var complaints: [OperatorID: Set<Int>] = [:]
        /// Confirmations and parts of exits.
        var confirmations: Set<OperatorID> = []
    }

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
        // What is complete needs no more words, and keeps none: its author could go on for ever.
        guard result == nil else { return .known }
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
        guard result == nil, guilty[operatorID] == nil else { return }
        guilty[operatorID] = fault
    }

    /// Whether it cannot come to an end any more, or only if those speak who have no reason to.
    package var hasFailed: Bool {
        guard result == nil else { return false }
        if case .exit = plan.task {
            return plan.group.ids.count { guilty[$0] == nil || confirmed.contains($0) } < signersNeeded
        }
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
        if hasNoSum { return plan.group.ids.filter { words[$0]?[.complain] == nil } }
        if transcripts.isEmpty { return plan.dealers.filter { deals[$0] == nil } }
        return plan.group.ids.filter { !confirmed.contains($0) }
    }

    /// The next word that an operator owes, as far as this fold knows; `nil` while it waits for others or has said all.
    ///
    /// Who owes a confirmation and finds a bad share owes a complaint; and ``OperatorStep/complain`` is owed, where the
    /// deals add up to no key, by those who find one.
    package func duty(of operatorID: OperatorID) -> OperatorStep? {
        guard result == nil, !hasFailed else { return nil }
        let isMember = plan.group.contains(operatorID)
        let own = words[operatorID] ?? [:]
        if case .exit = plan.task { return isMember && own[.exit] == nil ? .exit : nil }
        if sessions.isEmpty { return isMember && own[.join] == nil ? .join : nil }
        if plan.dealers.contains(operatorID), own[.deal] == nil { return .deal }
        if hasNoSum { return isMember && own[.complain] == nil ? .complain : nil }
        guard isMember, !transcripts.isEmpty, own[.confirm] == nil, own[.complain] == nil else { return nil }
        return .confirm
    }

    /// The messages that made the result; while there is none, all that count.
    ///
    /// In an order that does not depend on how they came. What contradicts a complete attempt's messages is left out: a
    /// fresh fold would stop at it.
    package var messages: [SignedOperatorMessage] {
        let all: [SignedOperatorMessage] =
            switch result {
            case nil: said.values.flatMap { $0.values } + contradictions
            case .exit: confirmed.compactMap { said[$0]?[.exit] }
            case .keys: said.values.flatMap { $0.filter { $0.key != .complain }.values }
            }
        return all.sorted { one, other in
            let first = (one.message.step, one.message.author)
            let second = (other.message.step, other.message.author)
            return first != second ? first < second : one.sszBytes.lexicographicallyPrecedes(other.sszBytes)
        }
    }
}
