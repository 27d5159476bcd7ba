package import BLS12381
package import KeyOperations
package import Primitives

/// An answer to a ``BeaconQuery``, of the kind that the query has.
package enum BeaconValue: Hashable, Sendable {
    /// The chain's beginning.
    case genesis(BeaconGenesis)
    /// Its rules.
    case rules(BeaconRules)
    /// How far the node is.
    case sync(BeaconSync)
    /// A validator; `nil` when there is none of that key.
    case validator(ValidatorRecord?)
    /// The deposits that wait for that key, oldest first.
    case deposits([PendingDeposit])
    /// The exit is in the node's pool, and told to the network.
    case accepted

    /// What honest nodes agree on while their heads differ by a slot: not a balance, which rewards change.
    var essence: BeaconValue {
        guard case .validator(var record?) = self else { return self }
        record.balance = Gwei(rawValue: 0)
        return .validator(record)
    }
}

/// The chain's beginning, `/eth/v1/beacon/genesis`.
package struct BeaconGenesis: Hashable, Sendable {
    /// In seconds since 1970.
    package var time: UInt64
    /// The root of the validators at genesis.
    package var validatorsRoot: Digest
    /// `GENESIS_FORK_VERSION`.
    package var forkVersion: ForkVersion
}

/// What is read of `/eth/v1/config/spec`.
package struct BeaconRules: Hashable, Sendable {
    /// The configuration's name, lower case, at most 64 characters.
    package var name: String
    /// `GENESIS_FORK_VERSION`.
    package var genesisForkVersion: ForkVersion
    /// `CAPELLA_FORK_VERSION`.
    package var capellaForkVersion: ForkVersion
    /// `SLOTS_PER_EPOCH`, not 0.
    package var slotsPerEpoch: UInt64
    /// `SHARD_COMMITTEE_PERIOD`: for how many epochs a validator must have been active before it may leave.
    package var leastService: UInt64
    /// `DEPOSIT_CHAIN_ID`: the execution chain.
    package var chainId: UInt64
    /// `DEPOSIT_CONTRACT_ADDRESS`.
    package var depositContract: Address
}

/// How far a node is, `/eth/v1/node/syncing`.
package struct BeaconSync: Hashable, Sendable {
    /// The slot of its head.
    package var headSlot: UInt64
    /// How many slots it is behind, by its own count.
    package var distance: UInt64
    /// It fetches what it missed.
    package var isSyncing: Bool
    /// Its execution client has not checked the head yet.
    package var isOptimistic: Bool
    /// Its execution client does not answer.
    package var isExecutionOffline: Bool

    /// Why nothing may be concluded from what the node knows; `nil` when it is in step.
    var hindrance: String? {
        if isSyncing { return "is syncing, \(distance) slots behind" }
        if isOptimistic { return "has a head that its execution client has not checked" }
        if isExecutionOffline { return "has no execution client" }
        return nil
    }
}

/// A validator's place in its life, as the beacon API names them.
package enum ValidatorStatus: String, Hashable, Sendable, CaseIterable {
    case pendingInitialized = "pending_initialized"
    case pendingQueued = "pending_queued"
    case activeOngoing = "active_ongoing"
    case activeExiting = "active_exiting"
    case activeSlashed = "active_slashed"
    case exitedUnslashed = "exited_unslashed"
    case exitedSlashed = "exited_slashed"
    case withdrawalPossible = "withdrawal_possible"
    case withdrawalDone = "withdrawal_done"
}

/// What the chain knows of a validator.
package struct ValidatorRecord: Hashable, Sendable {
    /// Its number, which it keeps.
    package var index: UInt64
    /// Its key.
    package var publicKey: G1Bytes
    /// Where its ether goes.
    package var withdrawalCredentials: FixedBytes<BeaconTag.WithdrawalCredentials, 32>
    /// What it has, to the Gwei.
    package var balance: Gwei
    /// What it counts for.
    package var effectiveBalance: Gwei
    /// Where it stands.
    package var status: ValidatorStatus
    /// Whether it is being punished.
    package var isSlashed: Bool
    /// From when on it serves; `nil` while that is open, as are the next two.
    package var activationEpoch: UInt64?
    /// From when on it serves no longer.
    package var exitEpoch: UInt64?
    /// From when on its ether may be paid out.
    package var withdrawableEpoch: UInt64?
}

/// A deposit that waits for its turn (`PendingDeposit`).
package struct PendingDeposit: Hashable, Sendable {
    /// What was deposited.
    ///
    /// Nobody has checked its signature yet: ``KeyOperations/DepositData/fault(on:)``.
    package var deposit: DepositData
    /// The slot in which the chain heard of it.
    package var slot: UInt64
}
