internal import Primitives

/// One attempt to generate a key or to share one anew, its terms checked and its keys decoded.
///
/// SimplPedPop with encrypted shares (Chu, Gerhart, Ruffing, Schröder: Practical Schnorr Threshold Signatures
/// Without the Algebraic Group Model, 2023; the encryption as in ChillDKG's EncPedPop, but for each recipient
/// apart, so that a bad share can be proven). To share a key anew each dealer deals its old share, and the deals are added
/// up with Lagrange's weights (Desmedt and Jajodia 1997; Wong, Wang and Wing 2002). What is sent when, and to whom, is
/// not decided here.
package struct SharingSession<Group: SharingGroup>: Sendable {
    /// What was agreed on.
    package let terms: SharingTerms<Group>
    /// The recipients' keys X_i.
    let encryptionKeys: [Group.Element]
    /// Where each recipient stands in the terms.
    let offsets: [Group.Index: Int]
    let previous: Previous?

    /// The sharing that is dealt on.
    struct Previous: Sendable {
        let key: Group.Element
        let publicShares: [Group.Element]
        /// What each dealer's share counts for in the key.
        let weights: [Group.Scalar]
    }

    /// Checks terms.
    ///
    /// - Throws: ``SharingError`` when no key can be shared under them.
    /// - Complexity: n point decodings.
    package init(_ terms: SharingTerms<Group>) throws(SharingError<Group>) {
        guard terms.threshold >= 1, terms.threshold <= terms.recipients.count,
            terms.recipients.count <= Self.greatestSize
        else {
            throw .threshold(terms.threshold, members: terms.recipients.count)
        }
        guard terms.dealers.count <= Self.greatestSize else { throw .tooManyDealers(terms.dealers.count) }
        let members = terms.recipients.map { $0.index }
        if let fault = Self.firstOutOfOrder(members) { throw .recipient(fault) }
        offsets = Dictionary(uniqueKeysWithValues: members.enumerated().map { ($1, $0) })
        // Dealers of a fresh key are recipients; those of an old one hold shares of it, which is checked below.
        let offsets = offsets
        if terms.previous == nil {
            guard terms.dealers.count >= terms.threshold else {
                throw .tooFewDealers(terms.dealers.count, threshold: terms.threshold)
            }
        }
        let isAllowed = { terms.previous != nil || offsets[$0] != nil }
        if let fault = Self.firstOutOfOrder(terms.dealers, where: isAllowed) { throw .dealer(fault) }
        var keys: [Group.Element] = []
        for recipient in terms.recipients {
            guard let key = Group.element(recipient.encryptionKey) else {
                throw .invalidEncryptionKey(recipient.index)
            }
            keys.append(key)
        }
        if let sharing = terms.previous {
            previous = try Self.decode(sharing, dealers: terms.dealers)
        } else {
            previous = nil
        }
        self.terms = terms
        encryptionKeys = keys
    }

    /// As many as a deal's lists hold.
    private static var greatestSize: Int { 128 }

    /// The first index that is zero, not allowed, or not above the one before it.
    private static func firstOutOfOrder(
        _ indices: [Group.Index],
        where isAllowed: (Group.Index) -> Bool = { _ in true }
    ) -> Group.Index? {
        var last: Group.Index?
        for index in indices {
            let isZero = Group.bytes(of: index).allSatisfy { $0 == 0 }
            if isZero || !isAllowed(index) { return index }
            if let last, index <= last { return index }
            last = index
        }
        return nil
    }

    /// Decodes an old sharing, and makes sure that the dealers' shares are enough to make its key.
    private static func decode(
        _ sharing: PreviousSharing<Group>,
        dealers: [Group.Index]
    ) throws(SharingError<Group>) -> Previous {
        guard let key = Group.element(sharing.key), !dealers.isEmpty,
            sharing.publicShares.count == dealers.count
        else { throw .resharing }
        var shares: [Group.Element] = []
        for encoded in sharing.publicShares {
            guard let share = Group.element(encoded) else { throw .resharing }
            shares.append(share)
        }
        let weights = Group.weights(of: dealers)
        guard Group.sum(zip(shares, weights).map { (element: $0, factor: $1) }) == key else {
            throw .resharing
        }
        return Previous(key: key, publicShares: shares, weights: weights)
    }

    /// sid: binds every message of the session to its terms.
    package var id: KeyGenerationID { terms.id }
    /// t: how many shares will determine the key, and how many coefficients each dealer commits to.
    package var threshold: Int { terms.threshold }
    /// n: how many receive shares.
    package var size: Int { terms.recipients.count }
    /// All recipients in order.
    package var members: [Group.Index] { terms.recipients.map { $0.index } }

    /// Where a recipient stands in the terms; traps for others.
    func offset(of member: Group.Index) -> Int {
        guard let offset = offsets[member] else { preconditionFailure("\(member) receives no share") }
        return offset
    }
}

/// Why a key cannot be shared under some terms, or why none came out although every deal was valid.
package enum SharingError<Group: SharingGroup>: Error, Hashable, Sendable, CustomStringConvertible {
    /// What the terms say of the key that is to be shared anew is missing, wrong or of too few dealers.
    case resharing
    /// The threshold is 0 or greater than the number of recipients, or these are too many.
    case threshold(Int, members: Int)
    /// This recipient is zero, named twice or out of order.
    case recipient(Group.Index)
    /// With fewer dealers than the threshold none of them may be honest.
    case tooFewDealers(Int, threshold: Int)
    /// There are more than 128 dealers.
    case tooManyDealers(Int)
    /// This dealer is no member, named twice or out of order.
    case dealer(Group.Index)
    /// The share that this dealer wants to deal on is not the one that the terms say, or there is nothing to deal on.
    case previousShare(Group.Index)
    /// This recipient's encryption key is not a point of the curve.
    case invalidEncryptionKey(Group.Index)
    /// The deal of this dealer is missing, or another stands in its place.
    case missingDeal(Group.Index)
    /// There are more deals than dealers.
    case surplusDeals(Int)
    /// The dealers' coefficients of this degree add up to the identity.
    case vanishingCoefficient(Int)
    /// The key that results cannot be used.
    case unusableKey(Group.KeyFault)

    package var description: String {
        switch self {
        case .resharing:
            "the key to be shared anew does not follow from the dealers' public shares"
        case .threshold(let threshold, let members):
            "a threshold of \(threshold) makes no sense among \(members) members"
        case .recipient(let member):
            "recipient \(member) is zero, named twice or out of order"
        case .tooFewDealers(let count, let threshold):
            "\(count) dealers are fewer than the threshold \(threshold); none of them may be honest"
        case .tooManyDealers(let count):
            "\(count) dealers are more than 128"
        case .dealer(let member):
            "dealer \(member) is no member, named twice or out of order"
        case .previousShare(let member):
            "dealer \(member) has not the share that is to be dealt on"
        case .invalidEncryptionKey(let member):
            "member \(member)'s encryption key is not a point of \(Group.name); it must register another"
        case .missingDeal(let member):
            "dealer \(member)'s deal is missing or out of place"
        case .surplusDeals(let count):
            "\(count) deals are more than the terms have dealers"
        case .vanishingCoefficient(let degree):
            "the coefficients of degree \(degree) add up to the identity; try again"
        case .unusableKey(let error):
            "no usable key came out (\(error)); try again"
        }
    }
}
