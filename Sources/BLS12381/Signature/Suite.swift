/// The domain separation tags of the ciphersuite BLS_SIG_BLS12381G2_XMD:SHA-256_SSWU_RO_POP_, public keys in G1 and
/// signatures in G2 (draft-irtf-cfrg-bls-signature-05, section 4.2.3).
enum Suite {
    static let signature = Array("BLS_SIG_BLS12381G2_XMD:SHA-256_SSWU_RO_POP_".utf8)
    static let possession = Array("BLS_POP_BLS12381G2_XMD:SHA-256_SSWU_RO_POP_".utf8)

    /// Whether e(key, point) = e(generator, signature).
    static func isValid(_ signature: G2, of point: Point<G2Curve>, by key: G1) -> Bool {
        Pairing.isProductOne([(key.point, point), (-.generator, signature.point)])
    }
}
