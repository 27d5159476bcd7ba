/// Why a member does not trust what it hears, or rather does not hear.
package enum Doubt: Hashable, Sendable, CustomStringConvertible {
    /// It has started and not yet seen a quorum for long enough.
    case starting
    /// Too few members are fresh, itself counted.
    case tooFewFresh(Int, needed: Int)
    /// A quorum is fresh again, but only just, or the node itself was held up.
    case unsteady

    package var description: String {
        switch self {
        case .starting: "still starting: a quorum has not been heard for long enough"
        case .tooFewFresh(let count, let needed): "only \(count) members are fresh, \(needed) are needed"
        case .unsteady: "a quorum is heard again, but only just"
        }
    }
}
