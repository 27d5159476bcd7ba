package import Primitives

/// Tells encoded points of G2 from other strings of 96 bytes.
package enum G2Tag {}

/// A point of G2 in compressed form; not checked to be one.
package typealias G2Bytes = FixedBytes<G2Tag, 96>

/// A public element of G2, the subgroup of order r of E': signatures and hashed messages, the identity included.
package struct G2: Sendable, Equatable {
    let point: Point<G2Curve>

    /// The neutral element.
    package static let identity = G2(.identity)
    /// The generator of the curve's specification.
    package static let generator = G2(.generator)

    init(_ point: Point<G2Curve>) {
        self.point = point
    }

    /// Decodes a point, or answers `nil` when the bytes are not the compressed form of an element of G2.
    ///
    /// Takes about 0.2 ms, so a point is decoded once and kept.
    package init?(_ bytes: G2Bytes) {
        guard let point = Point<G2Curve>(compressed: bytes.array) else { return nil }
        self.init(point)
    }

    /// The form peers exchange.
    ///
    /// Takes an inversion, about 25 µs.
    package var compressed: G2Bytes { point.compressed(as: G2Bytes.self) }

    /// Whether the element is the neutral one.
    package var isIdentity: Bool { point.isIdentity.isTrue }

    /// The sum.
    package static func + (left: G2, right: G2) -> G2 { G2(left.point + right.point) }

    /// The difference.
    package static func - (left: G2, right: G2) -> G2 { G2(left.point - right.point) }

    /// The element with the other y.
    package static prefix func - (element: G2) -> G2 { G2(-element.point) }

    /// A public multiple.
    package static func * (element: G2, scalar: Fr) -> G2 {
        G2(element.point.multiplied(byDigits: CurveParameter.digits(of: scalar.number)))
    }

    /// The sum of public multiples, much cheaper than multiplying one by one.
    package static func sum(_ terms: [(element: G2, scalar: Fr)]) -> G2 {
        G2(.sum(terms.map { ($0.element.point, $0.scalar.number) }))
    }
}

extension G2: CustomStringConvertible {
    package var description: String { compressed.description }
}
