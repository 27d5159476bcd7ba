/// The field of p elements that the curve lies over.
///
/// p = (x - 1)^2 (x^4 - x^2 + 1) / 3 + x for the curve's parameter x = -0xd201000000010000; 381 bits. Held in
/// Montgomery's representation (``Montgomery``).
struct Fp: Field {
    private var words: Words<6>

    private static var arithmetic: Montgomery<6> {
        @inline(__always) get { Montgomery(modulus: modulus, inverse: 0x89f3_fffc_fffc_fffd) }
    }

    /// p.
    static var modulus: Words<6> {
        @inline(__always) get {
            [
                0xb9fe_ffff_ffff_aaab, 0x1eab_fffe_b153_ffff, 0x6730_d2a0_f6b0_f624,
                0x6477_4b84_f385_12bf, 0x4b1b_a7b6_434b_acd7, 0x1a01_11ea_397f_e69a,
            ]
        }
    }

    /// R^2 modulo p.
    private static var square: Words<6> {
        [
            0xf4df_1f34_1c34_1746, 0x0a76_e6a6_09d1_04f1, 0x8de5_476c_4c95_b6d5,
            0x67eb_88a9_939d_83c0, 0x9a79_3e85_b519_952d, 0x1198_8fe5_92ca_e3aa,
        ]
    }

    /// R^3 modulo p.
    private static var cube: Words<6> {
        [
            0xed48_ac6b_d94c_a1e0, 0x315f_831e_03a7_adf8, 0x9a53_352a_615e_29dd,
            0x34c0_4e5e_921e_1761, 0x2512_d435_6572_4728, 0x0aa6_3460_9175_5d4d,
        ]
    }

    static var zero: Fp {
        @inline(__always) get { Fp(words: Words<6>(repeating: 0)) }
    }

    static var one: Fp {
        @inline(__always) get {
            Fp(words: [
                0x7609_0000_0002_fffd, 0xebf4_000b_c40c_0002, 0x5f48_9857_53c7_58ba,
                0x77ce_5853_7052_5745, 0x5c07_1a97_a256_ec6d, 0x15f6_5ec3_fa80_e493,
            ])
        }
    }

    @inline(__always) private init(words: Words<6>) {
        self.words = words
    }

    /// The number itself; `nil` when it is not below p.
    init?(_ number: Words<6>) {
        guard Words<6>.subtract(number, Self.modulus).borrow == 1 else { return nil }
        words = Self.arithmetic.multiply(number, Self.square)
    }

    /// A small number.
    init(_ number: UInt64) {
        words = Self.arithmetic.multiply([number, 0, 0, 0, 0, 0], Self.square)
    }

    /// A constant in hexadecimal, the most significant digit first; traps when it is not below p.
    init(_ digits: StaticString) {
        var bytes: [UInt8] = []
        for index in 0..<digits.utf8CodeUnitCount {
            let digit = unsafe digits.utf8Start[index]
            bytes.append(
                digit < UInt8(ascii: "a") ? digit - UInt8(ascii: "0") : digit - UInt8(ascii: "a") + 10
            )
        }
        var number = Words<6>(repeating: 0)
        for digit in bytes {
            for index in (1..<6).reversed() { number[index] = number[index] << 4 | number[index - 1] >> 60 }
            number[0] = number[0] << 4 | UInt64(digit)
        }
        guard let value = Fp(number) else { preconditionFailure("a constant is not below p") }
        self = value
    }

    /// high 2^384 + low, modulo p.
    init(reducing low: Words<6>, high: Words<6>) {
        let upper = Fp(words: Self.arithmetic.multiply(high, Self.cube))
        self = Fp(words: Self.arithmetic.multiply(low, Self.square)) + upper
    }

    /// The number below p that stands for the residue.
    var number: Words<6> { Self.arithmetic.reduce(words) }

    /// Whether the number is above (p - 1) / 2.
    var isLarge: Choice {
        let half: Words<6> = [
            0xdcff_7fff_ffff_d555, 0x0f55_ffff_58a9_ffff, 0xb398_6950_7b58_7b12,
            0xb23b_a5c2_79c2_895f, 0x258d_d3db_21a5_d66b, 0x0d00_88f5_1cbf_f34d,
        ]
        return Choice(bit: Words<6>.subtract(half, number).borrow)
    }

    /// Whether the number is odd: `sgn0` of RFC 9380, section 4.1.
    var isOdd: Choice { Choice(bit: number[0] & 1) }

    @inline(__always) static func + (left: Fp, right: Fp) -> Fp {
        Fp(words: arithmetic.add(left.words, right.words))
    }

    @inline(__always) static func - (left: Fp, right: Fp) -> Fp {
        Fp(words: arithmetic.subtract(left.words, right.words))
    }

    @inline(never) static func * (left: Fp, right: Fp) -> Fp {
        Fp(words: arithmetic.multiply(left.words, right.words))
    }

    @inline(__always) static prefix func - (value: Fp) -> Fp {
        Fp(words: arithmetic.negate(value.words))
    }

    @inline(__always) func squared() -> Fp { self * self }

    @inline(__always) var isZero: Choice { Words<6>.isEqual(words, Words<6>(repeating: 0)) }

    @inline(__always) static func isEqual(_ left: Fp, _ right: Fp) -> Choice {
        Words<6>.isEqual(left.words, right.words)
    }

    @inline(__always) static func select(_ choice: Choice, _ yes: Fp, _ no: Fp) -> Fp {
        Fp(words: .select(choice, yes.words, no.words))
    }

    @inline(never) static func sumOfProducts(_ a: Fp, _ b: Fp, _ c: Fp, _ d: Fp) -> Fp {
        sumOfProducts([a, c], [b, d])
    }

    @inline(never) static func differenceOfProducts(_ a: Fp, _ b: Fp, _ c: Fp, _ d: Fp) -> Fp {
        sumOfProducts([a, c.complement], [b, d])
    }

    /// A factor of ``sumOfProducts(_:_:)`` only: what equals -value but need not be below p.
    @inline(__always) var complement: Fp { Fp(words: Self.arithmetic.complement(words)) }

    /// The sum of left[i] right[i], up to six terms, dearer than one product by half of one for each further term.
    @inline(__always) static func sumOfProducts<let terms: Int>(
        _ left: InlineArray<terms, Fp>,
        _ right: InlineArray<terms, Fp>
    ) -> Fp {
        var leftWords = InlineArray<terms, Words<6>>(repeating: Words<6>(repeating: 0))
        var rightWords = leftWords
        for term in 0..<terms {
            leftWords[term] = left[term].words
            rightWords[term] = right[term].words
        }
        return Fp(words: arithmetic.sumOfProducts(leftWords, rightWords))
    }
}

extension Fp: CoordinateField {
    static var byteCount: Int { 48 }

    init?(bytes: some Collection<UInt8>) {
        self.init(Words<6>.decode(bytes))
    }

    var bytes: [UInt8] {
        let number = number
        return (0..<Self.byteCount).map { number.byte(Self.byteCount - 1 - $0) }
    }
}

extension Fp {
    /// By Fermat's little theorem: value^(p - 2).
    func inverted() -> Fp {
        var exponent = Self.modulus
        exponent[0] -= 2
        return power(exponent)
    }

    /// value^((p - 3) / 4): 1 / sqrt(value) for a square, since p is 3 modulo 4.
    func inverseRootCandidate() -> Fp {
        power([
            0xee7f_bfff_ffff_eaaa, 0x07aa_ffff_ac54_ffff, 0xd9cc_34a8_3dac_3d89,
            0xd91d_d2e1_3ce1_44af, 0x92c6_e9ed_90d2_eb35, 0x0680_447a_8e5f_f9a6,
        ])
    }

    /// A square root; `nil` for what is no square.
    func squareRoot() -> Fp? {
        let root = self * inverseRootCandidate()
        return root.squared() == self ? root : nil
    }
}
