package import Primitives

/// A proof that two points have one secret logarithm: X = x G and S = x E for one x (Chaum and Pedersen, 1992).
package struct SharingEqualityProof<Group: SharingGroup>: SSZContainer {
    /// c.
    package var challenge: Group.ScalarBytes
    /// z = k + c x.
    package var response: Group.ScalarBytes

    /// Joins the two; nothing is checked.
    package init(challenge: Group.ScalarBytes, response: Group.ScalarBytes) {
        self.challenge = challenge
        self.response = response
    }

    package static var sszTypeName: String { "\(Group.containerPrefix)EqualityProof" }

    package static var fields: [SSZField] {
        [
            SSZField("challenge", Group.ScalarBytes.self),
            SSZField("response", Group.ScalarBytes.self),
        ]
    }

    package func visit(_ visitor: inout SSZFieldVisitor) {
        visitor.field(challenge)
        visitor.field(response)
    }

    package init(fields reader: inout SSZFieldReader) throws(SSZError) {
        challenge = try reader.field()
        response = try reader.field()
    }
}

/// What a ``SharingEqualityProof`` speaks about, and where.
struct EqualityStatement<Group: SharingGroup> {
    let session: KeyGenerationID
    let dealer: Group.Index
    let accuser: Group.Index
    /// X = x G.
    let key: Group.Element
    /// E, the second base.
    let base: Group.Element
    /// S = x E.
    let shared: Group.Element

    /// Proves the statement with the secret x.
    ///
    /// k = hash_to_field(32 random bytes || x || context) under a tag of its own: a weak generator alone does not
    /// give x away.
    func prove(_ secret: Group.Secret, random: inout some SecureRandom) -> SharingEqualityProof<Group> {
        let context = context
        let fresh = SecretBytes(count: 32, random: &random)
        let encoding = Group.encoding(of: secret)
        let input = unsafe SecretBytes(count: 64 + context.count) { input in
            unsafe fresh.withUnsafeBytes { unsafe input.copyMemory(from: $0) }
            let rest = unsafe UnsafeMutableRawBufferPointer(rebasing: input[32..<64])
            unsafe encoding.withUnsafeBytes { unsafe rest.copyMemory(from: $0) }
            unsafe UnsafeMutableRawBufferPointer(rebasing: input[64...]).copyBytes(from: context)
        }
        let nonce = Group.hash(input, tag: Group.tags.equalityNonce)
        guard let first = Group.publicElement(of: nonce) else {
            preconditionFailure("a nonce is zero: SHA-256 gave an output of which nobody knows an example")
        }
        let second = Group.published(nonce, times: base)
        let challenge = challenge(first, second)
        let response = Group.published(Group.sum(nonce, secret, times: challenge))
        return SharingEqualityProof(
            challenge: Group.bytes(of: challenge),
            response: Group.bytes(of: response)
        )
    }

    /// Whether the proof convinces: c = hash of the context, z G - c X and z E - c S.
    func isProven(by proof: SharingEqualityProof<Group>) -> Bool {
        guard let challenge = Group.scalar(proof.challenge), let response = Group.scalar(proof.response),
            let first = Group.difference(response, minus: challenge, times: key),
            let second = Group.difference(response, of: base, minus: challenge, times: shared)
        else { return false }
        return self.challenge(first, second) == challenge
    }

    /// c = hash_to_field(context || k G || k E).
    private func challenge(_ first: Group.Element, _ second: Group.Element) -> Group.Scalar {
        var message = context
        Group.bytes(of: first).encode(to: &message)
        Group.bytes(of: second).encode(to: &message)
        return Group.hash(message, tag: Group.tags.equality)
    }

    /// `sid || dealer || accuser || X || E || S`, indices big-endian, points compressed.
    private var context: [UInt8] {
        var bytes = session.array + Group.bytes(of: dealer) + Group.bytes(of: accuser)
        for element in [key, base, shared] { Group.bytes(of: element).encode(to: &bytes) }
        return bytes
    }
}
