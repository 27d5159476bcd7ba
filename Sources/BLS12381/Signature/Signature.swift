internal import Primitives

/// A signature: an element of G2.
package struct Signature: Sendable, Equatable {
    /// The signature as an element of the group.
    package let element: G2

    /// Takes an element, for instance one interpolated from partial signatures.
    package init(_ element: G2) {
        self.element = element
    }

    /// Decodes a signature, or answers `nil` when the bytes are not an element of G2.
    package init?(_ bytes: G2Bytes) {
        guard let element = G2(bytes) else { return nil }
        self.element = element
    }

    /// The encoding.
    package var bytes: G2Bytes { element.compressed }

    /// The sum of signatures, valid for all of their messages; `nil` for none.
    package static func aggregate(_ signatures: [Signature]) -> Signature? {
        guard !signatures.isEmpty else { return nil }
        return Signature(G2(signatures.reduce(Point<G2Curve>.identity) { $0 + $1.element.point }))
    }

    /// Whether the holder of the key has signed the message: `CoreVerify`, section 2.7 of the draft.
    package func isValid(for message: [UInt8], by key: PublicKey) -> Bool {
        Suite.isValid(element, of: HashToG2.hash(message, tag: Suite.signature), by: key.element)
    }

    /// Whether all holders have signed the one message: `FastAggregateVerify`, section 3.3.4.
    ///
    /// False for no keys. Sound only for keys whose holders have proved possession.
    package func isValid(for message: [UInt8], byAll keys: [PublicKey]) -> Bool {
        PublicKey.aggregate(keys).map { isValid(for: message, by: $0) } ?? false
    }

    /// Whether each message is signed by its key: `CoreAggregateVerify`, section 2.9.
    ///
    /// False for no messages. Messages may repeat: sound only for keys whose holders have proved possession.
    package func isValid(for messages: [(message: [UInt8], key: PublicKey)]) -> Bool {
        guard !messages.isEmpty else { return false }
        var pairs = messages.map { message, key in
            (key.element.point, HashToG2.hash(message, tag: Suite.signature))
        }
        pairs.append((-.generator, element.point))
        return Pairing.isProductOne(pairs)
    }
}

extension Signature: CustomStringConvertible {
    package var description: String { bytes.description }
}
