package import Primitives

/// Tells encoded points of G1 from other strings of 48 bytes.
package enum G1Tag {}

/// A point of G1 in compressed form; not checked to be one.
package typealias G1Bytes = FixedBytes<G1Tag, 48>

/// A public element of G1, the subgroup of order r of E: public keys and commitments, the identity included.
package struct G1: Sendable, Equatable {
    let point: Point<G1Curve>

    /// The neutral element.
    package static let identity = G1(.identity)
    /// The generator of the curve's specification.
    package static let generator = G1(.generator)

    init(_ point: Point<G1Curve>) {
        self.point = point
    }

    /// Decodes a point, or answers `nil` when the bytes are not the compressed form of an element of G1.
    ///
    /// Takes about 0.1 ms, so a point is decoded once and kept.
    package init?(_ bytes: G1Bytes) {
        guard let point = Point<G1Curve>(compressed: bytes.array) else { return nil }
        self.init(point)
    }

    /// The form peers exchange.
    ///
    /// Takes an inversion, about 25 µs.
    package var compressed: G1Bytes { point.compressed(as: G1Bytes.self) }

    /// Whether the element is the neutral one.
    package var isIdentity: Bool { point.isIdentity.isTrue }

    /// The sum.
    package static func + (left: G1, right: G1) -> G1 { G1(left.point + right.point) }

    /// The difference.
    package static func - (left: G1, right: G1) -> G1 { G1(left.point - right.point) }

    /// The element with the other y.
    package static prefix func - (element: G1) -> G1 { G1(-element.point) }

    /// A public multiple.
    package static func * (element: G1, scalar: Fr) -> G1 {
        G1(element.point.multiplied(byDigits: CurveParameter.digits(of: scalar.number)))
    }

    /// The sum of public multiples, much cheaper than multiplying one by one.
    package static func sum(_ terms: [(element: G1, scalar: Fr)]) -> G1 {
        G1(.sum(terms.map { ($0.element.point, $0.scalar.number) }))
    }
}

extension G1: CustomStringConvertible {
    package var description: String { compressed.description }
}
