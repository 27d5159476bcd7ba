/// What tells the two curves apart: y^2 = x^3 + b over a field.
protocol Curve: Sendable {
    associatedtype Coordinate: CoordinateField

    /// b.
    static var constant: Coordinate { get }
    /// 3 b times the value, by additions.
    static func timesTripledConstant(_ value: Coordinate) -> Coordinate
    /// The generator of the subgroup of order r that everyone uses.
    static var generator: AffinePoint<Self> { get }
    /// Whether a point of the curve lies in the subgroup of order r.
    static func isInSubgroup(_ point: Point<Self>) -> Bool
    /// How to multiply a point of the subgroup fast.
    static var ladder: Ladder<Self> { get }
}

/// A point that is not the identity, by its coordinates.
struct AffinePoint<C: Curve>: Sendable, Equatable {
    var x: C.Coordinate
    var y: C.Coordinate

    static prefix func - (point: AffinePoint) -> AffinePoint {
        AffinePoint(x: point.x, y: -point.y)
    }
}

/// A point of a curve in homogeneous coordinates: (x : y : z) stands for (x / z, y / z), and z = 0 for the identity.
///
/// The formulas are complete (Renes, Costello, Batina 2015, section 3.2, for a = 0): the same operations for any
/// two points, equal, opposite or the identity. Nothing here branches on a coordinate but what says that it does.
struct Point<C: Curve>: Sendable {
    var x: C.Coordinate
    var y: C.Coordinate
    var z: C.Coordinate

    static var identity: Point { Point(x: .zero, y: .one, z: .zero) }

    static var generator: Point { Point(C.generator) }

    @inline(__always) init(x: C.Coordinate, y: C.Coordinate, z: C.Coordinate) {
        self.x = x
        self.y = y
        self.z = z
    }

    @inline(__always) init(_ point: AffinePoint<C>) {
        self.init(x: point.x, y: point.y, z: .one)
    }

    @inline(__always) var isIdentity: Choice { z.isZero }

    /// Algorithm 7.
    static func + (left: Point, right: Point) -> Point {
        combine(
            xx: left.x * right.x,
            yy: left.y * right.y,
            zz: left.z * right.z,
            xy: .sumOfProducts(left.x, right.y, right.x, left.y),
            yz: .sumOfProducts(left.y, right.z, right.y, left.z),
            xz: .sumOfProducts(left.x, right.z, right.x, left.z)
        )
    }

    /// Algorithm 8.
    static func + (left: Point, right: AffinePoint<C>) -> Point {
        combine(
            xx: left.x * right.x,
            yy: left.y * right.y,
            zz: left.z,
            xy: .sumOfProducts(left.x, right.y, right.x, left.y),
            yz: left.y + right.y * left.z,
            xz: left.x + right.x * left.z
        )
    }

    /// The end of algorithms 7 and 8, from the products of coordinates, mixed ones symmetrised.
    @inline(__always) private static func combine(
        xx: C.Coordinate,
        yy: C.Coordinate,
        zz: C.Coordinate,
        xy: C.Coordinate,
        yz: C.Coordinate,
        xz: C.Coordinate
    ) -> Point {
        let bzz = C.timesTripledConstant(zz)
        let bxz = C.timesTripledConstant(xz)
        let plus = yy + bzz
        let minus = yy - bzz
        let tripled = xx.doubled() + xx
        return Point(
            x: .differenceOfProducts(xy, minus, yz, bxz),
            y: .sumOfProducts(plus, minus, bxz, tripled),
            z: .sumOfProducts(yz, plus, tripled, xy)
        )
    }

    /// Algorithm 9.
    func doubled() -> Point {
        doubled(yy: y.squared(), bzz: C.timesTripledConstant(z.squared()), yz: y * z)
    }

    /// Algorithm 9 from its first products, which a Miller loop needs for itself: y^2, 3 b z^2 and y z.
    @inline(__always) func doubled(yy: C.Coordinate, bzz: C.Coordinate, yz: C.Coordinate) -> Point {
        let eightfold = yy.doubled().doubled().doubled()
        let minus = yy - bzz.doubled() - bzz
        return Point(
            x: (x * y * minus).doubled(),
            y: .sumOfProducts(bzz, eightfold, minus, yy + bzz),
            z: yz * eightfold
        )
    }

    static func += (left: inout Point, right: Point) { left = left + right }

    static func += (left: inout Point, right: AffinePoint<C>) { left = left + right }

    static func - (left: Point, right: Point) -> Point { left + -right }

    static prefix func - (point: Point) -> Point {
        Point(x: point.x, y: -point.y, z: point.z)
    }

    @inline(__always) static func select(_ choice: Choice, _ yes: Point, _ no: Point) -> Point {
        Point(
            x: .select(choice, yes.x, no.x),
            y: .select(choice, yes.y, no.y),
            z: .select(choice, yes.z, no.z)
        )
    }

    /// The coordinates, both 0 for the identity; without a branch, so that z, which would tell of the way to the
    /// point (Naccache, Smart and Stern 2004), stays secret.
    var coordinates: (x: C.Coordinate, y: C.Coordinate) {
        let inverse = z.inverted()
        return (x * inverse, y * inverse)
    }

    /// The same point with z = 1, or z = 0 for the identity; without a branch.
    var normalized: Point {
        let (x, y) = coordinates
        return .select(isIdentity, .identity, Point(x: x, y: y, z: .one))
    }

    /// The point by its coordinates; `nil` for the identity.
    var affine: AffinePoint<C>? {
        guard !isIdentity.isTrue else { return nil }
        let (x, y) = coordinates
        return AffinePoint(x: x, y: y)
    }

    /// The points by their coordinates, by one inversion for all of them.
    static func affine(_ points: [Point]) -> [AffinePoint<C>?] {
        var inverses = points.map(\.z)
        invertAll(&inverses)
        return zip(points, inverses).map { point, inverse in
            point.isIdentity.isTrue ? nil : AffinePoint(x: point.x * inverse, y: point.y * inverse)
        }
    }
}

extension Point: Equatable {
    static func == (left: Point, right: Point) -> Bool {
        left.x * right.z == right.x * left.z && left.y * right.z == right.y * left.z
            && left.isIdentity.mask == right.isIdentity.mask
    }
}
