package import Primitives
internal import Synchronization

/// The signer's side of FROST: keeps secret nonces in memory, and makes at most one share with each pair.
///
/// Rules, each of which has a test:
/// - Nonces are hedged (``SigningNonces``) and exist in locked memory alone. A crash loses them, which is harmless.
/// - A pair belongs to one ``NonceContext`` and signs in no other.
/// - A pair leaves the table before its share is computed, in one synchronous step under a lock, so no interleaving
///   of calls uses it twice. If the computation is refused, the pair is spent nevertheless.
/// - A repeated request gets the share it got before; a different request for a spent pair is refused.
/// - Only the two newest views have pairs; leaving a view wipes its pairs.
/// - A context gets at most n - t + 1 pairs: one for each session that ROAST can need.
package final class NonceVault: Sendable {
    /// The most contexts that one view may have at a time.
    package static let contextsPerView = 64

    private let contents: Mutex<NonceVaultContents>

    /// An empty vault.
    package init() {
        contents = Mutex(NonceVaultContents())
    }

    /// Makes a pair for a context and answers what to promise the coordinator.
    ///
    /// Size and threshold of the key that will sign limit how many pairs a context gets.
    ///
    /// - Throws: ``NonceVaultError/viewLeftBehind(_:)``, ``NonceVaultError/exhausted(_:)`` or
    ///   ``NonceVaultError/tooManyContexts(_:)``.
    package func promise(
        in context: NonceContext,
        share: SecretShare,
        key: GroupKey,
        random: inout some SecureRandom
    ) throws(NonceVaultError) -> NonceCommitment {
        let nonces = SigningNonces(share: share, random: &random)
        let commitment = nonces.commitment
        let held = HeldNonces(nonces)
        let limit = key.size - key.threshold + 1
        let fault = contents.withLock { $0.add(held, commitment, to: context, limit: limit) }
        if let fault { throw fault }
        return commitment
    }

    /// Makes this member's share in a round, or repeats the one made before.
    ///
    /// The context is what the member itself knows the request to be about: its epoch, its view, who asked over an
    /// authenticated link, and the statement the member has built. Never what the request claims.
    ///
    /// - Throws: ``NonceVaultError/unknownCommitment``, ``NonceVaultError/spent`` or ``NonceVaultError/round(_:)``.
    package func share(
        for commitments: [SignerCommitment],
        in context: NonceContext,
        share: SecretShare,
        key: GroupKey
    ) throws(NonceVaultError) -> Scalar {
        guard let own = commitments.first(where: { $0.signer == share.member }) else {
            throw .round(.notASigner(share.member))
        }
        let request = Self.fingerprint(of: commitments, under: key)
        let result = contents.withLock { contents in
            contents.share(for: own.nonces, request: request, in: context) { nonces throws(FrostError) in
                let round = try SigningRound(commitments: commitments, key: key, statement: context.statement)
                return try round.share(of: share, using: nonces)
            }
        }
        return try result.get()
    }

    /// Wipes all that was promised in views before this one; asked to promise in one of them again, it refuses.
    package func leaveViews(before view: View) {
        contents.withLock { $0.leaveViews(before: view) }
    }

    /// Wipes what was promised for one statement, because it is signed or not wanted any more.
    package func forget(_ context: NonceContext) {
        contents.withLock { $0.forget(context) }
    }

    /// Wipes everything: after a restored snapshot the same pairs may exist elsewhere.
    package func forgetAll() {
        contents.withLock { $0.forgetAll() }
    }

    /// How many unused pairs there are.
    package var pairs: Int {
        contents.withLock { $0.pairs }
    }

    /// Tells requests apart: two with one fingerprint have the same list and key.
    private static func fingerprint(of commitments: [SignerCommitment], under key: GroupKey) -> Digest {
        var bytes = Array("oracle/signing-request/v1".utf8)
        bytes += key.publicKey.compressed.array
        for commitment in commitments { commitment.encode(to: &bytes) }
        return SHA256.hash(bytes)
    }
}
