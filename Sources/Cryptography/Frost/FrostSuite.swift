internal import Primitives

/// The hash functions of FROST(secp256k1, SHA-256) (RFC 9591, section 6.5).
enum FrostSuite {
    private static func tag(_ purpose: String) -> [UInt8] {
        Array("FROST-secp256k1-SHA256-v1\(purpose)".utf8)
    }
    private static let bindingTag = tag("rho")
    private static let challengeTag = tag("chal")
    private static let nonceTag = tag("nonce")
    private static let messageTag = tag("msg")
    private static let commitmentTag = tag("com")

    /// H1: binding factors.
    static func bindingFactor(_ input: [UInt8]) -> Scalar {
        Scalar(hashing: input, tag: bindingTag)
    }

    /// H2: the challenge.
    static func challenge(_ input: [UInt8]) -> Scalar {
        Scalar(hashing: input, tag: challengeTag)
    }

    /// H3: nonces.
    static func nonce(_ input: SecretBytes) -> SecretScalar {
        SecretScalar(hashing: input, tag: nonceTag)
    }

    /// H4: the message.
    static func messageHash(_ message: [UInt8]) -> Digest {
        SHA256.hash(messageTag + message)
    }

    /// H5: the commitment list.
    static func commitmentHash(_ encoding: [UInt8]) -> Digest {
        SHA256.hash(commitmentTag + encoding)
    }
}
