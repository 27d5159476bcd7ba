internal import Primitives

/// What dealers and recipients of one session must agree on, in the form that any group's session takes.
///
/// Nothing is checked before ``SharingSession/init(_:)``. Who makes terms makes sure that `id` stands for all of them.
package struct SharingTerms<Group: SharingGroup>: Hashable, Sendable {
    /// sid: 32 bytes that stand for these terms alone.
    package var id: KeyGenerationID
    /// t: how many shares will determine the key.
    package var threshold: Int
    /// Who deals, in rising order; all of them contribute or the session fails.
    package var dealers: [Group.Index]
    /// Who receives shares, in rising order.
    package var recipients: [SharingRecipient<Group>]
    /// The sharing that is dealt on, or `nil` for a fresh key.
    package var previous: PreviousSharing<Group>?

    /// Joins the parts; nothing is checked.
    package init(
        id: KeyGenerationID,
        threshold: Int,
        dealers: [Group.Index],
        recipients: [SharingRecipient<Group>],
        previous: PreviousSharing<Group>? = nil
    ) {
        self.id = id
        self.threshold = threshold
        self.dealers = dealers
        self.recipients = recipients
        self.previous = previous
    }
}

/// Who receives a share.
package struct SharingRecipient<Group: SharingGroup>: Hashable, Sendable {
    /// Where the polynomials are evaluated for it.
    package var index: Group.Index
    /// X_i: its encryption key for this session.
    package var encryptionKey: Group.ElementBytes

    /// Joins the two.
    package init(index: Group.Index, encryptionKey: Group.ElementBytes) {
        self.index = index
        self.encryptionKey = encryptionKey
    }
}

/// What is known of the sharing whose shares are dealt on.
///
/// Dealing on to other holders or with another threshold is resharing, to the same holders it refreshes: the key stays,
/// and old shares are worth nothing together with new ones.
package struct PreviousSharing<Group: SharingGroup>: Hashable, Sendable {
    /// The key, which stays.
    package var key: Group.ElementBytes
    /// The dealers' shares times the generator, in the order of the dealers.
    package var publicShares: [Group.ElementBytes]

    /// Joins the two.
    package init(key: Group.ElementBytes, publicShares: [Group.ElementBytes]) {
        self.key = key
        self.publicShares = publicShares
    }
}
