package import Primitives

/// A group of prime order in which keys are generated and shared.
///
/// The sharing (``SharingSession``) is one for all groups; what differs is collected here: how numbers and elements are
/// written, and how one computes with them. An `Element` is never the identity: what may vanish is optional. Functions
/// on a `Secret` take a time that does not depend on it and leave nothing of it outside ``SecretMemory``.
package protocol SharingGroup: Sendable {
    /// Who deals or receives: a number, where the polynomial is evaluated for a holder.
    associatedtype Index: SSZValue & Comparable & CustomStringConvertible
    /// A public number modulo the group's order.
    associatedtype Scalar: Equatable & Sendable
    /// A secret number modulo the group's order.
    associatedtype Secret: Sendable
    /// A public element other than the identity.
    associatedtype Element: Equatable & Sendable
    /// The encoding of a number.
    associatedtype ScalarBytes: SSZValue
    /// The encoding of an element.
    associatedtype ElementBytes: SSZValue
    /// Shows that somebody knows the secret of an element.
    associatedtype PossessionProof: SSZValue
    /// All that is public about a key that was shared.
    associatedtype SharedKey: Sendable
    /// Why a group element cannot be such a key.
    associatedtype KeyFault: Error & Hashable
    /// A holder's share of a key.
    associatedtype Share: Sendable
    /// The key to which shares are encrypted.
    associatedtype EncryptionKey: Sendable

    /// The curve's name in messages.
    static var name: String { get }
    /// What tells the group's containers from those of the committee's key, which have none.
    static var containerPrefix: String { get }
    /// Under which hashes are taken, so that none serves two ends.
    static var tags: SharingTags { get }

    // MARK: Numbers

    /// An index as hashes take it, big-endian; all zero for zero.
    static func bytes(of index: Index) -> [UInt8]
    /// With which values at the indices, all different and not zero, add up to the value at zero.
    static func weights(of indices: [Index]) -> [Scalar]
    /// Decodes a number, or answers `nil` when it is not below the order.
    static func scalar(_ bytes: ScalarBytes) -> Scalar?
    /// Encodes a number.
    static func bytes(of scalar: Scalar) -> ScalarBytes
    /// The difference modulo the order.
    static func difference(_ left: Scalar, _ right: Scalar) -> Scalar
    /// `hash_to_field` (RFC 9380, L = 48) of a public message.
    static func hash(_ message: [UInt8], tag: [UInt8]) -> Scalar

    // MARK: Public elements

    /// Decodes an element, or answers `nil` for what is none or the identity.
    static func element(_ bytes: ElementBytes) -> Element?
    /// Encodes an element.
    static func bytes(of element: Element) -> ElementBytes
    /// A multiple of the generator.
    static func generator(times scalar: Scalar) -> Element?
    /// The sum of elements, `nil` for the identity.
    static func sum(_ elements: [Element]) -> Element?
    /// The sum of multiples, `nil` for the identity.
    static func sum(_ terms: [(element: Element, factor: Scalar)]) -> Element?
    /// `z G - c element`, `nil` for the identity.
    static func difference(_ z: Scalar, minus c: Scalar, times element: Element) -> Element?
    /// `z base - c element`, `nil` for the identity.
    static func difference(_ z: Scalar, of base: Element, minus c: Scalar, times element: Element) -> Element?
    /// The value of a polynomial, given times the generator, at an index; the constant term comes first.
    static func value(of coefficients: [Element], at index: Index) -> Element?

    // MARK: Secrets

    /// A uniformly random number other than zero.
    static func secret(random: inout some SecureRandom) -> Secret
    /// The encoding, 32 bytes.
    static func encoding(of secret: Secret) -> SecretBytes
    /// Makes a number public that another secret masks.
    static func published(_ secret: Secret) -> Scalar
    /// The sum of numbers, each multiplied if there are weights.
    static func sum(_ secrets: [Secret], weights: [Scalar]?) -> Secret
    /// `left + right factor`.
    static func sum(_ left: Secret, _ right: Secret, times factor: Scalar) -> Secret
    /// `number - secret`.
    static func difference(_ number: Scalar, _ secret: Secret) -> Secret
    /// `hash_to_field` (RFC 9380, L = 48) of a secret message.
    static func hash(_ message: SecretBytes, tag: [UInt8]) -> Secret
    /// The value of a polynomial at an index; the constant term comes first.
    static func value(of coefficients: [Secret], at index: Index) -> Secret
    /// The multiple of the generator, which is public.
    static func publicElement(of secret: Secret) -> Element?
    /// The encoding of the multiple of an element, still secret; the number is not zero.
    static func shared(_ secret: Secret, _ element: Element) -> SecretBytes
    /// The multiple of an element, published; the number is not zero.
    static func published(_ secret: Secret, times element: Element) -> Element

    // MARK: Proofs of possession

    /// Shows who knows a secret that is not zero; for this message alone.
    static func proof(of secret: Secret, message: Digest, random: inout some SecureRandom) -> PossessionProof
    /// Whether the message's author has shown to know the secret of an element.
    static func isValid(_ proof: PossessionProof, for element: Element, message: Digest) -> Bool

    // MARK: Keys

    /// The secret of an encryption key.
    static func secret(of key: EncryptionKey) -> Secret
    /// The key that a polynomial shares among `size` holders.
    ///
    /// - Throws: When it cannot serve.
    static func sharedKey(_ coefficients: [Element], size: Int) throws(KeyFault) -> SharedKey
    /// A holder's share, which is not zero.
    static func share(of index: Index, _ secret: Secret) -> Share
}

/// The domain separation tags of a sharing.
package struct SharingTags: Sendable {
    /// Of the message that a proof of possession in a deal is for.
    package let possession: StaticString
    /// Of pads.
    package let pad: [UInt8]
    /// Of the challenge of an equality proof.
    package let equality: [UInt8]
    /// Of the nonce of an equality proof.
    package let equalityNonce: [UInt8]

    /// The tags, in the order of the properties.
    package init(
        possession: StaticString,
        pad: StaticString,
        equality: StaticString,
        equalityNonce: StaticString
    ) {
        self.possession = possession
        self.pad = Self.bytes(pad)
        self.equality = Self.bytes(equality)
        self.equalityNonce = Self.bytes(equalityNonce)
    }

    private static func bytes(_ tag: StaticString) -> [UInt8] {
        (0..<tag.utf8CodeUnitCount).map { unsafe tag.utf8Start[$0] }
    }
}
