internal import KeyOperations
internal import Primitives

extension Setting where Value == BeaconNetwork {
    /// A known network's name, or a name, the versions of genesis and Capella and the root of the validators at genesis.
    static var network: Setting {
        Setting(
            "mainnet, hoodi, or NAME:GENESIS_FORK_VERSION:CAPELLA_FORK_VERSION:GENESIS_VALIDATORS_ROOT in hexadecimal"
        ) { text, _ in
            switch text {
            case "mainnet": return .mainnet
            case "hoodi": return .hoodi
            default: break
            }
            let parts = text.split(separator: ":", omittingEmptySubsequences: false)
            guard parts.count == 4, (1...32).contains(parts[0].utf8.count),
                parts[0].utf8.allSatisfy({ $0 > 0x20 && $0 < 0x7f }),
                let genesis = ForkVersion(hex: parts[1]), let capella = ForkVersion(hex: parts[2]),
                let root = Digest(hex: parts[3])
            else { return nil }
            return BeaconNetwork(
                name: String(parts[0]),
                genesisForkVersion: genesis,
                capellaForkVersion: capella,
                genesisValidatorsRoot: root
            )
        }
    }
}
