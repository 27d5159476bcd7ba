package import Primitives

/// One attempt to generate a key, its terms checked and its keys decoded.
///
/// SimplPedPop with encrypted shares (Chu, Gerhart, Ruffing, Schröder: Practical Schnorr Threshold Signatures
/// Without the Algebraic Group Model, 2023; the encryption as in ChillDKG's EncPedPop, but for each recipient
/// apart, so that a bad share can be proven). What is sent when, and to whom, is not decided here.
package struct KeyGenerationSession: Sendable {
    /// What was agreed on.
    package let terms: KeyGenerationTerms
    /// sid: binds every message of the attempt to its terms.
    package let id: KeyGenerationID
    /// The recipients' keys X_1 to X_n.
    let encryptionKeys: [Point]

    /// Checks terms.
    ///
    /// - Throws: ``KeyGenerationError`` when no key can be generated under them.
    /// - Complexity: n point decodings.
    package init(_ terms: KeyGenerationTerms) throws(KeyGenerationError) {
        guard terms.previousKey.isZero else { throw .resharing }
        guard terms.threshold >= 1, Int(terms.threshold) <= terms.recipients.count else {
            throw .threshold(Int(terms.threshold), members: terms.recipients.count)
        }
        guard terms.dealers.count >= Int(terms.threshold) else {
            throw .tooFewDealers(terms.dealers.count, threshold: Int(terms.threshold))
        }
        var previous = MemberIndex(0)
        for dealer in terms.dealers {
            guard dealer > previous, Int(dealer.rawValue) <= terms.recipients.count else {
                throw .dealer(dealer)
            }
            previous = dealer
        }
        var keys: [Point] = []
        for (offset, recipient) in terms.recipients.enumerated() {
            guard let key = Point(recipient.encryptionKey) else {
                throw .invalidEncryptionKey(MemberIndex(offset + 1))
            }
            keys.append(key)
        }
        self.terms = terms
        id = terms.id
        encryptionKeys = keys
    }

    /// t: how many shares will make a signature, and how many coefficients each dealer commits to.
    package var threshold: Int { Int(terms.threshold) }
    /// n: how many members receive shares.
    package var size: Int { terms.recipients.count }
    /// All recipients in order.
    package var members: [MemberIndex] { (1...size).map { MemberIndex($0) } }

    func encryptionKey(of member: MemberIndex) -> Point? {
        encryptionKeys.indices.contains(member.offset) ? encryptionKeys[member.offset] : nil
    }
}

/// Why an attempt at a key cannot begin, or gives no key although every deal was valid.
package enum KeyGenerationError: Error, Hashable, Sendable, CustomStringConvertible {
    /// The terms name a key to be shared anew, which this version does not do.
    case resharing
    /// The threshold is 0 or greater than the number of members.
    case threshold(Int, members: Int)
    /// With fewer dealers than the threshold none of them may be honest.
    case tooFewDealers(Int, threshold: Int)
    /// This dealer is no member, named twice or out of order.
    case dealer(MemberIndex)
    /// This member's encryption key is not a point of the curve.
    case invalidEncryptionKey(MemberIndex)
    /// The deal of this dealer is missing, or another stands in its place.
    case missingDeal(MemberIndex)
    /// There are more deals than dealers.
    case surplusDeals(Int)
    /// The dealers' coefficients of this degree add up to the identity.
    case vanishingCoefficient(Int)
    /// The key that results cannot be used.
    case unusableKey(GroupKeyError)

    package var description: String {
        switch self {
        case .resharing:
            "sharing an existing key anew is not supported"
        case .threshold(let threshold, let members):
            "a threshold of \(threshold) makes no sense among \(members) members"
        case .tooFewDealers(let count, let threshold):
            "\(count) dealers are fewer than the threshold \(threshold); none of them may be honest"
        case .dealer(let member):
            "dealer \(member) is no member, named twice or out of order"
        case .invalidEncryptionKey(let member):
            "member \(member)'s encryption key is not a point of secp256k1; it must register another"
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
