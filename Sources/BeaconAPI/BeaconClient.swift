package import BLS12381
package import Ethereum
package import Primitives

/// Asks several beacon nodes, and believes what enough of them say.
///
/// All that may be asked are asked at once; the first answer that as many give as must agree counts, and the rest is not
/// waited for. Whoever is syncing, or behind the others, is not heard on what follows from the head.
package actor BeaconClient {
    /// How many nodes may be asked.
    package static let maxEndpoints = 16

    private let endpoints: [RPCEndpoint]
    private let transport: any BeaconTransport
    private let clock: @Sendable () -> Instant
    private var table: BeaconEndpoints

    /// A client that has asked nobody yet.
    ///
    /// - Parameters:
    ///   - configuration: how nodes are treated.
    ///   - endpoints: the nodes, one to ``maxEndpoints``.
    ///   - transport: how they are reached.
    ///   - seed: for waiting times that are never quite the same.
    ///   - clock: the node's time.
    package init(
        _ configuration: BeaconEndpoints.Configuration,
        endpoints: [RPCEndpoint],
        transport: any BeaconTransport,
        seed: UInt64,
        clock: @escaping @Sendable () -> Instant
    ) {
        precondition(endpoints.count <= Self.maxEndpoints)
        self.endpoints = endpoints
        self.transport = transport
        self.clock = clock
        table = BeaconEndpoints(configuration, count: endpoints.count, seed: seed)
    }

    /// What is known of the nodes, in the order of the configuration.
    package var states: [BeaconEndpoints.State] { table.states }

    /// The validator of that key in the head state; `nil` when there is none.
    package func validator(_ key: PublicKey) async throws(BeaconError) -> ValidatorRecord? {
        guard case .validator(let record) = try await agreed(.validator(key.bytes)) else {
            throw .disagreement
        }
        return record
    }

    /// The deposits for a key that wait in the head state.
    package func pendingDeposits(of key: PublicKey) async throws(BeaconError) -> [PendingDeposit] {
        guard case .deposits(let deposits) = try await agreed(.pendingDeposits(key.bytes)) else {
            throw .disagreement
        }
        return deposits
    }

    /// What has been deposited for a key so far.
    ///
    /// The queue is asked for first: a deposit that leaves it in between is found as a validator.
    package func standing(of key: PublicKey) async throws(BeaconError) -> DepositStanding {
        let waiting = try await pendingDeposits(of: key)
        if let record = try await validator(key) { return .validator(record, waiting: waiting) }
        return waiting.isEmpty ? .none : .waiting(waiting)
    }

    /// The epoch that as many nodes have come to as must agree: an exit may name it.
    package func headEpoch() async throws(BeaconError) -> UInt64 {
        let agreement = table.configuration.agreement
        let answers = try await ask(.sync, until: { $0 >= agreement })
        guard answers.count >= agreement, let slot = table.commonSlot,
            let rules = table.states.lazy.compactMap(\.rules).first
        else { throw unavailable }
        return slot / rules.slotsPerEpoch
    }

    /// The rules that the nodes run under, of which the identity leaves some open.
    package func rules() async throws(BeaconError) -> BeaconRules {
        guard case .rules(let rules) = try await agreed(.rules) else { throw .disagreement }
        return rules
    }

    /// Hands an exit to every node.
    ///
    /// - Returns: the names of those that took it, one at least.
    /// - Throws: ``BeaconError/refused(_:)`` when some refuse and none takes it. It may have been known already, or the
    ///   validator may have left by another way: its record tells.
    package func submit(_ exit: SignedVoluntaryExit) async throws(BeaconError) -> [String] {
        let answers = try await ask(.submit(exit), until: { _ in false })
        let taken = answers.filter { (try? $0.value.get()) != nil }.keys.sorted()
        if !taken.isEmpty { return taken.map { endpoints[$0].name } }
        var refusals: [String: BeaconRefusal] = [:]
        for case (let index, .failure(let refusal)) in answers { refusals[endpoints[index].name] = refusal }
        throw refusals.isEmpty ? unavailable : .refused(refusals)
    }

    private var unavailable: BeaconError {
        var faults: [String: String] = [:]
        for (endpoint, state) in zip(endpoints, table.states) {
            faults[endpoint.name] = state.fault?.description
        }
        return .unavailable(faults)
    }
}

/// What has been deposited for a key.
package enum DepositStanding: Hashable, Sendable {
    /// Nothing that the beacon chain has heard of.
    case none
    /// Deposits wait; the first whose signature is good makes the validator, with its credentials.
    case waiting([PendingDeposit])
    /// There is a validator; further deposits add to its balance.
    case validator(ValidatorRecord, waiting: [PendingDeposit])
}

// How a question goes through the nodes.
extension BeaconClient {
    private typealias Answer = Result<BeaconValue, BeaconRefusal>

    private func agreed(_ query: BeaconQuery) async throws(BeaconError) -> BeaconValue {
        var tally = BeaconTally(agreement: table.configuration.agreement)
        var counted: BeaconValue?
        await withTaskGroup(of: (Int, Answer?).self) { group in
            start(query, in: &group)
            for await (_, answer) in group {
                guard case .success(let value)? = answer else { continue }
                counted = tally.take(value)
                if counted != nil { break }
            }
            group.cancelAll()
        }
        if let counted { return counted }
        throw tally.isContradictory ? .disagreement : unavailable
    }

    /// All answers that came until there were enough.
    private func ask(
        _ query: BeaconQuery,
        until isEnough: (Int) -> Bool
    ) async throws(BeaconError) -> [Int: Answer] {
        var answers: [Int: Answer] = [:]
        await withTaskGroup(of: (Int, Answer?).self) { group in
            start(query, in: &group)
            for await (index, answer) in group {
                answers[index] = answer
                if isEnough(answers.count) { break }
            }
            group.cancelAll()
        }
        return answers
    }

    private func start(_ query: BeaconQuery, in group: inout TaskGroup<(Int, Answer?)>) {
        for index in table.usable(at: clock()) {
            group.addTask { (index, await self.answer(query, from: index)) }
        }
    }

    private func answer(_ query: BeaconQuery, from index: Int) async -> Answer? {
        do throws(BeaconFault) {
            if table.states[index].rules == nil {
                guard case .genesis(let genesis) = try await value(.genesis, from: index),
                    case .rules(let rules) = try await value(.rules, from: index)
                else { return nil }
                try table.identify(index, genesis, rules)
            }
            if query.isOfHead || query == .sync {
                guard case .sync(let sync) = try await value(.sync, from: index) else { return nil }
                try table.hear(index, sync)
                if query == .sync {
                    table.succeeded(index)
                    return .success(.sync(sync))
                }
            }
            let answer = try await reply(query, from: index)
            table.succeeded(index)
            return answer
        } catch {
            // Who is no longer waited for has done nothing wrong.
            if !Task.isCancelled { table.failed(index, error, at: clock()) }
            return nil
        }
    }

    private func value(_ query: BeaconQuery, from index: Int) async throws(BeaconFault) -> BeaconValue? {
        // Only an exit is refused.
        switch try await reply(query, from: index) {
        case .success(let value): value
        case .failure: nil
        }
    }

    private func reply(_ query: BeaconQuery, from index: Int) async throws(BeaconFault) -> Answer {
        do {
            let time = table.configuration.requestTimeout
            let reply = try await transport.exchange(query.request, with: endpoints[index], within: time)
            return try query.value(of: reply)
        } catch {
            throw .transport(error)
        }
    }
}
