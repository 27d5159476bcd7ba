package import Ethereum
package import KeyOperations
package import Primitives
package import SystemPackage

/// How an oracle oversees operations on validators' keys.
package struct Overseeing: Hashable, Sendable {
    /// The contract.
    package var contract: Address
    /// The beacon chain.
    package var network: BeaconNetwork
    /// Its nodes; without one no exit is signed, and nobody knows of earlier deposits.
    package var beacon: [RPCEndpoint]
    /// Where the files of finished operations are written.
    package var files: FilePath
    /// How long an operator's next word may take.
    package var patience: Duration

    /// Joins the parts.
    package init(
        contract: Address,
        network: BeaconNetwork,
        beacon: [RPCEndpoint],
        files: FilePath,
        patience: Duration
    ) {
        self.contract = contract
        self.network = network
        self.beacon = beacon
        self.files = files
        self.patience = patience
    }
}
