package import BLS12381
internal import Ethereum
package import KeyOperations
internal import Primitives

/// A question to a node of the beacon chain, or an exit handed to it.
package enum BeaconQuery: Hashable, Sendable {
    /// Since when the chain is, and its validators' first root.
    case genesis
    /// The configuration, of which only what ``BeaconRules`` names is read.
    case rules
    /// How far the node is.
    case sync
    /// A validator in the head state.
    case validator(G1Bytes)
    /// The deposits for a key that wait in the head state.
    case pendingDeposits(G1Bytes)
    /// A signed exit for the pool.
    case submit(SignedVoluntaryExit)

    /// How long an ordinary reply may be.
    static let replyLimit = 1 << 20
    /// How long the queue of deposits may be as SSZ: 174,762 of them, of 32 ether each 5.6 million.
    ///
    /// A node that sends JSON keeps to ``replyLimit``.
    static let queueLimit = 32 << 20

    /// The request that asks it.
    ///
    /// Validators are asked for by the list's filter, not by `…/validators/{id}`: an empty list says that there is none,
    /// where a 404 may also come from whatever stands before the node.
    package var request: BeaconRequest {
        switch self {
        case .genesis: Self.get("/eth/v1/beacon/genesis")
        case .rules: Self.get("/eth/v1/config/spec")
        case .sync: Self.get("/eth/v1/node/syncing")
        case .validator(let key): Self.get("/eth/v1/beacon/states/head/validators?id=0x" + key.hex)
        case .pendingDeposits:
            BeaconRequest(
                path: "/eth/v1/beacon/states/head/pending_deposits",
                acceptsSSZ: true,
                limit: Self.queueLimit
            )
        case .submit(let exit):
            BeaconRequest(
                path: "/eth/v1/beacon/pool/voluntary_exits",
                body: exit.json.encoded,
                acceptsSSZ: false,
                limit: Self.replyLimit
            )
        }
    }

    /// Whether the answer follows from the head, so that only who is in step with it may give it.
    var isOfHead: Bool {
        switch self {
        case .genesis, .rules, .sync: false
        case .validator, .pendingDeposits, .submit: true
        }
    }

    private static func get(_ path: String) -> BeaconRequest {
        BeaconRequest(path: path, acceptsSSZ: false, limit: replyLimit)
    }
}

/// A voluntary exit with the validator's signature (`SignedVoluntaryExit`).
package struct SignedVoluntaryExit: Hashable, Sendable {
    /// What was signed.
    package var message: VoluntaryExit
    /// The validator's signature over ``KeyOperations/ValidatorStatement/exit(_:)``.
    package var signature: G2Bytes

    /// Joins the two; nothing is checked.
    package init(message: VoluntaryExit, signature: G2Bytes) {
        self.message = message
        self.signature = signature
    }

    /// As the beacon API takes it.
    var json: JSON {
        .object([
            "message": .object([
                "epoch": .string(String(message.epoch)),
                "validator_index": .string(String(message.validatorIndex)),
            ]),
            "signature": .string("0x" + signature.hex),
        ])
    }
}
