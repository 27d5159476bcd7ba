internal import Primitives

/// Under which names the store keeps an epoch's states.
///
/// The committee's digest is part of them, so that a proposal that was replaced leaves nothing to its successor.
struct EpochNames {
    private let prefix: String

    init(_ committee: Committee) {
        prefix = "epoch.\(committee.epoch).\(committee.configDigest.hex.prefix(16))"
    }

    /// The view change's record.
    var view: StateName { StateName(rawValue: "\(prefix).view") }
    /// The votes given.
    var votes: StateName { StateName(rawValue: "\(prefix).votes") }
    /// The sealed share of the key in use.
    var share: StateName { StateName(rawValue: "\(prefix).share") }
}
