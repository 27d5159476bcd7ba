internal import Cryptography
package import Primitives

/// Tells proofs of possession in G1 from other strings of 64 bytes.
package enum G1PossessionTag {}

/// A proof that somebody knows the secret a of A = a G, for a message that says who, where and for what: c || z.
///
/// Schnorr's proof (as in FROST, Komlo and Goldberg 2020, figure 1): for a nonce k, c = hash_to_field(message || A || k G)
/// under `oracle/dkg/pop/bls12381-g1/v1` and z = k + c a; 32 bytes each, big-endian.
package typealias G1PossessionProof = FixedBytes<G1PossessionTag, 64>

private let challengeTag = Array("oracle/dkg/pop/bls12381-g1/v1".utf8)
private let nonceTag = Array("oracle/dkg/pop-nonce/bls12381-g1/v1".utf8)

extension G1PossessionProof {
    /// Proves knowledge of a secret that is not zero.
    ///
    /// k = hash_to_field(32 random bytes || a || message) under a tag of its own: a weak generator alone does not give a
    /// away.
    init(of secret: SecretFr, message: Digest, random: inout some SecureRandom) {
        let fresh = SecretBytes(count: 32, random: &random)
        let input = unsafe SecretBytes(count: 96) { input in
            unsafe fresh.withUnsafeBytes { unsafe input.copyMemory(from: $0) }
            let middle = unsafe UnsafeMutableRawBufferPointer(rebasing: input[32..<64])
            unsafe secret.bytes.withUnsafeBytes { unsafe middle.copyMemory(from: $0) }
            unsafe UnsafeMutableRawBufferPointer(rebasing: input[64...]).copyBytes(from: message.array)
        }
        let nonce = SecretFr(hashing: input, tag: nonceTag)
        let challenge = Self.challenge(message, secret.publicElement, nonce.publicElement)
        let response = SecretFr { nonce.value + secret.value * challenge }.published()
        self.init()
        for index in 0..<32 {
            self[index] = challenge.bytes[index]
            self[32 + index] = response.bytes[index]
        }
    }

    /// Whether this proves that the message's author knows the secret of an element.
    func isValid(for element: G1, message: Digest) -> Bool {
        guard
            let challenge = FrBytes(array.prefix(32)).flatMap({ Fr($0) }),
            let response = FrBytes(array.suffix(32)).flatMap({ Fr($0) })
        else { return false }
        let commitment = G1.sum([
            (element: .generator, scalar: response), (element: element, scalar: -challenge),
        ])
        return !commitment.isIdentity && Self.challenge(message, element, commitment) == challenge
    }

    private static func challenge(_ message: Digest, _ element: G1, _ commitment: G1) -> Fr {
        let input = message.array + element.compressed.array + commitment.compressed.array
        return Fr(hashing: input, tag: challengeTag)
    }
}
