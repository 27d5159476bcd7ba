package import Cryptography

/// A signature with what it is claimed to sign.
package struct SignatureClaim: Sendable {
    /// The signed message.
    package let message: [UInt8]
    /// The key of the alleged signer.
    package let key: PublicKey
    /// The signature.
    package let signature: Signature

    /// A claim, true or false.
    package init(message: [UInt8], key: PublicKey, signature: Signature) {
        self.message = message
        self.key = key
        self.signature = signature
    }

    /// Whether all claims are true, for little more than half of the price of checking each.
    ///
    /// Claims are added up with random weights, so that false ones cannot make up for each other (the "small exponents
    /// test", Bellare, Garay and Rabin 1998): a batch with a false claim passes once in 2^64 times. Each message
    /// costs one pairing, however many claims share it. True for no claims.
    package static func areValid(_ claims: [SignatureClaim], random: inout some SecureRandom) -> Bool {
        let weights = claims.map { _ in weight(&random) }
        let byMessage = Dictionary(grouping: zip(claims, weights)) { $0.0.message }
        var pairs = byMessage.map { message, weighted in
            let key = weighted.reduce(Point.identity) { $0 + $1.0.key.element.point.multiplied(by: $1.1) }
            return (key, HashToG2.hash(message, tag: Suite.signature))
        }
        let total = Point.sum(
            zip(claims, weights).map { ($0.signature.element.point, [$1, 0, 0, 0]) }
        )
        pairs.append((-.generator, total))
        return Pairing.isProductOne(pairs)
    }

    /// Any 64 bits other than 0.
    private static func weight(_ random: inout some SecureRandom) -> UInt64 {
        var weight: UInt64 = 0
        while weight == 0 {
            unsafe withUnsafeMutableBytes(of: &weight) { unsafe random.fill($0) }
        }
        return weight
    }
}
