internal import Primitives
internal import Synchronization

/// A pair that can be taken out once.
///
/// The table holds references, because a dictionary cannot hold values that cannot be copied.
final class HeldNonces: Sendable {
    private let nonces: Mutex<SigningNonces?>

    init(_ nonces: consuming SigningNonces) {
        self.nonces = Mutex(consume nonces)
    }

    /// The pair; from the second call on `nil`.
    func take() -> SigningNonces? {
        nonces.withLock { $0.take() }
    }
}

/// What a ``NonceVault`` protects by its lock.
struct NonceVaultContents {
    private enum Entry {
        case unused(HeldNonces)
        /// The request that spent the pair, and the share it got unless it was refused.
        case spent(request: Digest, outcome: Result<Scalar, FrostError>)
    }

    /// Views below this one were left.
    private var oldest = View(0)
    private var contexts: [NonceContext: [NonceCommitment: Entry]] = [:]

    var pairs: Int {
        contexts.values.reduce(0) { total, entries in
            total + entries.values.count { if case .unused = $0 { true } else { false } }
        }
    }

    mutating func add(
        _ nonces: HeldNonces,
        _ commitment: NonceCommitment,
        to context: NonceContext,
        limit: Int
    ) -> NonceVaultError? {
        let newerViews = Set(contexts.keys.map(\.view).filter { $0 > context.view })
        guard context.view >= oldest, newerViews.count < 2 else { return .viewLeftBehind(context.view) }
        if contexts[context] == nil {
            let neighbours = contexts.keys.count { $0.view == context.view }
            guard neighbours < NonceVault.contextsPerView else { return .tooManyContexts(context.view) }
        }
        guard contexts[context, default: [:]].count < limit else { return .exhausted(context) }
        contexts[context, default: [:]][commitment] = .unused(nonces)
        keepTwoNewestViews()
        return nil
    }

    mutating func share(
        for commitment: NonceCommitment,
        request: Digest,
        in context: NonceContext,
        make: (consuming SigningNonces) throws(FrostError) -> Scalar
    ) -> Result<Scalar, NonceVaultError> {
        switch contexts[context]?[commitment] {
        case nil:
            return .failure(.unknownCommitment)
        case .spent(request, let outcome):
            return outcome.mapError { .round($0) }
        case .spent:
            return .failure(.spent)
        case .unused(let held):
            contexts[context]?[commitment] = nil
            guard let nonces = held.take() else { return .failure(.unknownCommitment) }
            let outcome: Result<Scalar, FrostError>
            do throws(FrostError) {
                outcome = .success(try make(nonces))
            } catch {
                outcome = .failure(error)
            }
            contexts[context]?[commitment] = .spent(request: request, outcome: outcome)
            return outcome.mapError { .round($0) }
        }
    }

    mutating func leaveViews(before view: View) {
        oldest = max(oldest, view)
        contexts = contexts.filter { $0.key.view >= oldest }
    }

    mutating func forget(_ context: NonceContext) {
        contexts[context] = nil
    }

    mutating func forgetAll() {
        contexts = [:]
    }

    private mutating func keepTwoNewestViews() {
        let views = Set(contexts.keys.map(\.view)).sorted()
        if views.count > 2 { leaveViews(before: views[views.count - 2]) }
    }
}
