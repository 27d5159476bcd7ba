internal import CSecp256k1

/// An element of the group: a point, or the identity, which has no encoding and no coordinates.
///
/// Sums and multiples of public points end here, so that a caller cannot overlook that they may vanish. The
/// arithmetic takes a time that depends on the operands: for public ones only.
package enum GroupElement: Hashable, Sendable {
    /// The neutral element, "the point at infinity".
    case identity
    /// Any other element.
    case point(Point)

    /// The point, or `nil` for the identity.
    package var point: Point? {
        switch self {
        case .identity: nil
        case .point(let point): point
        }
    }

    /// A public multiple of the generator.
    package static func generator(times scalar: Scalar) -> GroupElement {
        if scalar.isZero { return .identity }
        var key = secp256k1_pubkey()
        let result = unsafe scalar.withBytes {
            unsafe secp256k1_ec_pubkey_create(Libraries.shared.secp256k1, &key, $0)
        }
        precondition(result == 1, "a scalar is not below the group order")
        return .point(Point(key))
    }

    /// The sum of any number of elements; the identity for none.
    package static func sum(_ elements: some Sequence<GroupElement>) -> GroupElement {
        sum(elements.compactMap(\.point))
    }

    /// The sum of any number of points; the identity for none.
    package static func sum(_ points: [Point]) -> GroupElement {
        if points.isEmpty { return .identity }
        let keys = points.map(\.key)
        var total = secp256k1_pubkey()
        let result = unsafe keys.withUnsafeBufferPointer { keys -> Int32 in
            let base = keys.baseAddress
            let addresses = unsafe keys.indices.map { unsafe base?.advanced(by: $0) }
            return unsafe secp256k1_ec_pubkey_combine(
                Libraries.shared.secp256k1,
                &total,
                addresses,
                addresses.count
            )
        }
        // With at least one valid point the only reason for 0 is a sum at infinity.
        return result == 1 ? .point(Point(total)) : .identity
    }

    /// The sum of two elements.
    package static func + (left: GroupElement, right: GroupElement) -> GroupElement {
        sum([left, right])
    }

    /// A public multiple.
    package static func * (element: GroupElement, scalar: Scalar) -> GroupElement {
        guard let point = element.point, !scalar.isZero else { return .identity }
        var key = point.key
        let result = unsafe scalar.withBytes {
            unsafe secp256k1_ec_pubkey_tweak_mul(Libraries.shared.secp256k1, &key, $0)
        }
        precondition(result == 1, "a scalar is not below the group order")
        return .point(Point(key))
    }
}

extension Point {
    /// A public multiple.
    package static func * (point: Point, scalar: Scalar) -> GroupElement {
        GroupElement.point(point) * scalar
    }
}
