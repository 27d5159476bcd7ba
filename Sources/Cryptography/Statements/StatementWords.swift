package import Primitives

/// The 32-byte words that EIP-712 hashes a struct from, first its type's hash.
///
/// Every member is one word: of a fixed size as in Solidity's `abi.encode`, of another by its hash.
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

    /// Appends a `bytes`: its hash, as EIP-712 has it.
    package mutating func append(bytes content: [UInt8]) {
        append(Keccak256.hash(content))
    }

    /// Appends a `uint64[]`: the hash of its elements as words, as EIP-712 has it.
    package mutating func append(list numbers: [UInt64]) {
        var words: [UInt8] = []
        for number in numbers {
            words.append(contentsOf: repeatElement(0, count: 24))
            number.encodeBigEndian(to: &words)
        }
        append(Keccak256.hash(words))
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
