package import Primitives

/// A version of the beacon chain's rules, four bytes.
package typealias ForkVersion = FixedBytes<BeaconTag.ForkVersion, 4>

/// Tells bytes of the beacon chain from others of their length.
package enum BeaconTag {
    /// Of ``Primitives/FixedBytes`` that are a fork version.
    package enum ForkVersion {}
    /// Of those that are a domain.
    package enum Domain {}
    /// Of those that are withdrawal credentials.
    package enum WithdrawalCredentials {}
}

/// What tells one beacon chain from another for whoever signs as a validator.
///
/// The constants are those of the networks' published configurations.
package struct BeaconNetwork: Hashable, Sendable {
    /// The network's name in the files of the deposit tools, lower case.
    package let name: String
    /// `GENESIS_FORK_VERSION`, to which deposits are bound.
    package let genesisForkVersion: ForkVersion
    /// `CAPELLA_FORK_VERSION`, to which exits are bound for ever (EIP-7044).
    package let capellaForkVersion: ForkVersion
    /// The root of the validators at genesis.
    package let genesisValidatorsRoot: Digest

    /// A network of one's own, such as a local testnet.
    package init(
        name: String,
        genesisForkVersion: ForkVersion,
        capellaForkVersion: ForkVersion,
        genesisValidatorsRoot: Digest
    ) {
        self.name = name
        self.genesisForkVersion = genesisForkVersion
        self.capellaForkVersion = capellaForkVersion
        self.genesisValidatorsRoot = genesisValidatorsRoot
    }

    /// Ethereum's main network.
    package static let mainnet = BeaconNetwork(
        name: "mainnet",
        genesis: [0, 0, 0, 0],
        capella: [3, 0, 0, 0],
        validators: [
            0x4b, 0x36, 0x3d, 0xb9, 0x4e, 0x28, 0x61, 0x20, 0xd7, 0x6e, 0xb9, 0x05, 0x34, 0x0f, 0xdd, 0x4e,
            0x54, 0xbf, 0xe9, 0xf0, 0x6b, 0xf3, 0x3f, 0xf6, 0xcf, 0x5a, 0xd2, 0x7f, 0x51, 0x1b, 0xfe, 0x95,
        ]
    )

    /// The test network Hoodi.
    package static let hoodi = BeaconNetwork(
        name: "hoodi",
        genesis: [0x10, 0x00, 0x09, 0x10],
        capella: [0x40, 0x00, 0x09, 0x10],
        validators: [
            0x21, 0x2f, 0x13, 0xfc, 0x4d, 0xf0, 0x78, 0xb6, 0xcb, 0x7d, 0xb2, 0x28, 0xf1, 0xc8, 0x30, 0x75,
            0x66, 0xdc, 0xec, 0xf9, 0x00, 0x86, 0x74, 0x01, 0xa9, 0x20, 0x23, 0xd7, 0xba, 0x99, 0xcb, 0x5f,
        ]
    )

    private init(
        name: String,
        genesis: InlineArray<4, UInt8>,
        capella: InlineArray<4, UInt8>,
        validators: InlineArray<32, UInt8>
    ) {
        self.init(
            name: name,
            genesisForkVersion: ForkVersion(genesis),
            capellaForkVersion: ForkVersion(capella),
            genesisValidatorsRoot: Digest(validators)
        )
    }
}
