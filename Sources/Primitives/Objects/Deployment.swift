/// The one deployment that a signature is meant for.
///
/// Nothing signed for one counts in another.
package struct Deployment: SSZContainer {
    /// The EIP-155 chain id.
    package var chainId: UInt64
    /// The hash of the chain's genesis block, which tells two test chains of one id apart.
    package var genesis: Digest
    /// The registry contract.
    package var registry: Address
    /// The version of the peer-to-peer protocol.
    package var protocolVersion: UInt16

    /// The protocol version this code speaks.
    package static let currentProtocolVersion: UInt16 = 1

    /// A deployment under the current protocol version.
    package init(chainId: UInt64, genesis: Digest, registry: Address) {
        self.chainId = chainId
        self.genesis = genesis
        self.registry = registry
        protocolVersion = Self.currentProtocolVersion
    }

    package static let fields = [
        SSZField("chain_id", UInt64.self),
        SSZField("genesis", Digest.self),
        SSZField("registry", Address.self),
        SSZField("protocol_version", UInt16.self),
    ]

    package func visit(_ visitor: inout SSZFieldVisitor) {
        visitor.field(chainId)
        visitor.field(genesis)
        visitor.field(registry)
        visitor.field(protocolVersion)
    }

    package init(fields reader: inout SSZFieldReader) throws(SSZError) {
        chainId = try reader.field()
        genesis = try reader.field()
        registry = try reader.field()
        protocolVersion = try reader.field()
    }
}

/// The signing domains of a deployment: for each type, four bytes of its code and 28 of the deployment's root.
package struct SigningDomains: Hashable, Sendable {
    /// The deployment the domains belong to.
    package let deployment: Deployment
    private let root: Digest

    /// Computes the deployment's root once.
    package init(_ deployment: Deployment) {
        self.deployment = deployment
        root = deployment.hashTreeRoot()
    }

    /// `kind || 0x000000 || hash_tree_root(deployment)[0..<28]`.
    package subscript(kind: ObjectKind) -> Digest {
        domain(of: kind.rawValue)
    }

    /// The domain of a ``Checkpoint``, which is no object: its code is 64, beyond those of the kinds.
    package var checkpoint: Digest {
        domain(of: 64)
    }

    /// The domain of an ``OperatorMessage``, whose author is no member: its code is 65.
    package var operatorMessage: Digest {
        domain(of: 65)
    }

    private func domain(of code: UInt8) -> Digest {
        var domain = Digest()
        domain[0] = code
        for index in 0..<28 { domain[index + 4] = root[index] }
        return domain
    }
}
