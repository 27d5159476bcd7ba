package import Cryptography
package import Primitives

/// Makes a fresh group key for one epoch, over the members' logs.
///
///     deal ──────────────> all deals there ──────> share opened ──┬──> confirm ──> n, or n - f after a while
///      │                        │                                 │                        │
///      └─ T1 ─> absent          └─ no usable key                  └──> complaint           v
///               │                        │                              │             certificate
///               v                        v                              v                  │
///     quorum of absences ──────> the attempt has failed <────── a dealer is guilty         v
///                                        │                                          endorsed: the key
///                          the leader proposes the next                             signs for itself
///
/// All dealers of an attempt contribute or it fails, so its outcome is unique. An attempt that has failed may still
/// end well elsewhere: the contract's first valid registration decides, and until then shares of every confirmed
/// attempt are kept.
///
/// The machine's memory is the logs. After a restart its owner replays the stored entries, its own before
/// ``Event/started``, and it takes up where it was: it deals or confirms again only if its first word never became
/// durable, which means that nobody has seen it. Secrets never enter it.
///
/// Resharing enters by the plan: its terms name the key, its dealers are members of the old committee, and the share
/// orders weigh the deals; phases, votes and certificate stay as they are.
///
/// Bad input: what convicts its author is handed out as evidence; what is merely wrong is its author's offence; what
/// belongs to an attempt not known yet waits, bounded.
package struct KeyCeremonyMachine: Machine {
    /// Something that has happened.
    package enum Event: Sendable {
        /// The ceremony may begin: this node's stored log has been replayed.
        case started
        /// A log entry of this epoch stands in its author's log and is durable here; this node's own come back too.
        ///
        /// In log order for each author. Entries of other topics are ignored.
        case entry(SignedObject)
        /// The node is in this view now; the view's leader proposes attempts.
        case enteredView(View)
        /// The shell has made the deal that was ordered.
        case dealt(Deal)
        /// This member's share of the attempt is sound and kept.
        case shareOpened(KeyGenerationID)
        /// Some dealers gave this member bad shares; there is a complaint about each.
        case shareFaulty(KeyGenerationID, [Complaint])
        /// The member's account has approved the key of the attempt.
        case approved(KeyGenerationID, FixedBytes<ByteTag.Signature, 64>)
        /// A member stands convicted by evidence from elsewhere; told again after a restart.
        case convicted(Conviction)
        /// The contract has registered the key with this transcript for the epoch.
        case registered(transcript: Digest)
        /// The registration was taken back by a reorganisation of the chain.
        case unregistered
        /// The registration can no longer be taken back.
        case registrationFinal
    }

    /// Something the owner must now do.
    package enum Action: Sendable {
        /// Append to this node's log: sign, make durable, then gossip and bring back as an entry.
        case append(LogTopic, body: [UInt8])
        /// Have the shell make this member's deal, and keep none of its secrets.
        case deal(AttemptPlan)
        /// Have the shell open this member's share.
        case openShare(ShareOpening)
        /// Have the shell approve a group key with the member's account.
        case approve(ApprovalOrder)
        /// A quorum confirms a key. It is to sign for itself, and then to be registered.
        ///
        /// Comes again when this member's share of it turns out sound later.
        case certified(KeyCertificate, GroupKeyRecord)
        /// The certified key with this transcript is not to be registered after all: a dealer is guilty.
        case withdraw(transcript: Digest)
        /// The registered key is known, and whether this member has a share of it.
        case adopt(GroupKeyRecord)
        /// Have the shell erase the epoch's encryption key and all its shares but those of this transcript.
        case eraseSecrets(keeping: Digest)
        /// A member is proven guilty.
        case convict(Evidence)
        /// The author of an entry has broken the rules.
        case penalize(MemberIndex, CeremonyOffence)
    }

    /// The most attempts that are remembered; of more, the oldest that have failed are forgotten.
    package static let attemptLimit = 64
    /// The most entries of one author that wait for an attempt to become known, and how many deals among them.
    package static let waitingLimit = 64, waitingDealLimit = 8
    /// The most proposals of one author that wait for what they rest on.
    package static let proposalLimit = 16
    /// By how many a proposal's number may be ahead while a forked log hides others, or ahead of the newest attempt that
    /// had a chance, if it has none itself.
    package static let gapLimit: UInt16 = 64

    let committee: Committee
    let member: MemberIndex
    let membersHash: Digest
    let timing: CeremonyTiming
    let verifier: any CeremonyVerifier

    var isStarted = false
    var view: View?
    /// In the order in which they became known.
    var attempts: [CeremonyAttempt] = []
    /// Proposals that are not justified yet by what this node knows.
    var proposals: [(author: MemberIndex, proposal: Proposal)] = []
    /// The attempts this node has proposed.
    var proposed: Set<UInt16> = []
    /// Entries about attempts not known yet, the newest last.
    var waiting: [MemberIndex: [(object: SignedObject, isDeal: Bool)]] = [:]
    var crimes: [MemberIndex: Set<Crime>] = [:]
    var registered: Digest?
    var isFinal = false
    var isAdopted = false
    var isErased = false
    /// The newest copies of deals in each member's log.
    var copies: [MemberIndex: [HeldCopy]] = [:]
    /// The copies that this node has handed out to be logged.
    var copied: Set<DealName> = []
    /// The dealers of the registered key whose deals stand in forked logs only, and since when.
    var homeless: [MemberIndex: Instant] = [:]
    /// Whether the leader has to propose another attempt, as far as this node knows.
    package private(set) var lacksProposal = false
    package private(set) var nextDeadline: Instant?

    /// The ceremony of a committee.
    ///
    /// - Parameters:
    ///   - committee: Who shall share the key.
    ///   - member: This node's position in it.
    ///   - membersHash: `keccak256(abi.encode(Member[]))`, as the contract has it.
    ///   - timing: How long phases wait for the slow.
    ///   - verifier: The public-key cryptography of this committee's ceremony.
    package init(
        committee: Committee,
        member: MemberIndex,
        membersHash: Digest,
        timing: CeremonyTiming = CeremonyTiming(),
        verifier: any CeremonyVerifier
    ) {
        self.committee = committee
        self.member = member
        self.membersHash = membersHash
        self.timing = timing
        self.verifier = verifier
        let first = AttemptPlan.first(for: committee)
        if let session = verifier.session(for: first) {
            attempts.append(CeremonyAttempt(plan: first, session: session))
        }
    }

    package mutating func expired(at now: Instant) -> [Action] {
        defer { refresh() }
        return progress(at: now)
    }

    /// Answers in advance what the owner asks in every turn.
    private mutating func refresh() {
        lacksProposal = dueProposal != nil
        nextDeadline = nil
        guard isStarted else { return }
        nextDeadline = registered == nil ? attempts.compactMap { deadline(of: $0) }.min() : copyDeadline
    }

    package mutating func handle(_ event: Event, at now: Instant) -> [Action] {
        defer { refresh() }
        var actions: [Action] = []
        switch event {
        case .started: isStarted = true
        case .entry(let object): actions = record(object)
        case .enteredView(let view): self.view = max(view, self.view ?? view)
        case .dealt(let deal): actions = log(deal)
        case .shareOpened(let session):
            noteShare(.sound, of: session)
            actions = endorse(session)
        case .shareFaulty(let session, let complaints):
            noteShare(.faulty, of: session)
            actions = complain(complaints, in: session)
        case .approved(let session, let approval): actions = confirm(session, approval)
        case .convicted(let conviction):
            if conviction.epoch == committee.epoch {
                crimes[conviction.member, default: []].insert(conviction.crime)
            }
        case .registered(let transcript): registered = transcript
        case .unregistered: (registered, isFinal, isAdopted) = (nil, false, false)
        case .registrationFinal: isFinal = registered != nil
        }
        return actions + progress(at: now)
    }
}

// MARK: - What the shell answers

extension KeyCeremonyMachine {
    private func log(_ deal: Deal) -> [Action] {
        guard let index = index(of: deal.session), attempts[index].ownDeal == .underway else { return [] }
        return [.append(.deal, body: deal.sszBytes)]
    }

    private mutating func noteShare(_ share: CeremonyAttempt.OwnShare, of session: KeyGenerationID) {
        guard let index = index(of: session) else { return }
        attempts[index].ownShare = share
    }

    /// After a restart the certificate may be complete before the share is opened again: whoever knows the key
    /// learns now that this member can sign with it.
    private func endorse(_ session: KeyGenerationID) -> [Action] {
        guard
            let index = index(of: session), attempts[index].isEndorsed,
            let certificate = attempts[index].certificate, let outcome = attempts[index].outcome
        else { return [] }
        return [.certified(certificate, record(of: attempts[index], outcome))]
    }

    private mutating func complain(_ complaints: [Complaint], in session: KeyGenerationID) -> [Action] {
        guard let index = index(of: session) else { return [] }
        return complaints.compactMap { complaint in
            guard
                complaint.session == session, let deal = attempts[index].deals[complaint.dealer],
                attempts[index].accused.insert(complaint.dealer).inserted
            else { return nil }
            return .append(.complaint, body: Grievance(deal: deal.digest, complaint: complaint).sszBytes)
        }
    }

    private func confirm(
        _ session: KeyGenerationID,
        _ approval: FixedBytes<ByteTag.Signature, 64>
    ) -> [Action] {
        guard
            let index = index(of: session), attempts[index].ownConfirm == .underway,
            let outcome = attempts[index].outcome
        else { return [] }
        let confirm = Confirm(session: session, transcript: outcome.transcript, approval: approval)
        return [.append(.confirm, body: confirm.sszBytes)]
    }
}

// MARK: - Lookups

extension KeyCeremonyMachine {
    func index(of session: KeyGenerationID) -> Int? {
        attempts.firstIndex { $0.id == session }
    }

    /// Whether a dealer's part in any attempt is void.
    func isVoid(_ dealer: MemberIndex) -> Bool {
        crimes[dealer, default: []].contains(where: \.voidsDeals)
    }

    /// Whether a member is convicted of what all others will know it is guilty of.
    func isGuilty(_ member: MemberIndex) -> Bool {
        crimes[member, default: []].contains(where: \.isKnownToAll)
    }

    /// The members whose logs are forked: what stands in them has reached some and will not reach the rest.
    var forked: Set<MemberIndex> {
        Set(crimes.filter { $0.value.contains(.forkedLog) }.keys)
    }

    /// Whether an attempt must not lead to a key, whatever its deals say.
    ///
    /// One that only forked logs propose is unknown to some for ever.
    func isDead(_ attempt: CeremonyAttempt) -> Bool {
        attempt.isUnusable || attempt.plan.dealers.contains(where: isVoid)
            || !attempt.proposers.isEmpty && attempt.proposers.isSubset(of: forked)
    }

    /// Whether another attempt is called for.
    ///
    /// One that a quorum has missed deals of may yet recover by itself.
    func hasFailed(_ attempt: CeremonyAttempt) -> Bool {
        if isDead(attempt) { return true }
        let missing = attempt.missingDealers
        let absentees = attempt.absentees(quorum: committee.quorum, forked: forked)
        return absentees.contains(where: missing.contains)
    }

    /// Whether another attempt was called for at some time, also if the deals that a quorum has missed came since.
    ///
    /// Who was away learns of the next attempt when it may have brought the missing deal itself.
    func hasEverFailed(_ attempt: CeremonyAttempt) -> Bool {
        isDead(attempt) || !attempt.absentees(quorum: committee.quorum, forked: forked).isEmpty
    }

    func statement(of outcome: CeremonyOutcome) -> GroupKeyStatement {
        GroupKeyStatement(
            epoch: committee.epoch,
            groupKey: outcome.groupKey,
            threshold: UInt16(committee.quorum),
            size: UInt16(committee.size),
            membersHash: membersHash,
            transcript: outcome.transcript
        )
    }
}

extension Crime {
    /// Whether the crime makes its author's deals useless, and with them every attempt that they are part of.
    var voidsDeals: Bool {
        switch self {
        case .badDeal, .twoDeals, .badDealtShare, .forkedLog: true
        case .twoRegisters, .twoVotes, .badShare, .falseComplaint, .twoConfirms: false
        }
    }

    /// Whether everybody can judge the proof.
    ///
    /// A signature share is judged by the group key, and one that came of an attempt proposed in a forked log some
    /// members never learn: they would wait for ever for a proposal's reason.
    var isKnownToAll: Bool { self != .badShare }
}
