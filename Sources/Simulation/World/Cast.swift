import Cryptography
import Ethereum
import Peer
import Primitives

/// Who plays in a run: a committee with its keys, and what its rule-breakers are up to, all drawn from the seed.
struct Cast {
    let scenario: Scenario
    let seed: UInt64
    let committee: Committee
    let deployment: Deployment
    let keys: [MemberKeys]
    let byzantine: [MemberIndex]
    let strategies: [MemberIndex: [StrategyKind]]

    /// Draws a cast; `nil` when the keys drawn make no committee, which two equal ones would not.
    init?(_ scenario: Scenario, seed: UInt64) {
        var random = SplitMix64(seed: seed &* 0xD134_2543_DE82_EF95 &+ 3)
        let keys = (0..<scenario.size).map { _ in
            MemberKeys(seed: random.next(), hasCurveKeys: scenario.hasCurveKeys)
        }
        let records = keys.enumerated().map { $1.record(number: $0) }
        guard let members = SSZList<Member, 128>(records),
            let committee = try? Committee(Roster(epoch: Epoch(1), members: members))
        else { return nil }
        self.scenario = scenario
        self.seed = seed
        self.committee = committee
        self.keys = keys
        deployment =
            scenario.chain == .told
            ? Deployment(chainId: 31_337, genesis: SHA256.hash([1]), registry: Address())
            : Deployment(chainId: 31_337, genesis: LedgerBlock.genesis.hash, registry: Self.registry)
        byzantine = random.mixed(committee.indices).prefix(min(scenario.byzantine, committee.faultLimit))
            .sorted()
        let kinds = scenario.strategies.isEmpty ? StrategyKind.allCases : scenario.strategies
        var strategies: [MemberIndex: [StrategyKind]] = [:]
        for (place, member) in byzantine.enumerated() {
            let drawn = Array(random.mixed(kinds).prefix(1 + random.below(3)))
            let own = scenario.assigned.indices.contains(place) ? scenario.assigned[place] : drawn
            strategies[member] = own.sorted { $0.rawValue < $1.rawValue }
        }
        self.strategies = strategies
    }

    private static let registry = Address([UInt8](repeating: 0x5E, count: 20)) ?? Address()

    /// What the contract keeps of the members.
    var membersHash: Digest {
        scenario.chain == .told
            ? CountingHash.digest("members") : RegistryMembers.hash(committee.roster.members)
    }

    /// The members that keep to the rules.
    var honest: [MemberIndex] { committee.indices.filter { !byzantine.contains($0) } }

    /// What checks keys and ceremonies in this run.
    var cryptography: any PeerCryptography {
        scenario.hasCurveKeys
            ? CurveCryptography(deployment: deployment)
            : CountingCryptography(domain: StatementDomain(deployment))
    }
}
