package import Primitives

/// The deployment whose members link with each other, as the handshake binds it.
///
/// The epoch is not part of it: a change of members must not break links.
package struct LinkNetwork: Hashable, Sendable {
    /// `chainId u64 BE || registry 20 || genesis 32`.
    private let name: [UInt8]
    /// The first four bytes of SHA-256 of the name.
    ///
    /// Shown in clear in the preamble, so that two nodes of different deployments can say so instead of failing
    /// without a reason. Nothing rests on it: the prologue binds the whole name.
    package let hint: NetworkHint

    /// The network of a deployment.
    package init(_ deployment: Deployment) {
        var name: [UInt8] = []
        deployment.chainId.encodeBigEndian(to: &name)
        name += deployment.registry.array
        name += deployment.genesis.array
        self.name = name
        let digest = SHA256.hash(name)
        var hint = NetworkHint()
        for index in 0..<4 { hint[index] = digest[index] }
        self.hint = hint
    }

    /// `"oracle-noise/1" || the initiator's preamble || name`: what both ends of a handshake must have alike.
    package func prologue(initiator: Preamble) -> [UInt8] {
        Array("oracle-noise/1".utf8) + initiator.bytes + name
    }
}

/// Tells hints from other strings of 4 bytes.
package enum NetworkHintTag {}

/// See ``LinkNetwork/hint``.
package typealias NetworkHint = FixedBytes<NetworkHintTag, 4>
