internal import Cryptography
package import Primitives

/// Tells scalars modulo r from other strings of 32 bytes.
package enum FrTag {}

/// A number modulo r as 32 big-endian bytes; canonical when below r.
package typealias FrBytes = FixedBytes<FrTag, 32>

/// A public number modulo the order r of the groups.
///
/// r = x^4 - x^2 + 1 for the curve's parameter x; 255 bits. A secret one is a ``SecretScalar``.
package struct Fr: Sendable {
    /// In Montgomery's representation.
    var words: Words<4>

    static var arithmetic: Montgomery<4> {
        @inline(__always) get { Montgomery(modulus: modulus, inverse: 0xffff_fffe_ffff_ffff) }
    }

    /// r.
    static var modulus: Words<4> {
        @inline(__always) get {
            [0xffff_ffff_0000_0001, 0x53bd_a402_fffe_5bfe, 0x3339_d808_09a1_d805, 0x73ed_a753_299d_7d48]
        }
    }

    /// R^2 modulo r.
    static var square: Words<4> {
        [0xc999_e990_f3f2_9c6d, 0x2b6c_edcb_8792_5c23, 0x05d3_1496_7254_398f, 0x0748_d9d9_9f59_ff11]
    }

    /// R^3 modulo r.
    private static var cube: Words<4> {
        [0xc62c_1807_439b_73af, 0x1b3e_0d18_8cf0_6990, 0x73d1_3c71_c7b5_f418, 0x6e2a_5bb9_c8db_33e9]
    }

    @inline(__always) init(words: Words<4>) {
        self.words = words
    }

    /// A small number, for instance the index of a share.
    package init(_ number: UInt64) {
        self.init(words: Self.arithmetic.multiply([number, 0, 0, 0], Self.square))
    }

    /// Takes an encoding, or answers `nil` when the number is not below r.
    package init?(_ bytes: FrBytes) {
        let number = Words<4>.decode(bytes.array)
        guard Words<4>.subtract(number, Self.modulus).borrow == 1 else { return nil }
        self.init(words: Self.arithmetic.multiply(number, Self.square))
    }

    /// high 2^256 + low, modulo r.
    init(reducing low: Words<4>, high: Words<4>) {
        let upper = Self.arithmetic.multiply(high, Self.cube)
        self.init(words: Self.arithmetic.add(Self.arithmetic.multiply(low, Self.square), upper))
    }

    /// Hashes a public message: `hash_to_field` (RFC 9380, section 5.2) with L = 48 and SHA-256.
    package init(hashing message: [UInt8], tag: [UInt8]) {
        var wide = [UInt8](repeating: 0, count: 48)
        unsafe message.withUnsafeBytes { message in
            unsafe wide.withUnsafeMutableBytes { unsafe MessageExpansion.expand(message, tag: tag, into: $0) }
        }
        let number = Words<6>.decode(wide)
        self.init(
            reducing: [number[0], number[1], number[2], number[3]],
            high: [number[4], number[5], 0, 0]
        )
    }

    /// The number below r.
    var number: Words<4> { Self.arithmetic.reduce(words) }

    /// The canonical encoding.
    package var bytes: FrBytes {
        let number = number
        return FrBytes(InlineArray { number.byte(31 - $0) })
    }
}

extension Fr: Field {
    /// 0.
    package static var zero: Fr { Fr(words: Words<4>(repeating: 0)) }

    /// 1.
    package static var one: Fr {
        Fr(words: [
            0x0000_0001_ffff_fffe, 0x5884_b7fa_0003_4802, 0x998c_4fef_ecbc_4ff5, 0x1824_b159_acc5_056f,
        ])
    }

    /// The sum modulo r.
    package static func + (left: Fr, right: Fr) -> Fr {
        Fr(words: arithmetic.add(left.words, right.words))
    }

    /// The difference modulo r.
    package static func - (left: Fr, right: Fr) -> Fr {
        Fr(words: arithmetic.subtract(left.words, right.words))
    }

    /// The product modulo r.
    package static func * (left: Fr, right: Fr) -> Fr {
        Fr(words: arithmetic.multiply(left.words, right.words))
    }

    /// r minus the number, or 0 for 0.
    package static prefix func - (value: Fr) -> Fr {
        Fr(words: arithmetic.negate(value.words))
    }

    static func sumOfProducts(_ a: Fr, _ b: Fr, _ c: Fr, _ d: Fr) -> Fr { a * b + c * d }

    static func differenceOfProducts(_ a: Fr, _ b: Fr, _ c: Fr, _ d: Fr) -> Fr { a * b - c * d }

    func squared() -> Fr { self * self }

    /// By Fermat's little theorem: value^(r - 2), and 0 for 0.
    package func inverted() -> Fr {
        var exponent = Self.modulus
        exponent[0] -= 2
        return power(exponent)
    }

    var isZero: Choice { Words<4>.isEqual(words, Words<4>(repeating: 0)) }

    static func select(_ choice: Choice, _ yes: Fr, _ no: Fr) -> Fr {
        Fr(words: .select(choice, yes.words, no.words))
    }

    static func isEqual(_ left: Fr, _ right: Fr) -> Choice {
        Words<4>.isEqual(left.words, right.words)
    }
}

extension Fr: Hashable {
    package static func == (left: Fr, right: Fr) -> Bool { isEqual(left, right).isTrue }

    package func hash(into hasher: inout Hasher) {
        hasher.combine(bytes)
    }
}

extension Fr: CustomStringConvertible {
    package var description: String { bytes.description }
}
