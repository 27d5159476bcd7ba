/// What the curves, the tower and their formulas need of a field.
///
/// Operations run in a time that does not depend on the values, ``isZero`` and `==` included; only who branches on
/// the answer makes it public.
protocol Field: Equatable, Sendable {
    static var zero: Self { get }
    static var one: Self { get }

    static func + (left: Self, right: Self) -> Self
    static func - (left: Self, right: Self) -> Self
    static func * (left: Self, right: Self) -> Self
    static prefix func - (value: Self) -> Self

    /// a b + c d, cheaper than two products.
    static func sumOfProducts(_ a: Self, _ b: Self, _ c: Self, _ d: Self) -> Self
    /// a b - c d, cheaper than two products.
    static func differenceOfProducts(_ a: Self, _ b: Self, _ c: Self, _ d: Self) -> Self
    func squared() -> Self
    /// 1 / value, and 0 for 0.
    func inverted() -> Self
    /// Whether the value is 0.
    var isZero: Choice { get }
    /// `yes` or `no`, by arithmetic.
    static func select(_ choice: Choice, _ yes: Self, _ no: Self) -> Self
    /// Whether two values are the same.
    static func isEqual(_ left: Self, _ right: Self) -> Choice
}

/// A field that coordinates of points come from.
protocol CoordinateField: Field {
    /// The length of an encoding.
    static var byteCount: Int { get }
    /// Reads ``byteCount`` big-endian bytes; `nil` when a number in them is not below p.
    init?(bytes: some Collection<UInt8>)
    /// The canonical encoding.
    var bytes: [UInt8] { get }
    /// Whether the value comes after its negative in the order of the encodings.
    var isLarge: Choice { get }
    /// A square root; `nil` for what is no square.
    func squareRoot() -> Self?
}

extension Field {
    @inline(__always) func doubled() -> Self { self + self }

    static func == (left: Self, right: Self) -> Bool { isEqual(left, right).isTrue }

    @inline(__always) static func += (left: inout Self, right: Self) { left = left + right }
    @inline(__always) static func -= (left: inout Self, right: Self) { left = left - right }
    @inline(__always) static func *= (left: inout Self, right: Self) { left = left * right }

    /// The value to a public power, given by the words of the exponent.
    ///
    /// Windows of four bits; the time depends on the exponent only.
    func power<let count: Int>(_ exponent: Words<count>) -> Self {
        var powers = InlineArray<16, Self>(repeating: .one)
        for index in 1..<16 { powers[index] = powers[index - 1] * self }
        var result = Self.one
        var isOne = true
        for index in (0..<(16 * count)).reversed() {
            if !isOne { result = result.squared().squared().squared().squared() }
            let window = Int(exponent[index / 16] >> UInt64(index % 16 * 4) & 15)
            if window != 0 {
                result *= powers[window]
                isOne = false
            }
        }
        return result
    }
}

/// Replaces each value by its inverse, and 0 by 0, at the price of one inversion and three products for each
/// (Montgomery's trick).
///
/// For public values: which ones are 0 shows in the time.
func invertAll<F: Field>(_ values: inout [F]) {
    var products: [F] = []
    products.reserveCapacity(values.count)
    var product = F.one
    for value in values {
        products.append(product)
        if !value.isZero.isTrue { product *= value }
    }
    var inverse = product.inverted()
    for index in values.indices.reversed() where !values[index].isZero.isTrue {
        let value = values[index]
        values[index] = inverse * products[index]
        inverse *= value
    }
}
