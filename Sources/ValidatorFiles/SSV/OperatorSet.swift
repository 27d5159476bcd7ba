package import BLS12381

/// The sizes of committees that SSV knows.
package enum OperatorSet {
    /// Four, seven, ten or thirteen: 3 f + 1.
    package static let sizes = [4, 7, 10, 13]

    /// How many shares make a signature: 2 f + 1.
    package static func threshold(of size: Int) -> Int { size - (size - 1) / 3 }

    /// What keeps share keys from being the values of one polynomial, of a degree one below the threshold, at the
    /// operators' ids and the validator's key at 0.
    ///
    /// Adding up all shares, as SSV's own check does, holds also for polynomials of a higher degree, whose shares make
    /// no signature unless all take part. So here the first `threshold` shares have to give the validator's key, and
    /// each other share with all but the last of these; that fixes it on their polynomial. And one share less must not
    /// give the key, or fewer operators than promised could sign. `nil` when all is well.
    package static func fault(
        in shares: [(index: ShareIndex, element: G1)],
        threshold: Int,
        of validator: G1
    ) -> String? {
        guard (1...max(shares.count, 1)).contains(threshold) else { return "there are too few shares" }
        guard G1.interpolate(Array(shares[..<threshold])) == validator else {
            return "the first \(threshold) shares do not add up to the validator's key"
        }
        let base = shares[..<(threshold - 1)]
        guard G1.interpolate(Array(base)) != validator else {
            return "fewer than \(threshold) shares make the validator's key"
        }
        for share in shares[threshold...] where G1.interpolate(base + [share]) != validator {
            return
                "the share of operator \(share.index.rawValue) is not on the polynomial of the first \(threshold)"
        }
        return nil
    }
}
