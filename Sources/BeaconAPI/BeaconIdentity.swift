package import KeyOperations
package import Primitives

/// By what a beacon chain is recognised at a node.
package struct BeaconIdentity: Hashable, Sendable {
    /// Versions and root, to which everything a validator signs is bound.
    package var network: BeaconNetwork
    /// The execution chain; `nil` takes any.
    package var chainId: UInt64?
    /// Where deposits are made; `nil` takes any contract.
    package var depositContract: Address?

    /// What a node must show.
    package init(network: BeaconNetwork, chainId: UInt64? = nil, depositContract: Address? = nil) {
        self.network = network
        self.chainId = chainId
        self.depositContract = depositContract
    }

    /// What is wrong with what a node has shown, or `nil` when it fits.
    package func fault(_ genesis: BeaconGenesis, _ rules: BeaconRules) -> String? {
        guard genesis.forkVersion == network.genesisForkVersion else {
            return "has genesis version 0x\(genesis.forkVersion.hex), not 0x\(network.genesisForkVersion.hex)"
        }
        guard rules.genesisForkVersion == genesis.forkVersion else {
            return
                "names two genesis versions, 0x\(genesis.forkVersion.hex) and 0x\(rules.genesisForkVersion.hex)"
        }
        guard rules.capellaForkVersion == network.capellaForkVersion else {
            return
                "has Capella version 0x\(rules.capellaForkVersion.hex), not 0x\(network.capellaForkVersion.hex)"
        }
        guard genesis.validatorsRoot == network.genesisValidatorsRoot else {
            return "began with the validators \(genesis.validatorsRoot), not \(network.genesisValidatorsRoot)"
        }
        if let chainId, rules.chainId != chainId {
            return "takes deposits from chain \(rules.chainId), not \(chainId)"
        }
        if let depositContract, rules.depositContract != depositContract {
            return "takes deposits from 0x\(rules.depositContract.hex), not 0x\(depositContract.hex)"
        }
        return nil
    }
}
