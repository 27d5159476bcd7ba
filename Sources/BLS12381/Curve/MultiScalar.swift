extension Point {
    /// The sum of multiples of points in the subgroup, by public numbers.
    ///
    /// Pippenger's method: for each window of the factors every point goes into the bucket of its digit, and the
    /// buckets are added up with their weights by running sums.
    static func sum(_ terms: [(point: Point, number: Words<4>)]) -> Point {
        let ladder = C.ladder
        let affine = Point.affine(terms.map(\.point))
        let parts = zip(affine, terms).flatMap { point, term in
            point.map { ladder.terms($0, CurveParameter.digits(of: term.number)) } ?? []
        }.filter { $0.factor != 0 }
        let bits = 64 * ladder.doublings
        let width = windowWidth(terms: parts.count)
        var total = Point.identity
        for window in (0..<((bits + width - 1) / width)).reversed() {
            for _ in 0..<width { total = total.doubled() }
            total += windowSum(parts, shift: UInt128(window * width), width: width)
        }
        return total
    }

    private static func windowSum(
        _ parts: [(point: AffinePoint<C>, factor: UInt128)],
        shift: UInt128,
        width: Int
    ) -> Point {
        var buckets = [Point](repeating: .identity, count: 1 << width)
        for (point, factor) in parts {
            let digit = Int(truncatingIfNeeded: factor >> shift) & (1 << width - 1)
            if digit != 0 { buckets[digit] += point }
        }
        var running = Point.identity
        var sum = Point.identity
        for bucket in buckets.dropFirst().reversed() {
            running += bucket
            sum += running
        }
        return sum
    }

    /// The width at which filling the buckets and adding them up cost the least together.
    private static func windowWidth(terms: Int) -> Int {
        let cost = { (width: Int) in (terms + 2 << width) * (128 / width + 1) }
        return (1...12).min { cost($0) < cost($1) } ?? 1
    }
}
