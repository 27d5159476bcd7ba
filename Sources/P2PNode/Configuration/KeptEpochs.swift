/// Of how many past epochs the entries of the members' logs are kept, beside those of the present one.
package enum KeptEpochs: Hashable, Sendable {
    /// Of all.
    case all
    /// Of so many, the newest, at least one: who is late with what an epoch ends with still finds it.
    case newest(UInt64)

    /// How many; `nil` for all.
    var number: UInt64? {
        switch self {
        case .all: nil
        case .newest(let number): number
        }
    }
}
