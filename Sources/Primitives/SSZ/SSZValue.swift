/// A value with a canonical form in Simple Serialize (Ethereum consensus specifications, `ssz/simple-serialize.md`).
///
/// Every value has exactly one encoding: decoding refuses whatever encoding would not produce.
@usableFromInline
package protocol SSZValue: Hashable, Sendable {
    /// The encoding's length when all values of the type share one, else `nil`.
    static var sszFixedSize: Int? { get }

    /// Whether lists of it are packed into chunks (the specification's basic types).
    static var sszIsBasic: Bool { get }

    /// The type's name in the specification's notation, such as `List[uint64, 32]`.
    static var sszTypeName: String { get }

    /// Appends the encoding.
    func encode(to bytes: inout [UInt8])

    /// Decodes a value that fills `bytes` exactly. Allocates no more than the bytes justify.
    init(ssz bytes: RawSpan) throws(SSZError)

    /// The root of the value's Merkle tree. Hashes about twice the value's 32-byte chunks.
    func hashTreeRoot() -> Digest
}

extension SSZValue {
    @inlinable
    package static var sszIsBasic: Bool { false }

    /// The encoding.
    @inlinable
    package var sszBytes: [UInt8] {
        var bytes: [UInt8] = []
        // Most of what is encoded fits: nothing is moved while it grows.
        bytes.reserveCapacity(Self.sszFixedSize ?? 256)
        encode(to: &bytes)
        return bytes
    }

    /// Decodes a value that fills `bytes` exactly.
    @inlinable
    package init(ssz bytes: [UInt8]) throws(SSZError) {
        try self.init(ssz: unsafe bytes.span.bytes)
    }

    /// Decodes a value that fills `bytes` exactly.
    @inlinable
    package init(ssz bytes: ArraySlice<UInt8>) throws(SSZError) {
        try self.init(ssz: unsafe bytes.span.bytes)
    }
}

/// Why bytes are not the encoding of a type.
@usableFromInline
package enum SSZError: Error, Hashable, Sendable, CustomStringConvertible {
    /// The bytes are fewer or more than the type takes.
    case length(of: String, is: Int, shouldBe: Int)
    /// A variable part begins elsewhere than where the one before it ends, or outside the bytes.
    case offset(in: String, value: Int)
    /// A list holds more than its type allows.
    case limit(of: String, count: Int)
    /// The bytes have the right length but name no value of the type.
    case value(of: String)

    @usableFromInline
    package var description: String {
        switch self {
        case .length(let type, let count, let expected):
            "\(type): \(count) bytes where \(expected) belong"
        case .offset(let type, let value):
            "\(type): offset \(value) does not follow from the fields before it"
        case .limit(let type, let count):
            "\(type): \(count) elements are more than the type allows"
        case .value(let type):
            "\(type): the bytes name no value of this type"
        }
    }
}
