internal import Primitives

/// The compressed encoding of the BLS signature draft, section 2.5 and appendix A: the bytes of x, whose three
/// spare bits tell that the encoding is compressed, whether the point is the identity, and which root y is.
private enum Flag {
    static let compressed: UInt8 = 0x80
    static let identity: UInt8 = 0x40
    static let large: UInt8 = 0x20
    static let all = compressed | identity | large
}

extension Point {
    /// Reads an encoding; `nil` unless it is the one of a point in the subgroup.
    ///
    /// For public bytes. Costs a square root and the subgroup check.
    init?(compressed: some Collection<UInt8>) {
        var bytes = Array(compressed)
        guard bytes.count == C.Coordinate.byteCount, bytes[0] & Flag.compressed != 0 else { return nil }
        let flags = bytes[0] & Flag.all
        bytes[0] &= ~Flag.all
        if flags & Flag.identity != 0 {
            guard flags == Flag.compressed | Flag.identity, bytes.allSatisfy({ $0 == 0 }) else { return nil }
            self = .identity
            return
        }
        guard let x = C.Coordinate(bytes: bytes),
            let root = (x.squared() * x + C.constant).squareRoot()
        else { return nil }
        let wantsLarge = flags & Flag.large != 0
        // Were y = 0, neither root would be the large one; the curves have no such point in their subgroups.
        let y = root.isLarge.isTrue == wantsLarge ? root : -root
        let point = Point(AffinePoint(x: x, y: y))
        guard y.isLarge.isTrue == wantsLarge, C.isInSubgroup(point) else { return nil }
        self = point
    }

    /// The encoding; no branch depends on the point.
    func compressed<Tag, let size: Int>(as _: FixedBytes<Tag, size>.Type) -> FixedBytes<Tag, size> {
        let (x, y) = coordinates
        let flags =
            UInt64(Flag.compressed) | isIdentity.mask & UInt64(Flag.identity)
            | y.isLarge.mask & UInt64(Flag.large)
        var bytes = FixedBytes<Tag, size>()
        for (index, byte) in x.bytes.enumerated() { bytes[index] = byte }
        bytes[0] |= UInt8(truncatingIfNeeded: flags)
        return bytes
    }
}
