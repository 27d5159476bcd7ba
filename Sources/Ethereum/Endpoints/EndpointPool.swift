package import Primitives

/// Several endpoints made into one chain: who may be asked, who is asked next, and which answers count.
///
/// ```
///              identity fits                       fault
/// unverified ---------------> ready -------------------------> unverified, blocked for a while
///     |                                                             ^
///     |  identity does not fit, or caught at a lie                  |
///     +-------------------------------------------> foreign --------+  after a long while
/// ```
///
/// An endpoint must show chain id, genesis block and the registry's code before anything it says is used, and
/// again after each fault. Whoever fails is left alone for a time that doubles, or as long as it asks for.
/// An endpoint's fault is never an error of this node: it costs the endpoint its turn.
package struct EndpointPool: Machine {
    /// How the pool treats its endpoints.
    package struct Configuration: Hashable, Sendable {
        /// How many endpoints there are; the first is preferred.
        package var endpointCount: Int
        /// What they must show.
        package var identity: ChainIdentity
        /// How many must agree on what proves nothing by itself.
        package var agreement: Int
        /// How many blocks behind the highest head an answer still counts.
        package var lagTolerance: UInt64
        /// How many blocks an endpoint's head may be above what as many have come to as must agree; one that is further is
        /// made up, until another shows such a head.
        package var leadTolerance: UInt64
        /// How long one request may take.
        package var requestTimeout: Duration
        /// How endpoints that fail are left alone.
        package var backoff: Backoff
        /// How long an endpoint of another chain is left alone.
        package var foreignWait: Duration
        /// The longest wait that an endpoint may ask for.
        package var longestRetryAfter: Duration
        /// How often endpoints that are not asked otherwise are asked for their head: so long it may go unnoticed that the
        /// one that is asked has stopped following.
        package var surveyInterval: Duration

        /// The usual treatment of so many endpoints.
        package init(endpointCount: Int, identity: ChainIdentity, agreement: Int = 1) {
            self.endpointCount = endpointCount
            self.identity = identity
            self.agreement = agreement
            lagTolerance = 0
            leadTolerance = 16
            requestTimeout = .seconds(5)
            backoff = Backoff(first: .milliseconds(500), limit: .seconds(60))
            foreignWait = .seconds(60)
            longestRetryAfter = .seconds(300)
            surveyInterval = .seconds(12)
        }
    }

    /// Something that has happened.
    package enum Event: Sendable {
        /// Somebody wants to know something.
        case wanted(QueryTicket, [RPCQuery], QueryRoute)
        /// A request has come to its end, one way or the other.
        case answered(UInt64, Result<[RPCOutcome], RPCFault>)
        /// An endpoint was caught at a lie.
        case caught(Int, String)
    }

    /// Something to be done.
    package enum Action: Hashable, Sendable {
        /// Send a request under this number, and report its end.
        case call(UInt64, endpoint: Int, RPCBatch, within: Duration)
        /// Hand this to who wanted it.
        case resolve(QueryTicket, QueryResolution)
        /// Tell who watches.
        case report(EndpointReport)
    }

    private enum Purpose {
        case identity
        case survey
        case query(QueryTicket)
    }

    /// How the pool treats its endpoints.
    package let configuration: Configuration
    /// The endpoints in the order of the configuration.
    package private(set) var endpoints: [EndpointState]
    private var calls: [UInt64: (endpoint: Int, purpose: Purpose, batch: RPCBatch)] = [:]
    private var lastCall: UInt64 = 0
    private var pending: [QueryTicket: PendingQuery] = [:]
    private var generator: SplitMix64

    /// A pool of endpoints of which none has shown its identity.
    ///
    /// - Precondition: there are endpoints, and no more must agree than there are.
    package init(_ configuration: Configuration, seed: UInt64) {
        precondition(configuration.endpointCount > 0 && configuration.agreement > 0)
        precondition(configuration.agreement <= configuration.endpointCount)
        self.configuration = configuration
        endpoints = Array(repeating: EndpointState(), count: configuration.endpointCount)
        generator = SplitMix64(seed: seed)
    }

    /// The highest head that any endpoint has shown, of those that can be true.
    package var highestHead: BlockHeader? {
        let ceiling = ceiling
        return endpoints.compactMap(\.head).filter { $0.number <= ceiling }.max { $0.number < $1.number }
    }

    /// The highest block that so many endpoints have come to, by their own words; `nil` when fewer have shown a head.
    ///
    /// - Precondition: the count is positive.
    package func height(reachedBy count: Int) -> UInt64? {
        let heads = endpoints.compactMap(\.head?.number).sorted(by: >)
        return heads.count < count ? nil : heads[count - 1]
    }

    /// The highest block that a head may have: an endpoint that makes up a far one would be followed by nobody's leave,
    /// and all others looked behind.
    private var ceiling: UInt64 {
        guard let height = height(reachedBy: configuration.agreement) else { return 0 }
        let (ceiling, isBeyond) = height.addingReportingOverflow(configuration.leadTolerance)
        return isBeyond ? .max : ceiling
    }

    private var terms: PendingQuery.Terms {
        PendingQuery.Terms(
            agreement: configuration.agreement,
            lagTolerance: configuration.lagTolerance,
            ceiling: ceiling
        )
    }

    package var nextDeadline: Instant? {
        endpoints.compactMap { endpoint in
            switch endpoint.standing {
            case .verifying: nil
            case .unverified, .foreign: endpoint.blockedUntil ?? .start
            case .ready: endpoint.lastReply.map { $0.advanced(by: configuration.surveyInterval) }
            }
        }.min()
    }

    package mutating func expired(at now: Instant) -> [Action] {
        var actions: [Action] = []
        for index in endpoints.indices where !endpoints[index].isBlocked(at: now) {
            switch endpoints[index].standing {
            case .verifying: continue
            case .unverified, .foreign:
                endpoints[index].standing = .verifying
                actions.append(call(index, .identity, RPCBatch(configuration.identity.queries)))
            case .ready:
                let due = endpoints[index].lastReply.map {
                    $0.advanced(by: configuration.surveyInterval) <= now
                }
                guard due == true else { continue }
                // Counts as a reply until the real one comes, so that one survey is under way at a time.
                endpoints[index].lastReply = now
                actions.append(call(index, .survey, RPCBatch([.header(.latest)])))
            }
        }
        return actions
    }

    package mutating func handle(_ event: Event, at now: Instant) -> [Action] {
        switch event {
        case .wanted(let ticket, let queries, let route):
            pending[ticket] = PendingQuery(queries: queries, route: route)
            return proceed(ticket, at: now)
        case .answered(let number, let result):
            guard let call = calls.removeValue(forKey: number) else { return [] }
            return answered(call.endpoint, call.purpose, call.batch, result, at: now)
        case .caught(let endpoint, let reason):
            return banish(endpoint, reason, at: now)
        }
    }

    private mutating func call(_ endpoint: Int, _ purpose: Purpose, _ batch: RPCBatch) -> Action {
        lastCall += 1
        calls[lastCall] = (endpoint, purpose, batch)
        return .call(lastCall, endpoint: endpoint, batch, within: configuration.requestTimeout)
    }
}

// What an end of a request says about its endpoint.
extension EndpointPool {
    private mutating func answered(
        _ index: Int,
        _ purpose: Purpose,
        _ batch: RPCBatch,
        _ result: Result<[RPCOutcome], RPCFault>,
        at now: Instant
    ) -> [Action] {
        var actions = assess(index, batch, result, at: now)
        switch purpose {
        case .survey: break
        case .identity:
            if case .success(let outcomes) = result { actions += identified(index, outcomes, at: now) }
        case .query(let ticket):
            if var query = pending[ticket] {
                query.take(result, from: index)
                pending[ticket] = query
                actions += proceed(ticket, at: now)
            }
        }
        return actions
    }

    private mutating func assess(
        _ index: Int,
        _ batch: RPCBatch,
        _ result: Result<[RPCOutcome], RPCFault>,
        at now: Instant
    ) -> [Action] {
        endpoints[index].lastReply = now
        switch result {
        case .success(let outcomes):
            endpoints[index].failures = 0
            for case (.header(.latest), .success(.header(let head?))) in zip(batch.queries, outcomes) {
                endpoints[index].head = head
            }
            return []
        case .failure(.tooLarge(let limit)):
            // Too much was asked for; that is not the endpoint's fault.
            endpoints[index].lastFault = RPCFault.tooLarge(limit: limit).description
            return []
        case .failure(let fault) where endpoints[index].isBlocked(at: now):
            // Requests that were under way when it failed fail with it; one failure is enough.
            endpoints[index].lastFault = fault.description
            if endpoints[index].standing == .verifying { endpoints[index].standing = .unverified }
            return []
        case .failure(let fault):
            endpoints[index].failures += 1
            var wait = configuration.backoff.wait(after: endpoints[index].failures, using: &generator)
            if case .status(_, let retryAfter?) = fault {
                wait = max(wait, min(retryAfter, configuration.longestRetryAfter))
            }
            endpoints[index].lastFault = fault.description
            endpoints[index].blockedUntil = now.advanced(by: wait)
            if case .foreign = endpoints[index].standing { return [] }
            endpoints[index].standing = .unverified
            return [.report(.failed(index, fault, until: now.advanced(by: wait)))]
        }
    }

    private mutating func identified(_ index: Int, _ outcomes: [RPCOutcome], at now: Instant) -> [Action] {
        if let fault = configuration.identity.fault(in: outcomes) { return banish(index, fault, at: now) }
        endpoints[index].standing = .ready
        endpoints[index].blockedUntil = nil
        return [.report(.ready(index))]
    }

    private mutating func banish(_ index: Int, _ reason: String, at now: Instant) -> [Action] {
        let until = now.advanced(by: configuration.foreignWait)
        endpoints[index].standing = .foreign(reason)
        endpoints[index].lastFault = reason
        endpoints[index].blockedUntil = until
        endpoints[index].head = nil
        return [.report(.foreign(index, reason, until: until))]
    }
}

// The way of a query through the endpoints.
extension EndpointPool {
    private mutating func proceed(_ ticket: QueryTicket, at now: Instant) -> [Action] {
        guard var query = pending[ticket] else { return [] }
        if let resolution = query.resolution(terms) {
            pending[ticket] = nil
            return [.resolve(ticket, resolution)]
        }
        var actions: [Action] = []
        for index in next(for: query, at: now) {
            query.tried.insert(index)
            query.outstanding += 1
            actions.append(call(index, .query(ticket), query.batch))
        }
        guard query.outstanding > 0 else {
            pending[ticket] = nil
            return [.resolve(ticket, query.lastResort(terms))]
        }
        pending[ticket] = query
        return actions
    }

    /// Who is asked now: none while enough are being asked.
    private func next(for query: PendingQuery, at now: Instant) -> [Int] {
        let wanted =
            switch query.route {
            case .any, .avoiding, .atLeast: 1
            case .agreed, .agreedAtLeast:
                configuration.agreement - query.greatestAgreement(terms)
            case .everywhere: query.tried.isEmpty ? endpoints.count : 0
            }
        guard wanted > query.outstanding else { return [] }
        let heads = (highestHead?.number ?? 0)...ceiling
        let usable = endpoints.indices.filter { endpoints[$0].isUsable(at: now) && !query.tried.contains($0) }
        let order = usable.sorted { left, right in
            (rank(left, query.route, heads), left) < (rank(right, query.route, heads), right)
        }
        return Array(order.prefix(wanted - query.outstanding))
    }

    /// Whom to ask last: who is to be avoided, then whose head is behind, or too far ahead.
    private func rank(_ index: Int, _ route: QueryRoute, _ heads: ClosedRange<UInt64>) -> Int {
        if case .avoiding(index) = route { return 2 }
        guard let head = endpoints[index].head?.number else { return 1 }
        return head + configuration.lagTolerance < heads.lowerBound || head > heads.upperBound ? 1 : 0
    }
}
