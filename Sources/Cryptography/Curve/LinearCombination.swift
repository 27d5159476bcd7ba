internal import Primitives

extension GroupElement {
    /// `z * G - e * P` for public z, e and P: what Schnorr verification comes down to.
    ///
    /// Done by ECDSA public-key recovery, the one double multiplication in libsecp256k1's interface: recovery
    /// answers r^-1 (s R - m G), where R has the x coordinate r and a chosen parity. With R = P, s = -e r and
    /// m = -z r that is z G - e P. It takes P.x < Q and e != 0, and has no answer at infinity; those
    /// cases take the two multiplications apart.
    static func difference(_ z: Scalar, minus e: Scalar, times point: Point) -> GroupElement {
        byRecovery(z, e, point).map { .point($0) } ?? (generator(times: z) + point * -e)
    }

    private static func byRecovery(_ z: Scalar, _ e: Scalar, _ point: Point) -> Point? {
        let compressed = point.compressed
        guard let r = compressed.coordinateAsScalar else { return nil }
        return KeyRecovery.key(message: -(z * r), r: r, s: -(e * r), isOdd: compressed[0] == 3)
    }
}

extension CompressedPoint {
    /// The x coordinate as a scalar, or `nil` when it is not below the group order.
    var coordinateAsScalar: Scalar? {
        var x = ScalarBytes()
        for index in 0..<32 { x[index] = self[index + 1] }
        return Scalar(x)
    }
}
