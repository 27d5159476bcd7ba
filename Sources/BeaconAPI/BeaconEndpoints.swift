package import Ethereum
package import Primitives

/// Why a node's answer does not count.
package enum BeaconFault: Error, Hashable, Sendable, CustomStringConvertible {
    /// There was none that could be read.
    case transport(RPCFault)
    /// It is on another chain.
    case foreign(String)
    /// It is not in step with its chain.
    case behind(String)

    package var description: String {
        switch self {
        case .transport(let fault): fault.description
        case .foreign(let reason): "is not our beacon chain: \(reason)"
        case .behind(let reason): reason
        }
    }
}

/// Which of several nodes may be asked, as the execution chain's ``Ethereum/EndpointPool`` treats its own.
///
/// A node must show its identity before anything it says is used, and again after each fault. Whoever fails is left
/// alone for a time that doubles, or as long as it asks for; whoever is on another chain, for a long while.
package struct BeaconEndpoints: Sendable {
    /// How nodes are treated.
    package struct Configuration: Hashable, Sendable {
        /// What they must show.
        package var identity: BeaconIdentity
        /// How many must agree on what matters.
        package var agreement: Int
        /// How many slots behind what as many have come to as must agree an answer still counts.
        package var lagTolerance: UInt64 = 8
        /// How long one request may take.
        package var requestTimeout = Duration.seconds(10)
        /// How nodes that fail are left alone.
        package var backoff = Backoff(first: .milliseconds(500), limit: .seconds(60))
        /// How long a node of another chain is left alone.
        package var foreignWait = Duration.seconds(60)
        /// The longest wait that a node may ask for.
        package var longestRetryAfter = Duration.seconds(300)

        /// The usual treatment: two of several nodes must agree.
        package init(endpointCount: Int, identity: BeaconIdentity) {
            self.identity = identity
            agreement = min(2, endpointCount)
        }
    }

    /// What is known of one node.
    package struct State: Hashable, Sendable {
        /// It has shown that it is on our chain, and not failed since.
        package var rules: BeaconRules?
        /// Failures since the last reply.
        package var failures = 0
        /// It is left alone until then.
        package var blockedUntil: Instant?
        /// The slot of its head when it last told.
        package var headSlot: UInt64?
        /// What went wrong last; `nil` while nothing does.
        package var fault: BeaconFault?
    }

    /// How nodes are treated.
    package let configuration: Configuration
    /// The nodes in the order of the configuration.
    package private(set) var states: [State]
    private var generator: SplitMix64

    /// So many nodes of which none has shown its identity.
    ///
    /// - Precondition: there are nodes, and no more must agree than there are.
    package init(_ configuration: Configuration, count: Int, seed: UInt64) {
        precondition(count > 0 && (1...count).contains(configuration.agreement))
        self.configuration = configuration
        states = Array(repeating: State(), count: count)
        generator = SplitMix64(seed: seed)
    }

    /// Who may be asked now.
    package func usable(at now: Instant) -> [Int] {
        states.indices.filter { index in states[index].blockedUntil.map { $0 <= now } ?? true }
    }

    /// The slot that as many nodes have come to as must agree, by their own words.
    package var commonSlot: UInt64? {
        let slots = states.compactMap(\.headSlot).sorted(by: >)
        return slots.count < configuration.agreement ? nil : slots[configuration.agreement - 1]
    }

    /// Whether a node is on our chain.
    package mutating func identify(
        _ index: Int,
        _ genesis: BeaconGenesis,
        _ rules: BeaconRules
    ) throws(BeaconFault) {
        if let reason = configuration.identity.fault(genesis, rules) { throw .foreign(reason) }
        states[index].rules = rules
    }

    /// Whether a node is in step with its chain and the others.
    package mutating func hear(_ index: Int, _ sync: BeaconSync) throws(BeaconFault) {
        if let hindrance = sync.hindrance {
            states[index].headSlot = nil
            throw .behind(hindrance)
        }
        states[index].headSlot = sync.headSlot
        if let commonSlot, commonSlot - min(commonSlot, sync.headSlot) > configuration.lagTolerance {
            throw .behind("has its head at slot \(sync.headSlot) where others are at \(commonSlot)")
        }
    }

    /// A node has answered all that it was asked.
    package mutating func succeeded(_ index: Int) {
        states[index].failures = 0
        states[index].blockedUntil = nil
        states[index].fault = nil
    }

    /// A node has failed.
    package mutating func failed(_ index: Int, _ fault: BeaconFault, at now: Instant) {
        states[index].fault = fault
        switch fault {
        case .behind:
            // It says so itself; it may be in step a moment later.
            return
        case .foreign:
            states[index].rules = nil
            states[index].headSlot = nil
            states[index].blockedUntil = now.advanced(by: configuration.foreignWait)
        case .transport(let fault):
            states[index].rules = nil
            // Requests that were under way together fail together; one failure is enough.
            guard states[index].blockedUntil.map({ $0 <= now }) ?? true else { return }
            states[index].failures += 1
            var wait = configuration.backoff.wait(after: states[index].failures, using: &generator)
            if case .status(_, let retryAfter?) = fault {
                wait = max(wait, min(retryAfter, configuration.longestRetryAfter))
            }
            states[index].blockedUntil = now.advanced(by: wait)
        }
    }
}
