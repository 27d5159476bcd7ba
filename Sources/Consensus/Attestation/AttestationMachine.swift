package import Cryptography
package import Primitives

/// Has the committee attest what its members' logs come to, so that the chain can keep it.
///
/// The leader proposes a list in its own log; every member compares it with its own copies of the logs and holds it to
/// be true, and so signs it, if it differs in nothing. What a member has not yet it waits for; what it knows otherwise
/// it never signs. So the group's signature means that a quorum has these very logs on disk.
///
/// ```
/// logs have grown, interval over ──> propose ──> own log ──> proposed ──> same as own copies ──> endorse ──> signed
///        ^                                                                                                     │
///        └──────────────────────────────────── anchored: the next number <──────────────────── chain <─────────┘
/// ```
///
/// Lists are numbered from 1 without gaps, each names the root of the one before, and the contract takes one of a number.
/// Two lists of one number may both be signed, since both are true.
///
/// Bad input: an unsound list is its author's offence. A list by who does not lead, of another number, or that differs
/// from the own copies, is not signed, and counted: the copy may be the wrong one of a forked log. Of each author only
/// the newest list is kept, and taken up no sooner than half an interval after the one before it.
package struct AttestationMachine: Machine {
    /// Whose logs these are, and how often they are attested.
    package struct Setting: Hashable, Sendable {
        /// The committee.
        package var committee: Committee
        /// The member this machine acts for.
        package var member: MemberIndex
        /// How long the leader waits from one list to the next.
        package var interval: Duration

        /// The setting of a member.
        package init(committee: Committee, member: MemberIndex, interval: Duration) {
            self.committee = committee
            self.member = member
            self.interval = interval
        }
    }

    /// Something that has happened.
    package enum Event: Hashable, Sendable {
        /// The node is in this view now.
        case entered(View)
        /// This node's durable copy of a log comes to this.
        case stands(Checkpoint)
        /// A log's entry at this place, of this epoch, is about something else than attesting.
        case said(MemberIndex, sequence: UInt64)
        /// A member has proposed a list in its log.
        indirect case proposed(AttestedLogs, by: MemberIndex)
        /// The chain shows this as the newest anchor; number 0 with a zero root when there is none.
        case anchored(number: UInt64, root: Digest)
        /// The chain has taken back the anchor of this number.
        case unanchored(number: UInt64)
        /// The group has signed the list of this number and root, so it is on its way to the chain.
        case signed(number: UInt64, root: Digest)
        /// The member stands convicted of two histories of its log: it is attested no more.
        case convicted(MemberIndex)
        /// The epoch's key is in force, for the first time or in the place of another.
        case keyActivated
    }

    /// Something the owner must now do.
    package enum Action: Hashable, Sendable {
        /// Append the list to the own log.
        indirect case propose(AttestedLogs)
        /// Hold the statement to be true. Repeating it is harmless.
        case endorse(ProofAnchorStatement)
        /// Cease to want the statement signed.
        case retract(ProofAnchorStatement)
        /// The author of a list has broken the rules.
        case penalize(MemberIndex, AttestationOffence)
    }

    /// The most lists held to be true at a time; one more retracts the oldest.
    package static let endorsedLimit = 4
    /// The most anchors remembered, for the time when the newest are taken back.
    package static let anchorLimit = 8
    /// For how many intervals a signed list may be on its way to the chain before another is made of its number.
    package static let patience = 3

    let setting: Setting
    var view: View?
    var hasKey = false
    var convicted: Set<MemberIndex> = []
    var copies: [LogCopy]
    /// The last entry of each log that is worth a list.
    var worthy: [UInt64]
    /// The newest anchors, the newest last; none until the chain has told of one, or that there is none.
    var anchors: [AnchoredList] = []
    /// The newest list of each author.
    var proposals: [MemberIndex: ProposedList] = [:]
    var endorsed: [EndorsedList] = []
    /// The numbers whose list is signed, with the moment at which this was learnt.
    var signed: [UInt64: Instant] = [:]
    /// When a list was last proposed by this node, held to be true, or anchored.
    var lastRound = Instant.start
    /// Why lists were not held to be true.
    package internal(set) var refusals = AttestationRefusals()

    /// A machine that knows nothing of logs and chain.
    package init(_ setting: Setting) {
        self.setting = setting
        copies = Array(repeating: LogCopy(), count: setting.committee.size)
        worthy = Array(repeating: 0, count: setting.committee.size)
    }

    /// The number of the newest anchor; `nil` until the chain has told of it.
    package var anchoredNumber: UInt64? { anchors.last?.number }

    /// The newest anchor and its list; `nil` while the list is not known here.
    package var newestAnchored: (place: LatestProof, list: AttestedLogs)? {
        guard let newest = anchors.last, let list = newest.list else { return nil }
        return (LatestProof(number: newest.number, root: newest.root), list)
    }

    package var nextDeadline: Instant? {
        var deadline = Deadline()
        if let due = proposalDue { deadline.note(due) }
        if let due = takingUpDue { deadline.note(due) }
        return deadline.moment
    }

    package mutating func handle(_ event: Event, at now: Instant) -> [Action] {
        var actions: [Action] = []
        switch event {
        case .entered(let view): if self.view.map({ $0 < view }) ?? true { self.view = view }
        case .stands(let checkpoint): stands(checkpoint)
        case .said(let author, let sequence):
            guard setting.committee.contains(author) else { break }
            worthy[author.offset] = max(worthy[author.offset], sequence)
        case .proposed(let list, let author): take(list, by: author, into: &actions)
        case .anchored(let number, let root): anchored(number, root, at: now, into: &actions)
        case .unanchored(let number): unanchored(number)
        case .signed(let number, let root): signed(number, root, at: now, into: &actions)
        case .convicted(let member): convict(member, into: &actions)
        case .keyActivated:
            hasKey = true
            actions += endorsed.map { .endorse($0.statement) }
        }
        goOn(at: now, into: &actions)
        return actions
    }

    package mutating func expired(at now: Instant) -> [Action] {
        var actions: [Action] = []
        goOn(at: now, into: &actions)
        return actions
    }

    private mutating func goOn(at now: Instant, into actions: inout [Action]) {
        judge(at: now, into: &actions)
        if let due = proposalDue, due <= now { propose(at: now, into: &actions) }
    }

    /// Who leads the view that the node is in.
    var leader: MemberIndex? { view.map { setting.committee.leader(of: $0) } }
}

/// What a member has done against the rules of attesting.
package enum AttestationOffence: Hashable, Sendable {
    /// It has proposed a list that no committee could attest.
    case unsoundList
}

/// How often lists were not held to be true, by reason.
package struct AttestationRefusals: Hashable, Sendable {
    /// A log in it came to something else here.
    package internal(set) var otherLog: UInt64 = 0
    /// A log in it was so long ago at that size that nothing is known of it.
    package internal(set) var forgotten: UInt64 = 0
    /// It names the log of a member that has two of them.
    package internal(set) var convicted: UInt64 = 0
    /// It names another list before it than the chain shows.
    package internal(set) var otherPrevious: UInt64 = 0
    /// It goes back behind the list before it, or leaves out a log of that.
    package internal(set) var shorter: UInt64 = 0
}
