/// Why a question to the beacon chain has no answer now.
///
/// Asking again later may help, except where an exit is refused.
package enum BeaconError: Error, Hashable, Sendable, CustomStringConvertible {
    /// Not enough nodes have answered; what is wrong with the others, by name.
    case unavailable([String: String])
    /// Nodes contradict one another.
    case disagreement
    /// No node took the exit; their reasons by name.
    case refused([String: BeaconRefusal])

    package var description: String {
        switch self {
        case .unavailable(let faults):
            "not enough beacon nodes answer" + Self.list(faults)
        case .disagreement: "the beacon nodes contradict one another"
        case .refused(let refusals): "the beacon nodes refuse the exit" + Self.list(refusals)
        }
    }

    private static func list(_ reasons: [String: some CustomStringConvertible]) -> String {
        reasons.isEmpty
            ? ""
            : ": "
                + reasons.sorted { $0.key < $1.key }.map { "\($0.key) \($0.value)" }.joined(separator: "; ")
    }
}
