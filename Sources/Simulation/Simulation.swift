import Primitives

/// Whole committees in a hostile world that one seed decides.
package enum Simulation {
    /// Plays one seed to its end.
    ///
    /// Equal arguments give equal reports, to the last bit of ``Report/traceHash``.
    ///
    /// - Parameters:
    ///   - scenario: What kind of world it is.
    ///   - seed: Decides everything in it.
    ///   - plan: What happens, in place of what the seed would have; for playing a plan that was cut down.
    ///   - keepsTrace: Whether the report tells what happened.
    ///   - players: Makes the processes of members that count as honest; `nil` for the product's machines.
    /// - Returns: What came of it.
    package static func run(
        _ scenario: Scenario,
        seed: UInt64,
        plan: FaultPlan? = nil,
        keepsTrace: Bool = false,
        players: ((Seat) -> any Player)? = nil
    ) -> Report {
        guard let cast = Cast(scenario, seed: seed) else {
            preconditionFailure("a scenario wants 4 to 127 members")
        }
        let plan = plan ?? .drawn(for: scenario, honest: cast.honest, seed: seed)
        let conspiracy = Conspiracy(cast)
        let world = World(
            cast,
            plan: plan,
            conspiracy: conspiracy,
            makePlayer: { seat in
                guard let kinds = cast.strategies[seat.member] else {
                    return players?(seat) ?? HonestPlayer(seat)
                }
                let impostor = Impostor(seat, kinds, conspiracy)
                return kinds.contains(.twin) ? Twins(impostor, HonestPlayer(seat), seat.committee) : impostor
            },
            keepsTrace: keepsTrace
        )
        return world.run()
    }

    /// What a seed has in store, without playing it.
    package static func plan(_ scenario: Scenario, seed: UInt64) -> FaultPlan {
        guard let cast = Cast(scenario, seed: seed) else {
            preconditionFailure("a scenario wants 4 to 127 members")
        }
        return .drawn(for: scenario, honest: cast.honest, seed: seed)
    }
}
