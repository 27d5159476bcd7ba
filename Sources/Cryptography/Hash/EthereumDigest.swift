package import Primitives

/// A digest that an Ethereum key signs.
///
/// Its conforming types are made from what they commit to, never from 32 bytes that somebody else hashed.
package protocol EthereumDigest: Hashable, Sendable {
    /// Keccak-256 of the preimage.
    var digest: Digest { get }
}

/// The EIP-712 digest of a typed statement: what the group key signs, and what the contract recomputes.
package struct StatementDigest: EthereumDigest {
    /// Keccak-256 of the preimage.
    package let digest: Digest

    /// `keccak256(0x19 || 0x01 || domainSeparator || structHash)`.
    ///
    /// The domain separator names chain and contract; the struct hash begins with the statement's type hash.
    package init(domainSeparator: Digest, structHash: Digest) {
        var hash = Keccak256()
        hash.update([0x19, 0x01])
        hash.update(domainSeparator)
        hash.update(structHash)
        digest = hash.finalize()
    }
}

extension StatementDigest: CustomStringConvertible {
    package var description: String { digest.description }
}

/// The signing hash of an EIP-1559 transaction.
package struct TransactionDigest: EthereumDigest {
    /// Keccak-256 of the preimage.
    package let digest: Digest

    /// `keccak256(0x02 || rlp([chainId, nonce, ..., accessList]))` of a payload without its leading type byte.
    ///
    /// The type byte keeps transactions apart from statements, which begin with 0x19.
    package init(unsignedPayload: [UInt8]) {
        var hash = Keccak256()
        hash.update([0x02])
        hash.update(unsignedPayload)
        digest = hash.finalize()
    }
}

extension TransactionDigest: CustomStringConvertible {
    package var description: String { digest.description }
}
