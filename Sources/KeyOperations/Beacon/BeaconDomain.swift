package import Primitives

/// What a validator's signature is bound to beside the message: `compute_domain` of the consensus specifications.
package struct BeaconDomain: Hashable, Sendable {
    /// Domain type, then the first 28 bytes of the fork data's root.
    package let bytes: FixedBytes<BeaconTag.Domain, 32>

    /// Of deposits (`DOMAIN_DEPOSIT`): any fork, any chain with the same genesis version.
    package static func deposit(on network: BeaconNetwork) -> BeaconDomain {
        BeaconDomain(type: 3, ForkData(version: network.genesisForkVersion, validators: Digest()))
    }

    /// Of voluntary exits (`DOMAIN_VOLUNTARY_EXIT`), by EIP-7044 bound to Capella whatever fork is in force.
    package static func voluntaryExit(on network: BeaconNetwork) -> BeaconDomain {
        let fork = ForkData(version: network.capellaForkVersion, validators: network.genesisValidatorsRoot)
        return BeaconDomain(type: 4, fork)
    }

    private init(type: UInt8, _ fork: ForkData) {
        let root = fork.hashTreeRoot()
        var bytes = FixedBytes<BeaconTag.Domain, 32>()
        bytes[0] = type
        for index in 0..<28 { bytes[4 + index] = root[index] }
        self.bytes = bytes
    }
}

/// `ForkData` of the consensus specifications, phase 0.
private struct ForkData: SSZContainer {
    let version: ForkVersion
    let validators: Digest

    init(version: ForkVersion, validators: Digest) {
        self.version = version
        self.validators = validators
    }

    static let fields = [
        SSZField("current_version", ForkVersion.self),
        SSZField("genesis_validators_root", Digest.self),
    ]

    func visit(_ visitor: inout SSZFieldVisitor) {
        visitor.field(version)
        visitor.field(validators)
    }

    init(fields reader: inout SSZFieldReader) throws(SSZError) {
        version = try reader.field()
        validators = try reader.field()
    }
}
