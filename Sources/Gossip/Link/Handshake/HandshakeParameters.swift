package import Cryptography
package import Primitives

/// What a node brings to each of its handshakes.
package struct HandshakeParameters: Sendable {
    /// The deployment whose members it links with.
    package var network: LinkNetwork
    /// The key it proves to have.
    package var identity: IdentityKey
    /// The X25519 key of this process.
    package var staticKey: LinkKeyPair
    /// Whom it links with: the members of the committees it serves, as known when the connection began.
    package var admissible: Set<Identity>

    /// Joins them.
    package init(
        network: LinkNetwork,
        identity: IdentityKey,
        staticKey: LinkKeyPair,
        admissible: Set<Identity>
    ) {
        self.network = network
        self.identity = identity
        self.staticKey = staticKey
        self.admissible = admissible
    }
}
