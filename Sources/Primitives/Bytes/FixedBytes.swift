/// A byte string of one fixed length, told apart from others of that length by its tag.
///
/// Keys, digests and signatures are all "some bytes"; the tag makes handing one where another belongs a
/// compile-time error. Values are public: nothing here is wiped or compared in constant time.
@usableFromInline
package struct FixedBytes<Tag, let count: Int>: Sendable {
    /// The bytes, in wire order.
    @usableFromInline
    package var storage: InlineArray<count, UInt8>

    /// All bytes zero.
    @inlinable
    package init() {
        storage = InlineArray(repeating: 0)
    }

    /// Takes the bytes as they are.
    @inlinable
    package init(_ storage: InlineArray<count, UInt8>) {
        self.storage = storage
    }

    /// Copies exactly ``count`` bytes, or answers `nil` when there are more or fewer.
    @inlinable
    package init?(_ bytes: some Collection<UInt8>) {
        guard bytes.count == count else { return nil }
        storage = InlineArray(repeating: 0)
        var index = 0
        for byte in bytes {
            storage[index] = byte
            index += 1
        }
    }

    /// Copies exactly ``count`` bytes, or answers `nil` when there are more or fewer.
    @inlinable
    package init?(span: RawSpan) {
        guard span.byteCount == count else { return nil }
        storage = InlineArray(repeating: 0)
        unsafe withUnsafeMutableBytes { target in
            unsafe span.withUnsafeBytes { unsafe target.copyMemory(from: $0) }
        }
    }

    /// Reads two hexadecimal digits a byte, with or without `0x`, in either case.
    package init?(hex text: some StringProtocol) {
        guard let bytes = Hex.decode(text) else { return nil }
        self.init(bytes)
    }

    /// The number of bytes, known from the type.
    @inlinable
    package static var byteCount: Int { count }

    /// Whether every byte is zero.
    @inlinable
    package var isZero: Bool {
        var union: UInt8 = 0
        for index in 0..<count { union |= storage[index] }
        return union == 0
    }

    /// The bytes as an array.
    @inlinable
    package var array: [UInt8] {
        unsafe withUnsafeBytes { unsafe Array($0) }
    }

    /// The bytes in lower-case hexadecimal, without a prefix.
    package var hex: String { Hex.encode(array) }

    @inlinable
    package subscript(index: Int) -> UInt8 {
        get { storage[index] }
        set { storage[index] = newValue }
    }

    /// Lends the bytes to a C function.
    @inlinable
    package func withUnsafeBytes<R, E: Error>(
        _ body: (UnsafeRawBufferPointer) throws(E) -> R
    ) throws(E) -> R {
        try unsafe storage.span.bytes.withUnsafeBytes(body)
    }

    /// Lends the bytes to a C function that fills or changes them.
    @inlinable
    package mutating func withUnsafeMutableBytes<R, E: Error>(
        _ body: (UnsafeMutableRawBufferPointer) throws(E) -> R
    ) throws(E) -> R {
        var span = storage.mutableSpan
        return try unsafe span.withUnsafeMutableBytes(body)
    }
}

extension FixedBytes: Hashable {
    @inlinable
    package static func == (left: Self, right: Self) -> Bool {
        // Without an early end the comparison takes a few wide instructions.
        var difference: UInt8 = 0
        for index in 0..<count { difference |= left.storage[index] ^ right.storage[index] }
        return difference == 0
    }

    @inlinable
    package func hash(into hasher: inout Hasher) {
        unsafe withUnsafeBytes { unsafe hasher.combine(bytes: $0) }
    }
}

/// The lexicographic order of the bytes.
extension FixedBytes: Comparable {
    @inlinable
    package static func < (left: Self, right: Self) -> Bool {
        for index in 0..<count where left.storage[index] != right.storage[index] {
            return left.storage[index] < right.storage[index]
        }
        return false
    }
}

extension FixedBytes: CustomStringConvertible {
    /// `0x` and the bytes in hexadecimal.
    @usableFromInline
    package var description: String { "0x" + hex }
}

/// The tags of the byte strings used across the product.
@usableFromInline
package enum ByteTag {
    /// Marks a hash.
    @usableFromInline
    package enum Digest {}
    /// Marks an Ed25519 public key.
    @usableFromInline
    package enum Identity {}
    /// Marks an Ed25519 signature.
    @usableFromInline
    package enum Signature {}
    /// Marks an Ethereum account.
    @usableFromInline
    package enum Address {}
    /// Marks a compressed secp256k1 point.
    @usableFromInline
    package enum Point {}
    /// Marks a signature of the group key.
    @usableFromInline
    package enum GroupSignature {}
    /// Marks bytes that mean something only to who made them.
    @usableFromInline
    package enum Opaque {}
}

/// A SHA-256, Keccak-256 or hash-tree-root output.
@usableFromInline
package typealias Digest = FixedBytes<ByteTag.Digest, 32>
/// A member's Ed25519 public key: who it is.
@usableFromInline
package typealias Identity = FixedBytes<ByteTag.Identity, 32>
/// An Ed25519 signature, `R || S`.
@usableFromInline
package typealias IdentitySignature = FixedBytes<ByteTag.Signature, 64>
/// An Ethereum account: the low 160 bits of a key's Keccak-256.
@usableFromInline
package typealias Address = FixedBytes<ByteTag.Address, 20>
/// A secp256k1 point in compressed form (SEC 1, 33 bytes).
///
/// Not checked to lie on the curve.
@usableFromInline
package typealias CompressedPoint = FixedBytes<ByteTag.Point, 33>
/// A signature of the group key in the form peers exchange: compressed `R || z`, 65 bytes.
@usableFromInline
package typealias GroupSignature = FixedBytes<ByteTag.GroupSignature, 65>
