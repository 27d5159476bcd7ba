package import Primitives

/// Keeps trying to have a link to one member, for ever, and notices quickly when its process is gone.
///
/// ```
///            started             dialFailed                 deadline, signOfLife
///   idle ──────────────▶ dialing ───────────▶ waiting ──────────────────────────▶ dialing
///                          │ linkUp              │ linkUp
///                          ▼                     ▼
///                        linked ◀────────────────┘
///                          │ linkLost: dialing at once (or waiting, if the link was up for less than a moment)
///                          ▼
///                       dialing
/// ```
/// A link that the peer closed, and an immediate redial that its host refuses, mean that the process is dead:
/// `reportRefused` says so without waiting for any timer. `stopped` ends all, from any state.
///
/// The end that dialed a link dials again when the link has reached its lifetime, while it is up: fresh keys heal
/// what a lost one has exposed, and the new connection takes the old one's place without a gap.
package struct RedialMachine: Machine {
    /// The pace of dialling.
    package struct Configuration: Hashable, Sendable {
        /// The wait after the first failure; doubled after each further one.
        package var firstDelay = Duration.milliseconds(100)
        /// The longest wait.
        package var longestDelay = Duration.seconds(5)
        /// The least time between the beginnings of two dials on signs of life or lost links.
        package var leastSpacing = Duration.milliseconds(100)
        /// How long a link must have been up to be redialed at once and with a fresh backoff.
        package var settled = Duration.seconds(1)
        /// How long the end whose dial would lose against the other's waits for that one at the start.
        package var courtesy = Duration.milliseconds(250)

        /// How long after a link that the peer closed its host is dialed again and again, to see whether it refuses.
        package var alertness = Duration.milliseconds(100)
        /// The wait between two of these dials.
        package var alertDelay = Duration.milliseconds(4)
        /// How old a link gets before it is dialed anew; the actual age varies by a tenth.
        package var lifetime = Duration.seconds(86_400)

        /// The pace between members.
        package init() {}
    }

    /// What has happened to this member's link.
    package enum Event: Hashable, Sendable {
        /// The node wants the link from now on.
        case started
        /// The dial did not lead to a link.
        case dialFailed(DialFailure)
        /// There is a link, dialed by either side.
        case linkUp(LinkSide)
        /// The link that was up has ended.
        case linkLost(LossCause)
        /// Something signed by the member has come by another path.
        case signOfLife
        /// The node wants no link any more.
        case stopped
    }

    /// Why a dial came to nothing.
    package enum DialFailure: Hashable, Sendable {
        /// The host answered that nobody listens.
        case refused
        /// No answer, no route, or a handshake that failed.
        case failed
    }

    /// How a link ended.
    package enum LossCause: Hashable, Sendable {
        /// The peer's end was closed: by its program, or by its kernel when the process died.
        case closedByPeer
        /// Anything else: an offence, silence, a timeout of the network.
        case other
    }

    /// What to do.
    package enum Action: Hashable, Sendable {
        /// Begin to dial, and answer with `linkUp(.own)` or `dialFailed`.
        case dial
        /// Give up the dial that is under way; it is not answered.
        case abandonDial
        /// The peer closed the link at this moment, and its host refuses a new one.
        case reportRefused(closedAt: Instant)
        /// There is a link again after ``reportRefused(closedAt:)``.
        case withdrawRefused
    }

    private enum State: Hashable, Sendable {
        /// No link is wanted; there may be one that the peer wants.
        case idle(linkedSince: Instant?)
        case dialing
        case waiting(until: Instant)
        case linked(since: Instant, renewAt: Instant?)
        case renewing(since: Instant)
    }

    private let configuration: Configuration
    private let isFavoured: Bool
    private var state = State.idle(linkedSince: nil)
    private var random: SplitMix64
    private var failures = 0
    private var lastDial: Instant?
    private var closedAt: Instant?
    private var hasReportedRefusal = false

    /// A machine that waits for `started`.
    ///
    /// - Parameters:
    ///   - configuration: The pace.
    ///   - isFavoured: Whether this end's connection would win over the other's, see ``LinkRegistry``.
    ///   - random: Gives the jitter.
    package init(_ configuration: Configuration = Configuration(), isFavoured: Bool, random: SplitMix64) {
        self.configuration = configuration
        self.isFavoured = isFavoured
        self.random = random
    }

    package var nextDeadline: Instant? {
        switch state {
        case .waiting(let until): until
        case .linked(_, let renewAt): renewAt
        case .idle, .dialing, .renewing: nil
        }
    }

    package mutating func handle(_ event: Event, at now: Instant) -> [Action] {
        switch event {
        case .started: start(at: now)
        case .dialFailed(let failure): fail(failure, at: now)
        case .linkUp(let side): link(by: side, at: now)
        case .linkLost(let cause): lose(cause, at: now)
        case .signOfLife: hurry(at: now)
        case .stopped: stop()
        }
    }

    package mutating func expired(at now: Instant) -> [Action] {
        guard let nextDeadline, nextDeadline <= now else { return [] }
        guard case .linked(let since, _) = state else { return dial(at: now) }
        state = .renewing(since: since)
        lastDial = now
        return [.dial]
    }

    private mutating func start(at now: Instant) -> [Action] {
        guard case .idle(let linkedSince) = state else { return [] }
        if let linkedSince {
            state = .linked(since: linkedSince, renewAt: nil)
            return []
        }
        if isFavoured { return dial(at: now) }
        state = .waiting(until: now.advanced(by: configuration.courtesy))
        return []
    }

    private mutating func fail(_ failure: DialFailure, at now: Instant) -> [Action] {
        if case .renewing(let since) = state {
            state = .linked(since: since, renewAt: now.advanced(by: configuration.lifetime / 100))
        }
        guard state == .dialing else { return [] }
        state = .waiting(until: now.advanced(by: pause(after: failure, at: now)))
        guard failure == .refused, let closedAt, !hasReportedRefusal else { return [] }
        hasReportedRefusal = true
        return [.reportRefused(closedAt: closedAt)]
    }

    private mutating func link(by side: LinkSide, at now: Instant) -> [Action] {
        let isDialing = isDialing && side == .peer
        if case .idle = state {
            state = .idle(linkedSince: now)
            return []
        }
        let renewAt = side == .own ? now.advanced(by: varied(configuration.lifetime)) : nil
        state = .linked(since: now, renewAt: renewAt)
        closedAt = nil
        var actions: [Action] = isDialing ? [.abandonDial] : []
        if hasReportedRefusal { actions.append(.withdrawRefused) }
        hasReportedRefusal = false
        return actions
    }

    private mutating func lose(_ cause: LossCause, at now: Instant) -> [Action] {
        let since: Instant
        switch state {
        case .linked(let begin, _): since = begin
        case .renewing(let begin): since = begin
        case .idle:
            state = .idle(linkedSince: nil)
            return []
        case .dialing, .waiting: return []
        }
        closedAt = cause == .closedByPeer ? now : nil
        let isSettled = since.duration(to: now) >= configuration.settled
        if isSettled { failures = 0 }
        if isDialing {
            state = .dialing
            return []
        }
        if isSettled { return dial(at: now) }
        state = .waiting(until: now.advanced(by: backoff()))
        return []
    }

    private mutating func hurry(at now: Instant) -> [Action] {
        guard case .waiting(let until) = state else { return [] }
        let earliest = (lastDial ?? .start).advanced(by: lastDial == nil ? .zero : configuration.leastSpacing)
        if earliest <= now { return dial(at: now) }
        state = .waiting(until: min(until, earliest))
        return []
    }

    private mutating func stop() -> [Action] {
        let actions: [Action] = isDialing ? [.abandonDial] : []
        switch state {
        case .linked(let since, _), .renewing(let since): state = .idle(linkedSince: since)
        case .dialing, .waiting: state = .idle(linkedSince: nil)
        case .idle: break
        }
        closedAt = nil
        hasReportedRefusal = false
        failures = 0
        return actions
    }

    private var isDialing: Bool {
        switch state {
        case .dialing, .renewing: true
        case .idle, .waiting, .linked: false
        }
    }

    private mutating func dial(at now: Instant) -> [Action] {
        state = .dialing
        lastDial = now
        return [.dial]
    }

    /// A host whose process is just dying may take a connection, only to drop it, before it refuses the next.
    private mutating func pause(after failure: DialFailure, at now: Instant) -> Duration {
        guard failure == .failed, !hasReportedRefusal, let closedAt else { return backoff() }
        return closedAt.duration(to: now) < configuration.alertness ? configuration.alertDelay : backoff()
    }

    /// Half to all of `firstDelay` doubled for each failure before, at most `longestDelay`.
    private mutating func backoff() -> Duration {
        let doublings = min(failures, 20)
        failures += 1
        let full = min(configuration.firstDelay * (1 << doublings), configuration.longestDelay)
        return full / 2 + full / 2 * Int(random.next() % 1_001) / 1_000
    }

    /// Nine to eleven tenths of a time.
    private mutating func varied(_ time: Duration) -> Duration {
        time * Int(900 + random.next() % 201) / 1_000
    }
}
