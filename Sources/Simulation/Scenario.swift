/// What kind of world a seed is played in.
package struct Scenario: Hashable, Sendable {
    /// Whose arithmetic signs and checks.
    package enum Signatures: Hashable, Sendable {
        /// Hashes in the place of signatures, shares and deals, for bulk runs.
        case counted
        /// The product's.
        case real
    }

    /// How members come to know the chain.
    package enum Chain: Hashable, Sendable {
        /// They are told of its events, late or falsely perhaps.
        case told
        /// By the product's chain client over endpoints of their own.
        case client(ChainAccess)
    }

    /// What a member's chain client has to do with.
    package struct ChainAccess: Hashable, Sendable {
        /// How many endpoints.
        package var endpoints = 3
        /// How many must agree on what proves nothing by itself; fewer than that lie at a time.
        package var agreement = 2

        /// Three endpoints, of which two must agree.
        package init() {}
    }

    /// How often the world does something bad, in thousandths of the usual.
    package struct Intensity: Hashable, Sendable {
        /// Partitions, cuts, resets, loss and delay.
        package var network = 1_000
        /// Crashes, also of all at once, and restarts.
        package var crashes = 1_000
        /// Disks that fail or are slow.
        package var disks = 1_000
        /// Pauses, drifts and leaps of clocks.
        package var clocks = 1_000
        /// Reorganisations, stuck transactions, endpoints that are late, silent or lie.
        package var chain = 1_000

        /// The usual of everything.
        package init() {}

        /// Nothing bad at all.
        package static var calm: Intensity {
            var intensity = Intensity()
            intensity.network = 0
            intensity.crashes = 0
            intensity.disks = 0
            intensity.clocks = 0
            intensity.chain = 0
            return intensity
        }
    }

    /// How many members the committee has; at least 4.
    package var size: Int
    /// How many of them break the rules; at most f.
    package var byzantine: Int
    /// How long the bad times last.
    package var badTimes: Duration = .seconds(60)
    /// How long members may take to agree on a certified leader once the world is kind.
    package var patience: Duration = .seconds(180)
    /// How long the leader must then stay.
    package var watch: Duration = .seconds(15)
    /// How bad the times are.
    package var intensity = Intensity()
    /// What the rule-breakers may do, of which each draws its share.
    ///
    /// Empty: everything.
    package var strategies: [StrategyKind] = []
    /// What each of them does, in the order of their positions, in place of what it would draw.
    ///
    /// Empty: each draws.
    package var assigned: [[StrategyKind]] = []
    /// Whether one honest member flaps while the leader is watched.
    package var isFlapping = true
    /// How votes are signed.
    package var signatures = Signatures.counted
    /// How members come to know the chain.
    package var chain = Chain.told

    /// A committee and its rule-breakers, in bad times of the usual length.
    package init(size: Int, byzantine: Int = 0) {
        self.size = size
        self.byzantine = byzantine
    }

    /// The greatest number of rule-breakers that the protocol bears.
    package var faultLimit: Int { (size - 1) / 3 }

    /// Whether group keys, accounts and their signatures are the product's: what is on a chain proves itself by them.
    var hasCurveKeys: Bool { signatures == .real || chain != .told }
}
