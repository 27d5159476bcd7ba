import Consensus
import Gossip
import Primitives

/// The parts of a member that live for one epoch.
struct PeerEpoch: Sendable {
    let committee: Committee
    let own: MemberIndex
    let membersHash: Digest
    let firstView: View
    var neighbours: NeighbourMachine
    var view: ViewChangeMachine
    var signer: SignerMachine
    var coordination: CoordinationMachine
    var ceremony: KeyCeremonyMachine
    var anchor: AnchorMachine
    var attestation: AttestationMachine
    var monitor: TermMonitor
    var evidence: EvidenceBook
    /// The members whose link has come up and whose first words have not come yet.
    var greeted: [MemberIndex: GreetingState] = [:]
    /// Certified keys that are not registered yet, by transcript.
    var candidates: [Digest: KeyCandidate] = [:]
    /// Proofs of keys whose certificates have not come yet, by transcript.
    var earlyProofs: [Digest: KeyProof] = [:]
    /// The newest anchor in each member's log that is not looked at yet, be it signed by the group or not.
    var proofAnchors: [MemberIndex: ProofAnchor] = [:]
    /// The newest anchor in each member's log, be it signed by the group or not.
    var writtenAnchors: [MemberIndex: ProofAnchor] = [:]
    /// The newest anchor whose list and signature the owner was told of.
    var toldAnchor: LatestProof?
    /// The group keys of the epoch, for what others show of logs.
    var keyRing = KeyRing()
    /// The anchors after the newest on the chain that the group has signed.
    var provenAnchors: Set<LatestProof> = []
    /// What is to be reported about operations on validators' keys.
    var reports = ReportDesk()
    /// The registered key.
    var key: GroupKeyRecord?
    /// Checks what is signed with it.
    var verifier: (any PeerKeyVerifier)?
    /// The view that the signing parts are in.
    var current: View?
    var isLeading = false
    /// Whether the view change was told that the leader has something to do.
    var isDutyOwed = false
    var suspicion: WishReason?
    var roundTrips: [MemberIndex: Duration] = [:]
    /// How much people are told of what each member publishes.
    var heralds: [MemberIndex: TokenBucket] = [:]
}

extension PeerEpoch {
    /// Whether something is to be done that only the leader of the view can do: to propose the next attempt at a
    /// group key, or to have a certified key sign for itself.
    var leaderOwes: Bool {
        guard key == nil, !ceremony.isRegistered else { return false }
        if ceremony.lacksProposal { return true }
        return !candidates.isEmpty && candidates.values.allSatisfy { $0.possession == nil }
    }
}

/// Questions that come up in every turn.
///
/// They are mutating so that they are asked in place: reading a part of an optional epoch copies the epoch.
extension PeerEpoch {
    /// When each of the parts is next due.
    mutating func deadlines() -> PartDeadlines {
        PartDeadlines(
            neighbours: neighbours.nextDeadline,
            view: view.nextDeadline,
            ceremony: ceremony.nextDeadline,
            anchor: anchor.nextDeadline,
            attestation: attestation.nextDeadline,
            monitor: monitor.nextDeadline
        )
    }

    /// Whether this member wants a link with the other.
    mutating func keeps(_ member: MemberIndex) -> Bool { neighbours.keeps(member) }

    /// What heartbeats are to say, and the epoch's first view.
    mutating func heartbeatContent() -> (content: HeartbeatContent, firstView: View) {
        (view.heartbeatContent, firstView)
    }

    /// Whether the leader owes something, if that is otherwise than when last asked.
    mutating func changedDuty() -> Bool? {
        let owes = leaderOwes
        guard owes != isDutyOwed else { return nil }
        isDutyOwed = owes
        return owes
    }
}

/// When the parts of an epoch are next due.
struct PartDeadlines {
    let neighbours: Instant?
    let view: Instant?
    let ceremony: Instant?
    let anchor: Instant?
    let attestation: Instant?
    let monitor: Instant?

    /// The first of them.
    var first: Instant? {
        let early = earlier(earlier(neighbours, view), earlier(ceremony, anchor))
        return earlier(early, earlier(attestation, monitor))
    }
}

/// The earlier of two moments, of which either may be never.
func earlier(_ one: Instant?, _ other: Instant?) -> Instant? {
    guard let one, let other else { return one ?? other }
    return min(one, other)
}

/// Where the two ends of a link are with their first words.
enum GreetingState: Hashable, Sendable {
    /// The peer's ``Hello`` has not come.
    case awaited
    /// It has, and the two serve the same committee.
    case done
}

/// A key that a quorum has confirmed, on its way to the contract.
struct KeyCandidate: Sendable {
    let certificate: KeyCertificate
    let record: GroupKeyRecord
    /// The key's signature over its own statement, once it is known.
    var possession: GroupSignature?
}

/// What the node knows of the chain.
struct ChainPicture: Hashable, Sendable {
    var head: UInt64 = 0
    var isStale = false
    var anchoredView = View(0)
    var proof = ProofStanding(beginning: .none)
    /// Whether the chain has told where following begins.
    var hasBegun = false
    /// What was seen of anchors of the logs before the key was known that judges them, the newest last.
    var unjudged: [SeenAnchor] = []

    /// The most that waits for a key; more than an epoch without one can have.
    static let unjudgedLimit = 64
}

/// An anchor of the logs at a stage.
struct SeenAnchor: Hashable, Sendable {
    let record: ProofAnchorRecord
    let stage: ChainStage
}
