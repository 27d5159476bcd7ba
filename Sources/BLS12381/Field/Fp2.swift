/// Fp(u), u^2 = -1: the field of the second curve's coordinates.
struct Fp2: Field {
    var c0: Fp
    var c1: Fp

    @inline(__always) init(_ c0: Fp, _ c1: Fp) {
        self.c0 = c0
        self.c1 = c1
    }

    static var zero: Fp2 {
        @inline(__always) get { Fp2(.zero, .zero) }
    }

    static var one: Fp2 {
        @inline(__always) get { Fp2(.one, .zero) }
    }

    @inline(__always) static func + (left: Fp2, right: Fp2) -> Fp2 {
        Fp2(left.c0 + right.c0, left.c1 + right.c1)
    }

    @inline(__always) static func - (left: Fp2, right: Fp2) -> Fp2 {
        Fp2(left.c0 - right.c0, left.c1 - right.c1)
    }

    @inline(__always) static prefix func - (value: Fp2) -> Fp2 {
        Fp2(-value.c0, -value.c1)
    }

    /// Schoolbook with two reductions: with sums of products the four multiplications cost less than Karatsuba's
    /// three with three reductions.
    @inline(never) static func * (left: Fp2, right: Fp2) -> Fp2 {
        Fp2(
            .sumOfProducts([left.c0, left.c1.complement], [right.c0, right.c1]),
            .sumOfProducts([left.c0, left.c1], [right.c1, right.c0])
        )
    }

    @inline(__always) static func * (left: Fp2, right: Fp) -> Fp2 {
        Fp2(left.c0 * right, left.c1 * right)
    }

    @inline(never) static func sumOfProducts(_ a: Fp2, _ b: Fp2, _ c: Fp2, _ d: Fp2) -> Fp2 {
        Fp2(
            .sumOfProducts([a.c0, a.c1.complement, c.c0, c.c1.complement], [b.c0, b.c1, d.c0, d.c1]),
            .sumOfProducts([a.c0, a.c1, c.c0, c.c1], [b.c1, b.c0, d.c1, d.c0])
        )
    }

    @inline(never) static func differenceOfProducts(_ a: Fp2, _ b: Fp2, _ c: Fp2, _ d: Fp2) -> Fp2 {
        Fp2(
            .sumOfProducts([a.c0, a.c1.complement, c.c0.complement, c.c1], [b.c0, b.c1, d.c0, d.c1]),
            .sumOfProducts([a.c0, a.c1, c.c0.complement, c.c1.complement], [b.c1, b.c0, d.c1, d.c0])
        )
    }

    /// (a + b)(a - b) + 2 a b u.
    @inline(never) func squared() -> Fp2 {
        Fp2((c0 + c1) * (c0 - c1), c0.doubled() * c1)
    }

    /// The conjugate, which is also the p-th power.
    @inline(__always) var conjugate: Fp2 { Fp2(c0, -c1) }

    /// The value times u + 1, the non-residue that the next floor of the tower adjoins a cube root of.
    @inline(__always) var timesNonResidue: Fp2 { Fp2(c0 - c1, c0 + c1) }

    /// The norm down to Fp.
    var norm: Fp { Fp.sumOfProducts([c0, c1], [c0, c1]) }

    func inverted() -> Fp2 {
        let inverse = norm.inverted()
        return Fp2(c0 * inverse, -(c1 * inverse))
    }

    @inline(__always) var isZero: Choice { c0.isZero & c1.isZero }

    @inline(__always) static func isEqual(_ left: Fp2, _ right: Fp2) -> Choice {
        Fp.isEqual(left.c0, right.c0) & Fp.isEqual(left.c1, right.c1)
    }

    @inline(__always) static func select(_ choice: Choice, _ yes: Fp2, _ no: Fp2) -> Fp2 {
        Fp2(.select(choice, yes.c0, no.c0), .select(choice, yes.c1, no.c1))
    }

    /// Whether the value comes after its negative in the order that compares c1 first.
    var isLarge: Choice {
        let real = c1.isZero
        return Choice(bit: (c1.isLarge.mask | (real & c0.isLarge).mask) & 1)
    }

    /// `sgn0` of RFC 9380, section 4.1.
    var isOdd: Choice {
        Choice(bit: (c0.isOdd.mask | (c0.isZero & c1.isOdd).mask) & 1)
    }
}

/// The coefficient of u comes first.
extension Fp2: CoordinateField {
    static var byteCount: Int { 2 * Fp.byteCount }

    init?(bytes: some Collection<UInt8>) {
        guard let c1 = Fp(bytes: bytes.prefix(Fp.byteCount)),
            let c0 = Fp(bytes: bytes.dropFirst(Fp.byteCount))
        else { return nil }
        self.init(c0, c1)
    }

    var bytes: [UInt8] { c1.bytes + c0.bytes }
}

extension Fp2 {
    /// A square root by two exponentiations in Fp; `nil`, after one, for what is no square.
    ///
    /// Of a + b u with n^2 = a^2 + b^2 one of (a + n) / 2 and (a - n) / 2 is a square c^2, and then c + b / (2 c) u is
    /// a root: the "complex method" (Scott 2007). For public values.
    func squareRoot() -> Fp2? {
        if c1.isZero.isTrue {
            if let root = c0.squareRoot() { return Fp2(root, .zero) }
            return (-c0).squareRoot().map { Fp2(.zero, $0) }
        }
        guard let length = norm.squareRoot() else { return nil }
        let square = (c0 + length) * Self.half
        let inverse = square.inverseRootCandidate()
        let candidate = square * inverse
        let other = c1 * inverse * Self.half
        // When (a + n) / 2 is no square, candidate^2 is its negative and candidate * inverse is -1.
        return candidate.squared() == square ? Fp2(candidate, other) : Fp2(-other, candidate)
    }

    private static let half = Fp(2).inverted()
}
