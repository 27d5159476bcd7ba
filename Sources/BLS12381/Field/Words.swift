/// A natural number as `count` words of 64 bits, the least significant first.
typealias Words<let count: Int> = InlineArray<count, UInt64>

/// A truth value that no branch may ask for: all bits one, or all bits zero.
///
/// Comparisons of secrets end in one of these and selections start from one, so that the compiler sees arithmetic
/// only. ``Bool`` is for what is public.
struct Choice: Sendable {
    /// 2^64 - 1 for true, 0 for false.
    let mask: UInt64

    /// True when `bit` is 1, false when it is 0.
    @inline(__always) init(bit: UInt64) {
        mask = 0 &- bit
    }

    /// True when the number is 0.
    @inline(__always) init(isZero number: UInt64) {
        self.init(bit: ((number | (0 &- number)) >> 63) ^ 1)
    }

    /// The value where it is public.
    @inline(__always) var isTrue: Bool { mask != 0 }

    @inline(__always) static func & (left: Choice, right: Choice) -> Choice {
        Choice(bit: left.mask & right.mask & 1)
    }

    @inline(__always) static func ^ (left: Choice, right: Choice) -> Choice {
        Choice(bit: (left.mask ^ right.mask) & 1)
    }

    @inline(__always) static prefix func ! (choice: Choice) -> Choice {
        Choice(bit: ~choice.mask & 1)
    }
}

extension InlineArray where Element == UInt64 {
    /// `yes` or `no`, by arithmetic.
    @inline(__always) static func select(_ choice: Choice, _ yes: Self, _ no: Self) -> Self {
        var result = no
        for index in 0..<count { result[index] ^= choice.mask & (yes[index] ^ no[index]) }
        return result
    }

    /// Whether both numbers are the same.
    @inline(__always) static func isEqual(_ left: Self, _ right: Self) -> Choice {
        var difference: UInt64 = 0
        for index in 0..<count { difference |= left[index] ^ right[index] }
        return Choice(isZero: difference)
    }

    /// The sum modulo 2^(64 count), and the carry.
    @inline(__always) static func add(_ left: Self, _ right: Self) -> (sum: Self, carry: UInt64) {
        var sum = left
        var carry: UInt64 = 0
        for index in 0..<count { sum[index] = addWithCarry(left[index], right[index], &carry) }
        return (sum, carry)
    }

    /// The difference modulo 2^(64 count), and 1 when it is negative.
    @inline(__always) static func subtract(_ left: Self, _ right: Self) -> (difference: Self, borrow: UInt64)
    {
        var difference = left
        var borrow: UInt64 = 0
        for index in 0..<count {
            difference[index] = subtractWithBorrow(left[index], right[index], &borrow)
        }
        return (difference, borrow)
    }

    /// The number whose big-endian bytes these are; missing bytes are zero.
    static func decode(_ bytes: some Sequence<UInt8>) -> Self {
        var number = Self(repeating: 0)
        for byte in bytes {
            for index in (1..<count).reversed() {
                number[index] = number[index] << 8 | number[index - 1] >> 56
            }
            number[0] = number[0] << 8 | UInt64(byte)
        }
        return number
    }

    /// The byte of weight 256^`index`.
    @inline(__always) func byte(_ index: Int) -> UInt8 {
        UInt8(truncatingIfNeeded: self[index / 8] >> UInt64(index % 8 * 8))
    }

    /// The bit of weight 2^`index`.
    @inline(__always) func bit(_ index: Int) -> UInt64 {
        self[index / 64] >> UInt64(index % 64) & 1
    }
}

/// `left + right + carry`, and the new carry.
@inline(__always) func addWithCarry(_ left: UInt64, _ right: UInt64, _ carry: inout UInt64) -> UInt64 {
    let (first, one) = left.addingReportingOverflow(right)
    let (second, other) = first.addingReportingOverflow(carry)
    carry = (one ? 1 : 0) | (other ? 1 : 0)
    return second
}

/// `left - right - borrow`, and the new borrow.
@inline(__always) func subtractWithBorrow(_ left: UInt64, _ right: UInt64, _ borrow: inout UInt64) -> UInt64 {
    let (first, one) = left.subtractingReportingOverflow(right)
    let (second, other) = first.subtractingReportingOverflow(borrow)
    borrow = (one ? 1 : 0) | (other ? 1 : 0)
    return second
}

/// The low word of `addend + left * right + carry`, which fits two words; the high one is the new carry.
@inline(__always) func multiplyAdd(
    _ addend: UInt64,
    _ left: UInt64,
    _ right: UInt64,
    _ carry: inout UInt64
) -> UInt64 {
    let wide = UInt128(addend) &+ UInt128(left) &* UInt128(right) &+ UInt128(carry)
    carry = UInt64(truncatingIfNeeded: wide >> 64)
    return UInt64(truncatingIfNeeded: wide)
}
