import Primitives

/// Decides which registers and direct objects come in: cheap checks first, the signature last.
///
/// The three kinds of bad input: what no honest program sends is an offence of the link that brought it, or, when
/// the signature is good, of its author; what honest programs may send late or twice is dropped and counted. The
/// author's quota is looked at before the signature and charged after it, so that nobody can spend another's.
struct ObjectGate: Sendable {
    /// What becomes of an object.
    enum Verdict: Sendable {
        /// It is new, its author's, and to be held.
        case accepted
        /// It is dropped; nobody is to blame, or nobody can be told.
        case dropped(DropReason)
        /// It and the one held prove its author's guilt.
        case contradicted(Contradiction)
        /// The neighbour who sent it is to blame.
        case refused(Offence)
        /// Somebody else signs with this node's identity.
        case ownIdentityElsewhere
    }

    private let committee: Committee
    private let own: MemberIndex
    private let signatures: any Authenticator
    private let domains: SigningDomains
    private var quotas: MemberTable<[TokenBucket]>
    private var reported: MemberTable<[Order]>
    /// How many signatures were verified, ever.
    private(set) var verifications = 0

    /// A gate for an epoch.
    init(
        committee: Committee,
        own: MemberIndex,
        quotas: GossipQuotas,
        signatures: any Authenticator,
        domains: SigningDomains
    ) {
        self.committee = committee
        self.own = own
        self.signatures = signatures
        self.domains = domains
        let buckets = ObjectKind.allCases.map { quotas.objects($0) }
        self.quotas = MemberTable(repeating: buckets, size: committee.size)
        let none = Array(repeating: Order.zero, count: ObjectKind.allCases.count)
        reported = MemberTable(repeating: none, size: committee.size)
    }

    private static func place(_ kind: ObjectKind) -> Int { Int(kind.rawValue) - 1 }

    private static func belongs(_ kind: ObjectKind, in type: MessageType) -> Bool {
        switch type {
        case .registers, .objects: kind.isRegister
        case .direct: kind.isDirect
        default: false
        }
    }

    /// Judges an object.
    ///
    /// - Parameters:
    ///   - signed: The object.
    ///   - type: The message that brought it.
    ///   - neighbour: Whose link brought it.
    ///   - held: The newest of its kind and author so far.
    ///   - now: The moment.
    /// - Returns: What becomes of it; the caller holds what is accepted.
    mutating func judge(
        _ signed: SignedObject,
        in type: MessageType,
        from neighbour: MemberIndex,
        held: SignedObject?,
        at now: Instant
    ) -> Verdict {
        let object = signed.object
        guard object.epoch == committee.epoch else { return .dropped(.otherEpoch) }
        guard let author = committee.identity(of: object.author) else {
            return .refused(.unknownAuthor(object.author))
        }
        guard Self.belongs(object.kind, in: type) else { return .refused(.misplacedKind(object.kind, type)) }
        if object.kind.isDirect, object.author != neighbour { return .refused(.misdirected(object.kind)) }
        let newest = held?.object.order ?? .zero
        guard newest <= object.order, object.order != .zero else {
            return .dropped(object.author == own ? .echo : .stale)
        }
        if object == held?.object { return .dropped(object.author == own ? .echo : .duplicate) }
        let place = Self.place(object.kind)
        if newest == object.order, reported[object.author][place] == newest { return .dropped(.duplicate) }
        guard quotas[object.author][place].holds(at: now) else { return .dropped(.authorQuota) }
        verifications += 1
        guard signatures.isValid(signed, in: domains, by: author) else {
            return .refused(.badSignature(object.kind))
        }
        quotas[object.author][place].overdraw(1, at: now)
        if newest == object.order, let held, let proof = Contradiction(held, signed) {
            reported[object.author][place] = newest
            return .contradicted(proof)
        }
        return object.author == own ? .ownIdentityElsewhere : .accepted
    }
}
