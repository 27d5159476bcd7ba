package import Primitives

extension GroupPublicKey {
    /// The contract's way to verify, step by step: one `ecrecover` and one comparison of addresses.
    ///
    /// Equal to ``isValid(_:of:)`` for every input. It serves to check that equality, and to foretell off-chain what
    /// a call will answer: with h = -z px, v = 27 + parity, r = px and s = -e px, `ecrecover` yields the address of
    /// z G - e P, which is R's when the signature is valid.
    package func isAcceptedOnChain(_ signature: GroupSignature, of statement: StatementDigest) -> Bool {
        guard let parts = signature.parts, let px = compressed.coordinateAsScalar else { return false }
        let challenge = challenge(commitment: signature.commitment, message: statement.digest.array)
        guard !px.isZero, !challenge.isZero else { return false }
        let recovered = KeyRecovery.key(
            message: -(parts.response * px),
            r: px,
            s: -(challenge * px),
            isOdd: compressed[0] == 3
        )
        return recovered?.address == parts.commitment.address
    }
}
