package import KeyOperations
internal import Primitives

/// The beacon chains that files may name.
///
/// Those that ``KeyOperations/BeaconNetwork`` knows, and the older ones of which files are still about.
package struct KnownNetworks: Sendable {
    /// All of them; no two have one name or one genesis version.
    package let networks: [BeaconNetwork]

    /// The public networks, and others of one's own, which take precedence.
    package init(_ others: [BeaconNetwork] = []) {
        let known = others + [.mainnet, .hoodi, Self.sepolia, Self.holesky].compactMap(\.self)
        var networks: [BeaconNetwork] = []
        for network in known
        where !networks.contains(where: {
            $0.name == network.name || $0.genesisForkVersion == network.genesisForkVersion
        }) {
            networks.append(network)
        }
        self.networks = networks
    }

    /// The network of that genesis version.
    func named(by genesis: ForkVersion) -> BeaconNetwork? {
        networks.first { $0.genesisForkVersion == genesis }
    }

    private static let sepolia = network(
        "sepolia",
        "90000069",
        "90000072",
        "d8ea171f3c94aea21ebc42a1ed61052acf3f9209c00e4efbaaddac09ed9b8078"
    )
    private static let holesky = network(
        "holesky",
        "01017000",
        "04017000",
        "9143aa7c615a7f7115e2b6aac319c03529df8242ae705fba9df39b79c59fa8b1"
    )

    private static func network(
        _ name: String,
        _ genesis: String,
        _ capella: String,
        _ validators: String
    ) -> BeaconNetwork? {
        guard let genesis = ForkVersion(hex: genesis), let capella = ForkVersion(hex: capella),
            let validators = Digest(hex: validators)
        else { return nil }
        return BeaconNetwork(
            name: name,
            genesisForkVersion: genesis,
            capellaForkVersion: capella,
            genesisValidatorsRoot: validators
        )
    }
}
