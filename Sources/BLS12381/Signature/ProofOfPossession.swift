internal import Primitives

/// A proof that the holder of a public key knows its secret key: a signature of the key itself under a tag of its own
/// (sections 3.3.2 and 3.3.3 of the draft).
package struct ProofOfPossession: Sendable, Equatable {
    private let element: G2

    init(_ element: G2) {
        self.element = element
    }

    /// Decodes a proof, or answers `nil` when the bytes are not an element of G2.
    package init?(_ bytes: G2Bytes) {
        guard let element = G2(bytes) else { return nil }
        self.element = element
    }

    /// The encoding.
    package var bytes: G2Bytes { element.compressed }

    /// Whether it proves possession of the key.
    package func isValid(for key: PublicKey) -> Bool {
        Suite.isValid(element, of: HashToG2.hash(key.bytes.array, tag: Suite.possession), by: key.element)
    }
}
