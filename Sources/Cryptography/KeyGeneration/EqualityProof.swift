package import Primitives

/// A proof that two points have one secret logarithm: X = x G and S = x E for one x (Chaum and Pedersen, 1992).
package struct EqualityProof: SSZContainer {
    /// c.
    package var challenge: ScalarBytes
    /// z = k + c x.
    package var response: ScalarBytes

    /// Joins the two; nothing is checked.
    package init(challenge: ScalarBytes, response: ScalarBytes) {
        self.challenge = challenge
        self.response = response
    }

    package static let fields = [
        SSZField("challenge", ScalarBytes.self),
        SSZField("response", ScalarBytes.self),
    ]

    package func visit(_ visitor: inout SSZFieldVisitor) {
        visitor.field(challenge)
        visitor.field(response)
    }

    package init(fields reader: inout SSZFieldReader) throws(SSZError) {
        challenge = try reader.field()
        response = try reader.field()
    }
}

/// What an ``EqualityProof`` speaks about, and where.
struct EqualityStatement {
    private static let challengeTag = Array("oracle/dleq/v1".utf8)
    private static let nonceTag = Array("oracle/dleq-nonce/v1".utf8)

    let session: KeyGenerationID
    let dealer: MemberIndex
    let accuser: MemberIndex
    /// X = x G.
    let key: Point
    /// E, the second base.
    let base: Point
    /// S = x E.
    let shared: Point

    /// Proves the statement with the secret x.
    ///
    /// k = hash_to_field(32 random bytes || x || context) under `oracle/dleq-nonce/v1`: a weak generator alone does not
    /// give x away.
    func prove(_ secret: SecretScalar, random: inout some SecureRandom) -> EqualityProof {
        let context = context
        let fresh = SecretBytes(count: 32, random: &random)
        let input = unsafe SecretBytes(count: 64 + context.count) { input in
            unsafe fresh.withUnsafeBytes { unsafe input.copyMemory(from: $0) }
            unsafe secret.withBytes { unsafe (input.bytes + 32).update(from: $0, count: 32) }
            unsafe UnsafeMutableRawBufferPointer(rebasing: input[64...]).copyBytes(from: context)
        }
        let nonce = SecretScalar(hashing: input, tag: Self.nonceTag)
        guard let first = nonce.publicElement.point else {
            preconditionFailure("a nonce is zero: SHA-256 gave an output of which nobody knows an example")
        }
        let second = DiffieHellman.published(nonce, base)
        let challenge = challenge(first, second)
        let response = (nonce + secret * challenge).published()
        return EqualityProof(challenge: challenge.bytes, response: response.bytes)
    }

    /// Whether the proof convinces: c = hash of the context, z G - c X and z E - c S.
    func isProven(by proof: EqualityProof) -> Bool {
        guard let challenge = Scalar(proof.challenge), let response = Scalar(proof.response) else {
            return false
        }
        let first = GroupElement.difference(response, minus: challenge, times: key)
        let second = base * response + shared * -challenge
        guard let first = first.point, let second = second.point else { return false }
        return self.challenge(first, second) == challenge
    }

    /// c = hash_to_field(context || k G || k E) under `oracle/dleq/v1`.
    private func challenge(_ first: Point, _ second: Point) -> Scalar {
        Scalar(hashing: context + first.compressed.array + second.compressed.array, tag: Self.challengeTag)
    }

    /// `sid || uint16(dealer) || uint16(accuser) || X || E || S`, integers big-endian, points compressed.
    private var context: [UInt8] {
        var bytes = session.array
        dealer.rawValue.encodeBigEndian(to: &bytes)
        accuser.rawValue.encodeBigEndian(to: &bytes)
        bytes += key.compressed.array
        bytes += base.compressed.array
        bytes += shared.compressed.array
        return bytes
    }
}
