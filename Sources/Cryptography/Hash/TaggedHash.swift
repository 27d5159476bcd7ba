package import Primitives

/// The tagged hash of BIP-340: `sha256(sha256(tag) || sha256(tag) || message)`.
///
/// For public messages only.
package enum TaggedHash {
    /// The hash of a message under a tag that no other kind of message uses.
    package static func hash(_ message: [UInt8], tag: StaticString) -> Digest {
        var tagHash = SHA256()
        tagHash.update(tag)
        let prefix = tagHash.finalize()
        var hash = SHA256()
        hash.update(prefix)
        hash.update(prefix)
        hash.update(message)
        return hash.finalize()
    }
}
