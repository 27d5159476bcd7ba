internal import Primitives

extension ViewExplanation {
    /// What is, what this node waits for, and who is missing, in sentences for people.
    package var sentences: [String] {
        [leadership] + timers + [judgement].compactMap(\.self) + wishes + [others].compactMap(\.self)
    }

    // MARK: The leader

    private var leadership: String {
        let standing =
            switch isCertified {
            case true?: ", certified by the group"
            case false?: ", not certified yet: \(quorum) members have to sign its election"
            case nil: ""
            }
        let lapse =
            leader == own && !isLeading ? ", but does not act: it drains, or a quorum does not follow it" : ""
        return "In view \(view) \(name(leader)) leads, for \(Self.text(age))\(standing)\(lapse)."
    }

    /// What may end the leadership by the passing of time.
    private var timers: [String] {
        guard suspicion == nil else { return [] }
        var sentences: [String] = []
        if leader != own, let silence = sight(of: leader)?.silence {
            let limit = Self.text(silenceLimit)
            sentences.append("It was heard \(Self.text(silence)) ago; \(limit) of silence are too much.")
        }
        if let certificateDue {
            sentences.append("It has \(Self.text(certificateDue)) left to bring its certificate.")
        }
        if let dutyDue {
            sentences.append(
                "It has \(Self.text(dutyDue)) left for what only the leader can do to make the group key."
            )
        }
        return sentences
    }

    private var judgement: String? {
        if let suspicion { return "This node suspects it: \(suspicion.explanation)." }
        return doubt.map { "This node does not judge it: \($0)." }
    }

    // MARK: The members

    private var wishes: [String] {
        let sights = members.filter { $0.wish != nil }
        guard !sights.isEmpty else { return [] }
        let head =
            missing > 0
            ? "\(sights.count) of the \(quorum) members that it takes want another leader; \(missing) more would do:"
            : "\(sights.count) members want another leader, which is enough once their wishes count together:"
        return [head]
            + sights.compactMap { sight in
                sight.wish.map {
                    "  \(name(sight.member)) wants view \($0.to): \($0.reason.explanation)."
                }
            }
    }

    /// The members that do not add to a change, or are out of reach.
    private var others: String? {
        let sights = members.filter { sight in
            sight.wish == nil && (!wishing.isEmpty || !sight.isFresh || sight.isConvicted)
        }
        guard !sights.isEmpty else { return nil }
        let list = sights.map { "\(name($0.member)) \(Self.text($0))" }.joined(separator: "; ")
        return "\(wishing.isEmpty ? "Out of reach" : "The others"): \(list)."
    }

    private func sight(of member: MemberIndex) -> Sight? { members.first { $0.member == member } }

    private func name(_ member: MemberIndex) -> String {
        member == own ? "this node" : "oracle \(member)"
    }

    private static func text(_ sight: Sight) -> String {
        if sight.isConvicted { return "is convicted of misbehaviour" }
        guard let silence = sight.silence else { return "was never heard" }
        let manner =
            sight.isRefusing ? ", refuses links" : sight.isLinked || silence == .zero ? "" : ", not linked"
        return (sight.isFresh ? "is content" : "is silent for \(text(silence))") + manner
    }

    private static func text(_ span: Duration) -> String {
        let tenths = max(0, Int(span / .milliseconds(100)))
        return tenths < 6_000 ? "\(tenths / 10).\(tenths % 10) s" : "\(tenths / 600) min"
    }
}

extension WishReason {
    /// The reason in words.
    package var explanation: String {
        switch self {
        case .none: "no reason"
        case .silence: "it is silent"
        case .linkLost: "it closed the link and refuses another"
        case .duty: "it left a duty undone"
        case .noCertificate: "it brought no election certificate in time"
        case .noQuorum: "it declares that it sees no quorum"
        case .draining: "it announced that it steps down"
        case .evidence: "it misbehaved, which is proven"
        case .joined: "others do not hear it either"
        case .joinedHard: "others have grave reasons"
        }
    }
}
