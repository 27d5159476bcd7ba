internal import Primitives

/// A public key: an element of G1 other than the identity (`KeyValidate`, section 2.5 of the draft).
package struct PublicKey: Sendable, Equatable {
    /// The key as an element of the group.
    package let element: G1

    /// Decodes and validates a key.
    ///
    /// Takes about 0.1 ms, so a key is decoded once and kept.
    package init?(_ bytes: G1Bytes) {
        guard let element = G1(bytes) else { return nil }
        self.init(element)
    }

    /// Takes an element, or answers `nil` for the identity, under which anyone can sign.
    package init?(_ element: G1) {
        guard !element.isIdentity else { return nil }
        self.element = element
    }

    /// A key made from a secret that is not 0, so that nothing is left to check.
    init(nonzero element: G1) {
        self.element = element
    }

    /// The encoding.
    package var bytes: G1Bytes { element.compressed }

    /// The key that aggregated signatures of all holders verify under; `nil` for no keys, or when they cancel out.
    ///
    /// Sound only for keys whose holders have proved possession.
    package static func aggregate(_ keys: [PublicKey]) -> PublicKey? {
        PublicKey(G1(keys.reduce(Point<G1Curve>.identity) { $0 + $1.element.point }))
    }
}

extension PublicKey: CustomStringConvertible {
    package var description: String { bytes.description }
}
