package import Primitives

/// The 32-byte words that EIP-712 hashes a struct from, first its type's hash.
///
/// Every member of the statements here has a fixed-size type, so that the encoding is one word each, as in
/// Solidity's `abi.encode`.
package struct StatementWords: ~Copyable {
    private var bytes: [UInt8] = []

    /// The words of a struct of this type, written as EIP-712 writes it: `Name(type member,...)`.
    package init(type: StaticString) {
        bytes.reserveCapacity(9 * 32)
        append(Self.hash(of: type))
    }

    /// Appends a `bytes32`.
    package mutating func append(_ word: Digest) {
        bytes.append(contentsOf: word.array)
    }

    /// Appends an unsigned integer of any width up to 64 bits, most significant byte first.
    package mutating func append(_ number: some FixedWidthInteger & UnsignedInteger) {
        bytes.append(contentsOf: repeatElement(0, count: 24))
        UInt64(number).encodeBigEndian(to: &bytes)
    }

    /// Appends an `address`.
    package mutating func append(_ address: Address) {
        bytes.append(contentsOf: repeatElement(0, count: 12))
        bytes.append(contentsOf: address.array)
    }

    /// Ends the struct: Keccak-256 of its words.
    package consuming func hash() -> Digest {
        Keccak256.hash(bytes)
    }

    /// Keccak-256 of a text's UTF-8: a type's hash, or the word of a `string` member.
    package static func hash(of text: StaticString) -> Digest {
        Keccak256.hash(text.withUTF8Buffer { unsafe Array($0) })
    }
}
