package import Primitives

/// An unsigned integer of 256 bits: amounts, fees, storage words and curve coordinates.
///
/// Arithmetic never wraps silently: it reports overflow or stops at the greatest number. For public values
/// only, its running time depends on them.
package struct UInt256: Hashable, Sendable {
    /// 64-bit words, least significant first.
    private var words: SIMD4<UInt64>

    private init(words: SIMD4<UInt64>) {
        self.words = words
    }

    /// A small number.
    package init(_ number: UInt64) {
        words = SIMD4(number, 0, 0, 0)
    }

    /// Reads 32 bytes, most significant first.
    package init(bigEndian bytes: Digest) {
        words = SIMD4(repeating: 0)
        for index in 0..<32 {
            words[3 - index / 8] = words[3 - index / 8] << 8 | UInt64(bytes[index])
        }
    }

    /// Reads at most 32 bytes, most significant first; `nil` for more.
    package init?(bigEndian bytes: some Collection<UInt8>) {
        guard bytes.count <= 32 else { return nil }
        var padded = Digest()
        for (index, byte) in bytes.enumerated() { padded[32 - bytes.count + index] = byte }
        self.init(bigEndian: padded)
    }

    /// Nothing.
    package static let zero = UInt256(0)
    /// 2^256 - 1.
    package static let max = UInt256(words: SIMD4(repeating: .max))

    /// All 32 bytes, most significant first.
    package var bigEndian: Digest {
        var bytes = Digest()
        for index in 0..<32 {
            bytes[index] = UInt8(truncatingIfNeeded: words[3 - index / 8] >> UInt64(56 - index % 8 * 8))
        }
        return bytes
    }

    /// The bytes without leading zeros, none for zero: RLP's form of a number.
    package var minimalBytes: [UInt8] { Array(bigEndian.array.drop { $0 == 0 }) }

    /// The number, or `nil` when it takes more than 64 bits.
    package var asUInt64: UInt64? {
        words[1] | words[2] | words[3] == 0 ? words[0] : nil
    }

    /// How many bits the number takes: 0 for zero, 256 at most.
    package var bitCount: Int {
        for index in (0..<4).reversed() where words[index] != 0 {
            return 64 * index + 64 - words[index].leadingZeroBitCount
        }
        return 0
    }
}

extension UInt256: Comparable {
    package static func < (left: UInt256, right: UInt256) -> Bool {
        for index in (0..<4).reversed() where left.words[index] != right.words[index] {
            return left.words[index] < right.words[index]
        }
        return false
    }
}

extension UInt256 {
    /// The sum, modulo 2^256, and whether it was reduced.
    package func addingReportingOverflow(_ other: UInt256) -> (sum: UInt256, overflow: Bool) {
        var result = UInt256.zero
        var carry: UInt64 = 0
        for index in 0..<4 {
            let (partial, first) = words[index].addingReportingOverflow(other.words[index])
            let (sum, second) = partial.addingReportingOverflow(carry)
            result.words[index] = sum
            carry = first || second ? 1 : 0
        }
        return (result, carry == 1)
    }

    /// The difference, or `nil` when it is negative.
    package func subtracting(_ other: UInt256) -> UInt256? {
        guard self >= other else { return nil }
        var result = UInt256.zero
        var borrow: UInt64 = 0
        for index in 0..<4 {
            let (partial, first) = words[index].subtractingReportingOverflow(other.words[index])
            let (difference, second) = partial.subtractingReportingOverflow(borrow)
            result.words[index] = difference
            borrow = first || second ? 1 : 0
        }
        return result
    }

    /// The product, modulo 2^256, and whether it was reduced.
    package func multipliedReportingOverflow(by factor: UInt64) -> (product: UInt256, overflow: Bool) {
        var result = UInt256.zero
        var carry: UInt64 = 0
        for index in 0..<4 {
            let (high, low) = words[index].multipliedFullWidth(by: factor)
            let (sum, overflow) = low.addingReportingOverflow(carry)
            result.words[index] = sum
            carry = high + (overflow ? 1 : 0)
        }
        return (result, carry != 0)
    }

    /// Quotient and remainder.
    ///
    /// - Precondition: `divisor` is not zero.
    package func quotientAndRemainder(dividingBy divisor: UInt64) -> (quotient: UInt256, remainder: UInt64) {
        var result = UInt256.zero
        var remainder: UInt64 = 0
        for index in (0..<4).reversed() {
            (result.words[index], remainder) = divisor.dividingFullWidth((remainder, words[index]))
        }
        return (result, remainder)
    }

    /// The sum; the greatest number where it would not fit.
    package static func + (left: UInt256, right: UInt256) -> UInt256 {
        let (sum, overflow) = left.addingReportingOverflow(right)
        return overflow ? .max : sum
    }

    /// The product; the greatest number where it would not fit.
    package static func * (left: UInt256, factor: UInt64) -> UInt256 {
        let (product, overflow) = left.multipliedReportingOverflow(by: factor)
        return overflow ? .max : product
    }

    /// The quotient, rounded down.
    ///
    /// - Precondition: `divisor` is not zero.
    package static func / (left: UInt256, divisor: UInt64) -> UInt256 {
        left.quotientAndRemainder(dividingBy: divisor).quotient
    }
}

extension UInt256: CustomStringConvertible {
    /// The number in decimal.
    package var description: String {
        var groups: [String] = []
        var rest = self
        repeat {
            let (quotient, remainder) = rest.quotientAndRemainder(dividingBy: 10_000_000_000_000_000_000)
            groups.append(String(remainder))
            rest = quotient
        } while rest != .zero
        var text = groups.removeLast()
        for group in groups.reversed() { text += String(repeating: "0", count: 19 - group.count) + group }
        return text
    }
}

extension UInt256: ExpressibleByIntegerLiteral {
    /// A number written in the source.
    package init(integerLiteral value: UInt64) {
        self.init(value)
    }
}
