package import Primitives

/// Who takes part in an attempt, with the keys it has on chain.
package struct PlannedOperator: SSZContainer {
    /// Its number.
    package var id: OperatorID
    /// Signs what it says.
    package var identity: Identity
    /// Keccak-256 of the text by which SSV calls its RSA key; zero when it has none.
    package var sharesKeyHash: Digest

    /// Joins the three.
    package init(id: OperatorID, identity: Identity, sharesKeyHash: Digest) {
        self.id = id
        self.identity = identity
        self.sharesKeyHash = sharesKeyHash
    }

    /// An operator as the chain knows it.
    package init(_ record: OperatorRecord) {
        self.init(id: record.id, identity: record.identity, sharesKeyHash: record.sharesKeyHash)
    }

    package static let fields = [
        SSZField("id", OperatorID.self),
        SSZField("identity", Identity.self),
        SSZField("shares_key_hash", Digest.self),
    ]

    package func visit(_ visitor: inout SSZFieldVisitor) {
        visitor.field(id)
        visitor.field(identity)
        visitor.field(sharesKeyHash)
    }

    package init(fields reader: inout SSZFieldReader) throws(SSZError) {
        id = try reader.field()
        identity = try reader.field()
        sharesKeyHash = try reader.field()
    }
}

/// The beacon chain that an operation is for, so that its transcript can be checked from itself alone.
package struct PlannedNetwork: SSZContainer {
    /// The network's name in UTF-8, for the files of other tools.
    package var name: ByteList<32>
    /// `GENESIS_FORK_VERSION`.
    package var genesisForkVersion: ForkVersion
    /// `CAPELLA_FORK_VERSION`.
    package var capellaForkVersion: ForkVersion
    /// The root of the validators at genesis.
    package var genesisValidatorsRoot: Digest

    /// Takes over a network; a name of more than 32 bytes is left out.
    package init(_ network: BeaconNetwork) {
        name = ByteList<32>(Array(network.name.utf8)) ?? ByteList<32>()
        genesisForkVersion = network.genesisForkVersion
        capellaForkVersion = network.capellaForkVersion
        genesisValidatorsRoot = network.genesisValidatorsRoot
    }

    /// The network.
    package var network: BeaconNetwork {
        BeaconNetwork(
            name: String(decoding: name.bytes, as: UTF8.self),
            genesisForkVersion: genesisForkVersion,
            capellaForkVersion: capellaForkVersion,
            genesisValidatorsRoot: genesisValidatorsRoot
        )
    }

    package static let fields = [
        SSZField("name", ByteList<32>.self),
        SSZField("genesis_fork_version", ForkVersion.self),
        SSZField("capella_fork_version", ForkVersion.self),
        SSZField("genesis_validators_root", Digest.self),
    ]

    package func visit(_ visitor: inout SSZFieldVisitor) {
        visitor.field(name)
        visitor.field(genesisForkVersion)
        visitor.field(capellaForkVersion)
        visitor.field(genesisValidatorsRoot)
    }

    package init(fields reader: inout SSZFieldReader) throws(SSZError) {
        name = try reader.field()
        genesisForkVersion = try reader.field()
        capellaForkVersion = try reader.field()
        genesisValidatorsRoot = try reader.field()
    }
}
