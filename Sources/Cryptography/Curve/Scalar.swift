package import Primitives

/// Tells scalars from other strings of 32 bytes.
package enum ScalarTag {}

/// A scalar as 32 big-endian bytes; canonical when below the group order.
package typealias ScalarBytes = FixedBytes<ScalarTag, 32>

/// A public number modulo the order Q of secp256k1, zero included.
///
/// A secret one is a ``SecretScalar``.
package struct Scalar: Hashable, Sendable {
    /// The canonical encoding.
    package private(set) var bytes: ScalarBytes

    /// 0.
    package static let zero = Scalar(0)
    /// 1.
    package static let one = Scalar(1)

    /// A small number.
    package init(_ number: UInt64) {
        bytes = ScalarBytes()
        for index in 0..<8 {
            bytes[31 - index] = UInt8(truncatingIfNeeded: number >> UInt64(8 * index))
        }
    }

    /// A member's position as its FROST identifier.
    package init(_ index: MemberIndex) {
        self.init(UInt64(index.rawValue))
    }

    /// Takes an encoding, or answers `nil` when the number is not below Q.
    package init?(_ bytes: ScalarBytes) {
        let isCanonical = unsafe bytes.withUnsafeBytes {
            unsafe ScalarArithmetic.isZero($0.bytes) || ScalarArithmetic.isNonzeroAndCanonical($0.bytes)
        }
        guard isCanonical else { return nil }
        self.bytes = bytes
    }

    /// Reduces any 256-bit number modulo Q.
    package init(reducing number: Digest) {
        var wide = [UInt8](repeating: 0, count: 16)
        wide += number.array
        unsafe self.init { scalar in
            unsafe wide.withUnsafeBytes { unsafe ScalarArithmetic.reduce($0.bytes, into: scalar) }
        }
    }

    /// Hashes a public message to a scalar: `hash_to_field` with L = 48 over `expand_message_xmd` with SHA-256.
    package init(hashing message: [UInt8], tag: [UInt8]) {
        unsafe self.init { scalar in
            unsafe message.withUnsafeBytes { unsafe ScalarArithmetic.hash($0, tag: tag, into: scalar) }
        }
    }

    /// A number that `fill` writes in canonical form over 32 zero bytes.
    init(fill: (UnsafeMutablePointer<UInt8>) -> Void) {
        var bytes = ScalarBytes()
        unsafe bytes.withUnsafeMutableBytes { unsafe fill($0.bytes) }
        self.bytes = bytes
    }

    /// Whether the number is 0.
    package var isZero: Bool { bytes.isZero }

    /// The encoding as C functions take it.
    func withBytes<R>(_ body: (UnsafePointer<UInt8>) -> R) -> R {
        unsafe bytes.withUnsafeBytes { unsafe body($0.bytes) }
    }

    private mutating func change(_ body: (UnsafeMutablePointer<UInt8>) -> Void) {
        unsafe bytes.withUnsafeMutableBytes { unsafe body($0.bytes) }
    }
}

extension Scalar {
    /// The sum modulo Q.
    package static func + (left: Scalar, right: Scalar) -> Scalar {
        var sum = left
        unsafe right.withBytes { right in unsafe sum.change { unsafe ScalarArithmetic.add(right, to: $0) } }
        return sum
    }

    /// The difference modulo Q.
    package static func - (left: Scalar, right: Scalar) -> Scalar {
        left + -right
    }

    /// Q minus the number, or 0 for 0.
    package static prefix func - (scalar: Scalar) -> Scalar {
        var negated = scalar
        unsafe negated.change { unsafe ScalarArithmetic.negate($0) }
        return negated
    }

    /// The product modulo Q.
    package static func * (left: Scalar, right: Scalar) -> Scalar {
        var product = left
        unsafe right.withBytes { right in
            unsafe product.change { unsafe ScalarArithmetic.multiply($0, by: right) }
        }
        return product
    }

    /// 1 / self modulo Q, by Fermat: self^(Q - 2), four bits of the exponent at a time.
    ///
    /// Zero has no inverse and traps.
    package var inverse: Scalar {
        precondition(!isZero, "zero has no inverse")
        var powers = [Scalar.one]
        for _ in 1..<16 { powers.append(powers[powers.count - 1] * self) }
        var result = Scalar.one
        for byte in Self.orderMinusTwo.array {
            for digit in [byte >> 4, byte & 15] {
                for _ in 0..<4 { result = result * result }
                if digit != 0 { result = result * powers[Int(digit)] }
            }
        }
        return result
    }

    /// Q - 2 = -2 modulo Q.
    private static let orderMinusTwo = (-Scalar(2)).bytes
}

extension Scalar: CustomStringConvertible {
    package var description: String { bytes.description }
}

/// Bytes32, big-endian; a number that is not below Q is refused.
extension Scalar: SSZValue {
    package static var sszFixedSize: Int? { 32 }
    package static var sszTypeName: String { "Scalar" }

    package func encode(to bytes: inout [UInt8]) {
        self.bytes.encode(to: &bytes)
    }

    package init(ssz bytes: RawSpan) throws(SSZError) {
        guard let scalar = Scalar(try ScalarBytes(ssz: bytes)) else { throw .value(of: "Scalar") }
        self = scalar
    }

    package func hashTreeRoot() -> Digest {
        bytes.hashTreeRoot()
    }
}
