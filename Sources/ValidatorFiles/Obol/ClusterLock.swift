package import BLS12381
package import Primitives

/// The file `cluster-lock.json` of Obol's charon, versions 1.7 to 1.10: who holds which share of which validators.
///
/// Read and verified, not written: a lock is made by all nodes of a cluster together.
package struct ClusterLock: Hashable, Sendable {
    /// What was agreed on before the keys were made.
    package var definition: ClusterDefinition
    /// The validators, as many as the definition says.
    package var validators: [Validator]
    /// The hash of definition and validators, as stated.
    package var lockHash: Digest
    /// The sum of the signatures of the lock's hash by every share of every validator.
    package var signatureAggregate: G2Bytes
    /// Each node's signature of the lock's hash, in the order of operators; empty in locks made without nodes.
    package var nodeSignatures: [[UInt8]]

    /// How many bytes a file has at most.
    package static let mostBytes = 16_777_216
    /// How many validators a lock has at most here; each costs some milliseconds.
    package static let mostValidators = 1_000
    /// How many operators a lock has at most.
    package static let mostOperators = 256

    /// A validator with its shares.
    package struct Validator: Hashable, Sendable {
        /// The validator's key.
        package var publicKey: G1Bytes
        /// The public keys of the shares of nodes 1, 2, ….
        package var publicShares: [G1Bytes]
        /// Its deposits; partial ones are to be made one after the other.
        package var deposits: [Deposit]
        /// What it tells builders of blocks.
        package var registration: Registration
    }

    /// A deposit; all zero where the lock has none.
    package struct Deposit: Hashable, Sendable {
        var publicKey = G1Bytes()
        var withdrawalCredentials = Digest()
        var amount: UInt64 = 0
        var signature = G2Bytes()

        var isThere: Bool { self != Deposit() }

        var root: Digest {
            ClusterHash.container([
                publicKey.hashTreeRoot(), withdrawalCredentials.hashTreeRoot(), amount.hashTreeRoot(),
                signature.hashTreeRoot(),
            ])
        }
    }

    /// A registration with builders of blocks.
    package struct Registration: Hashable, Sendable {
        var feeRecipient: Address
        var gasLimit: UInt64
        var timestamp: UInt64
        var publicKey: G1Bytes
        var signature: G2Bytes

        var messageRoot: Digest {
            ClusterHash.container([
                feeRecipient.hashTreeRoot(), gasLimit.hashTreeRoot(), timestamp.hashTreeRoot(),
                publicKey.hashTreeRoot(),
            ])
        }

        var root: Digest { ClusterHash.container([messageRoot, signature.hashTreeRoot()]) }
    }

    /// What the lock's hash is by its content.
    package var computedHash: Digest {
        let version = definition.version
        let roots = validators.map { validator in
            let shares = validator.publicShares.map { $0.hashTreeRoot() }
            let deposits = validator.deposits.map(\.root)
            return ClusterHash.container([
                validator.publicKey.hashTreeRoot(),
                ClusterHash.list(shares, limit: 256),
                version < .v1_8 ? deposits[0] : ClusterHash.list(deposits, limit: 256),
                validator.registration.root,
            ])
        }
        return ClusterHash.container([definition.computedHash, ClusterHash.list(roots, limit: 65_536)])
    }
}
