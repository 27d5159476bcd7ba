internal import Primitives

/// A pair of secret nonces, good for one signature share.
///
/// Two shares from one pair would reveal the signer's secret. So the pair cannot be copied, and signing consumes
/// it: that it is used once is checked by the compiler.
package struct SigningNonces: ~Copyable, Sendable {
    /// What others are told about the pair.
    package let commitment: NonceCommitment
    let hiding: SecretScalar
    let binding: SecretScalar

    /// A fresh pair for the holder of `share` (RFC 9591, section 4.1).
    ///
    /// Each nonce hashes 32 random bytes together with the share, so that a weak generator alone does not give
    /// the share away.
    package init(share: SecretShare, random: inout some SecureRandom) {
        let hidingRandom = SecretBytes(count: 32, random: &random)
        let bindingRandom = SecretBytes(count: 32, random: &random)
        self.init(share: share, hidingRandom: hidingRandom, bindingRandom: bindingRandom)
    }

    init(share: SecretShare, hidingRandom: SecretBytes, bindingRandom: SecretBytes) {
        hiding = Self.nonce(hidingRandom, share)
        binding = Self.nonce(bindingRandom, share)
        guard let hiding = hiding.publicElement.point, let binding = binding.publicElement.point else {
            preconditionFailure("a nonce is zero: SHA-256 gave an output of which nobody knows an example")
        }
        commitment = NonceCommitment(hiding: hiding.compressed, binding: binding.compressed)
    }

    /// H3(random || share).
    private static func nonce(_ random: SecretBytes, _ share: SecretShare) -> SecretScalar {
        FrostSuite.nonce(
            unsafe SecretBytes(count: 64) { input in
                unsafe random.withUnsafeBytes { unsafe input.copyMemory(from: $0) }
                unsafe share.secret.withBytes { unsafe (input.bytes + 32).update(from: $0, count: 32) }
            }
        )
    }
}
