/// How points of the subgroup are multiplied: in 64 steps, each some doublings and one addition.
///
/// An endomorphism that multiplies by a power of the curve's parameter cuts the scalar into parts that are
/// treated at once (Gallant, Lambert and Vanstone 2001; Galbraith, Lin and Scott 2009). Both curves come out at
/// a table of 16 combinations of the point and its images.
struct Ladder<C: Curve>: Sendable {
    /// The doublings between two additions.
    let doublings: Int
    /// The 16 points that the windows of a scalar choose from.
    let table: @Sendable (Point<C>) -> InlineArray<16, Point<C>>
    /// The choices, the last one first in weight, from the digits to the base -x, where x is the curve's parameter.
    let windows: @Sendable (_ digits: Words<4>) -> InlineArray<64, UInt8>
    /// The same multiple as a sum: points and their factors, each below 2^(64 doublings).
    let terms: @Sendable (AffinePoint<C>, _ digits: Words<4>) -> [(point: AffinePoint<C>, factor: UInt128)]
}

extension Point {
    /// The multiple of a point of the subgroup by the number that `digits` writes to the base -x.
    ///
    /// The time depends on neither: every step reads the whole table.
    func multiplied(byDigits digits: Words<4>) -> Point {
        let ladder = C.ladder
        let table = ladder.table(self)
        let windows = ladder.windows(digits)
        var result = Point.identity
        for step in (0..<64).reversed() {
            for _ in 0..<ladder.doublings { result = result.doubled() }
            var chosen = table[0]
            for index in 1..<16 {
                let isChosen = Choice(isZero: UInt64(windows[step] ^ UInt8(index)))
                chosen = .select(isChosen, table[index], chosen)
            }
            result += chosen
        }
        return result
    }

    /// The multiple of any point of the curve by a small public number.
    func multiplied(by number: UInt64) -> Point {
        var result = Point.identity
        for index in (0..<(64 - number.leadingZeroBitCount)).reversed() {
            result = result.doubled()
            if number >> UInt64(index) & 1 == 1 { result += self }
        }
        return result
    }

    /// The multiple of any point of the curve by -x = 0xd201000000010000, whose bits are few.
    func multipliedByParameter() -> Point {
        multiplied(by: CurveParameter.magnitude)
    }
}

/// The number x that p, r and the groups come from; it is negative.
enum CurveParameter {
    /// -x.
    static let magnitude: UInt64 = 0xd201_0000_0001_0000

    /// The digits of a number below r to the base -x, the lowest first.
    ///
    /// Long division bit by bit: the time depends on nothing.
    static func digits(of number: Words<4>) -> Words<4> {
        var digits = Words<4>(repeating: 0)
        var rest = number
        for index in 0..<3 {
            var remainder: UInt64 = 0
            var quotient = Words<4>(repeating: 0)
            for bit in (0..<256).reversed() {
                let overflow = remainder >> 63
                remainder = remainder << 1 | rest.bit(bit)
                // The magnitude has its top bit set, so after a carry out the difference is right modulo 2^64.
                let (difference, borrow) = remainder.subtractingReportingOverflow(magnitude)
                let fits = Choice(bit: overflow | ((borrow ? 1 : 0) ^ 1))
                remainder = difference & fits.mask | remainder & ~fits.mask
                quotient[bit / 64] |= (fits.mask & 1) << UInt64(bit % 64)
            }
            digits[index] = remainder
            rest = quotient
        }
        digits[3] = rest[0]
        return digits
    }
}
