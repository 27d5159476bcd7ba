package import Primitives

/// Decides which view a member is in: suspects leaders, gathers wishes, enters views by certificates.
///
/// One machine serves one epoch. The rules are those of the protocol's section "View change":
///
/// ```
///             suspicion or f+1 wishes                    q wishes
///   calm in v -----------------------> wishing for x > v -----------> calm in x, its own wish void
///       ^              reasons ended          |                         ^
///       +-------------------------------------+                         |
///       +---- a view certificate, an election certificate or the chain -+
/// ```
///
/// Views only rise. The leader of a view is a function of the view, so no two members ever follow different
/// leaders in one view. What leaves the node waits until what it rests on is durable; if the store fails, the
/// machine says nothing more.
///
/// Bad input is of three kinds. A peer's breach is answered by ``Action/penalize(_:_:)``; an expected race (old
/// certificates, wishes of other views, repeated facts) is ignored; a caller's mistake, such as a member that is
/// none, traps.
package struct ViewChangeMachine: Machine {
    let setting: Setting
    let domains: SigningDomains
    let authenticator: any Authenticator

    var suspicion: Suspicion
    var tally: WishTally
    var lease: Lease
    var durability = Durability()

    /// The newest record, durable or about to be.
    var record: ViewRecord
    /// The view that is known to be durable; the node shows itself in no higher one.
    var durableView: View
    var enteredAt: Instant
    /// Views entered since the last progress.
    var entriesWithoutProgress = 0

    var verifier: (any GroupVerifier)?
    var verifierSince: Instant?
    /// The newest keys that are not in force, or not any more: honest members may hold certificates of theirs.
    var otherVerifiers: [any GroupVerifier] = []
    /// Election certificates that came before the group key, one per sender.
    var unverifiedElections: [ElectionCertificate?]

    /// The order of the node's own newest heartbeat.
    var lastBeat = Order.zero
    /// The newest wish signed in this incarnation.
    var published: Wish?
    var lastWishAt: Instant?
    var wishSequence: UInt64 = 0
    var linkLostSequence: UInt64 = 0
    /// The view and leader's heartbeat of the last lost-link report.
    var lastReport: LinkLost?

    var askPace: PeerPace
    var givePace: PeerPace
    var electionPace: PeerPace
    var heartbeatPace: PeerPace

    private(set) var phase = Phase.idle
    var verdict: WishReason?
    var holdsLease = false
    var isLeading = false
    var pulse: Instant
    var evaluationDue: Instant?

    /// Whether the machine acts.
    package enum Phase: Hashable, Sendable {
        /// Not started yet.
        case idle
        /// It acts.
        case running
        /// The store failed: it will never act again.
        case halted
    }

    /// The most keys not in force that are remembered.
    static let otherVerifierLimit = 8

    /// A machine for one member and epoch.
    ///
    /// - Parameters:
    ///   - setting: who, where, how.
    ///   - domains: the signing domains of the deployment.
    ///   - authenticator: signs as this member and verifies the others.
    ///   - record: the newest durable record of this epoch, if there is one.
    ///   - now: the node's present.
    /// - Throws: ``ViewRecordError`` when the record is of another epoch.
    package init(
        _ setting: Setting,
        domains: SigningDomains,
        authenticator: any Authenticator,
        record: ViewRecord?,
        at now: Instant
    ) throws(ViewRecordError) {
        let committee = setting.committee
        let size = committee.size
        if let record, record.epoch != committee.epoch {
            throw .epoch(is: record.epoch, shouldBe: committee.epoch)
        }
        self.setting = setting
        self.domains = domains
        self.authenticator = authenticator
        suspicion = Suspicion(
            committee: committee,
            me: setting.member,
            schedule: setting.schedule,
            linksNeeded: setting.linksNeeded,
            at: now
        )
        tally = WishTally(size: size)
        lease = Lease(size: size, quorum: committee.quorum, incarnation: setting.incarnation, at: now)
        let usable = record.flatMap { $0.view >= setting.firstView ? $0 : nil }
        self.record = usable ?? ViewRecord(epoch: committee.epoch, view: setting.firstView)
        durableView = usable?.view ?? View(0)
        enteredAt = now
        unverifiedElections = Array(repeating: nil, count: size)
        let interval = setting.schedule.interval
        askPace = PeerPace(size: size, span: interval)
        givePace = PeerPace(size: size, span: interval)
        electionPace = PeerPace(size: size, span: interval)
        heartbeatPace = PeerPace(size: size, span: interval)
        pulse = now.advanced(by: interval)
    }

    var committee: Committee { setting.committee }
    var me: MemberIndex { setting.member }
    /// The view the machine is in, durable or about to be.
    var view: View { record.view }
    var leader: MemberIndex { committee.leader(of: view) }

    package var nextDeadline: Instant? {
        guard phase == .running else { return nil }
        return evaluationDue.map { min($0, pulse) } ?? pulse
    }

    package mutating func handle(_ event: Event, at now: Instant) -> [Action] {
        var actions: [Action] = []
        if case .started = event, phase == .idle {
            phase = .running
            pulse = now.advanced(by: setting.schedule.interval)
            start(into: &actions)
        }
        guard phase == .running else { return [] }
        notice(now)
        if case .storeFailed = event {
            phase = .halted
            return leadershipChange(to: false)
        }
        take(event, at: now, into: &actions)
        evaluate(at: now, into: &actions)
        return actions
    }

    package mutating func expired(at now: Instant) -> [Action] {
        guard phase == .running else { return [] }
        var actions: [Action] = []
        notice(now)
        evaluate(at: now, into: &actions)
        return actions
    }

    /// Notices the passing of time before anything else happens.
    ///
    /// The pulse beats every interval though nothing else be due, so that a node that was held up (by its
    /// scheduler, its disk, a debugger) notices it before it judges others for their silence.
    private mutating func notice(_ now: Instant) {
        if now >= pulse {
            if pulse.duration(to: now) > setting.schedule.lateness { suspicion.wasHeldUp() }
            pulse = now.advanced(by: setting.schedule.interval)
            suspicion.adapt()
        }
        suspicion.listen(at: now)
    }

    private mutating func take(_ event: Event, at now: Instant, into actions: inout [Action]) {
        switch event {
        case .started, .storeFailed: break
        case .heard(let fact): heard(fact, at: now, into: &actions)
        case .beat(let order): beat(order, at: now)
        case .received(let signed): received(signed, at: now, into: &actions)
        case .linkUp(let member, let view): linkUp(member, view: view, at: now, into: &actions)
        case .linkClosed(let member, let byPeer): suspicion.linkClosed(member, byPeer: byPeer, at: now)
        case .redialRefused(let member): suspicion.redialRefused(member)
        case .linkRefusedEnded(let member): suspicion.refusalEnded(member)
        case .roundTripMeasured(let member, let span): suspicion.roundTrips.take(span, of: member)
        case .viewCertificateReceived(let certificate, let sender):
            received(certificate, from: sender, at: now, into: &actions)
        case .electionCertificateReceived(let certificate, let sender):
            received(certificate, from: sender, at: now, into: &actions)
        case .certificatesRequested(let request, let member):
            answer(request, by: member, at: now, into: &actions)
        case .groupKeyCertified(let verifier): note(verifier)
        case .groupKeyActivated(let verifier): activate(verifier, at: now, into: &actions)
        case .dutyOwed(let isOwed): suspicion.owed(isOwed, at: now)
        case .misbehaviourProven(let member): suspicion.convicted(member)
        case .drainRequested(let isWanted): suspicion.isDraining = isWanted
        case .persisted(let ticket): persisted(upTo: ticket, at: now, into: &actions)
        }
    }
}

/// Why a record cannot be continued from.
package enum ViewRecordError: Error, Hashable, Sendable, CustomStringConvertible {
    /// It is of another epoch than the committee's.
    case epoch(is: Epoch, shouldBe: Epoch)

    package var description: String {
        switch self {
        case .epoch(let epoch, let expected):
            "the stored view is of epoch \(epoch), not \(expected); each epoch has a record of its own"
        }
    }
}
