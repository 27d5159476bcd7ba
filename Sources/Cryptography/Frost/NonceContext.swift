package import Primitives

/// What a pair of nonces was promised for.
///
/// A pair signs in this context or not at all.
package struct NonceContext: Hashable, Sendable {
    /// The epoch whose key signs; equal keys of two epochs do not share nonces.
    package let epoch: Epoch
    /// The view in which the promise was made.
    package let view: View
    /// The member that may ask for the share.
    package let coordinator: MemberIndex
    /// The statement that the signer itself has built and would sign.
    package let statement: StatementDigest

    /// The context of a promise made to `coordinator` in `view`.
    package init(epoch: Epoch, view: View, coordinator: MemberIndex, statement: StatementDigest) {
        self.epoch = epoch
        self.view = view
        self.coordinator = coordinator
        self.statement = statement
    }
}

/// Why a ``NonceVault`` gives no nonces or no share.
package enum NonceVaultError: Error, Hashable, Sendable, CustomStringConvertible {
    /// The vault keeps the two newest views, and this one is older.
    case viewLeftBehind(View)
    /// The context has had as many pairs as signing in it can take (n - t + 1).
    case exhausted(NonceContext)
    /// The view has as many contexts as the vault keeps.
    case tooManyContexts(View)
    /// No pair with this member's commitment was promised in this context, or it has been wiped since.
    case unknownCommitment
    /// The pair has signed in another round; the coordinator asked twice for different shares: it is at fault.
    case spent
    /// The round cannot be signed in; its maker is at fault, and the pair is spent.
    case round(FrostError)

    package var description: String {
        switch self {
        case .viewLeftBehind(let view):
            "view \(view) is older than the two that nonces are kept for"
        case .exhausted(let context):
            "member \(context.coordinator) has had all nonces that one statement can take in view \(context.view)"
        case .tooManyContexts(let view):
            "view \(view) has too many statements under signature at once"
        case .unknownCommitment:
            "the request names nonces that were not promised for this statement, or are gone"
        case .spent:
            "the request names nonces that have signed already, in another round"
        case .round(let error):
            "the request is invalid: \(error)"
        }
    }
}
