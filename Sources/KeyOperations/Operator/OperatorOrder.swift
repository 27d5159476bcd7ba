package import Primitives

/// What an operator's machine has its custodian do.
package enum OperatorOrder: Sendable {
    /// Say the word that is due in an attempt; a complaint in place of a confirmation where a share is bad.
    case say(OperatorStep, in: OperationAttempt)
    /// Drop the secret and the words of an attempt that is over for good.
    case forget(attempt: Digest)
    /// Drop a share that the chain shows to be worth nothing any more.
    case erase(HeldShare)
}

/// What has come of an order, once the disk has all that it needs.
package enum OperatorAnswer: Hashable, Sendable {
    /// The word, and the shares that are on the disk now.
    case said(SignedOperatorMessage, holding: [HeldShare])
    /// It could not be said.
    case unable(Digest, OperatorStep, OperatorInability)
}

/// Why an operator cannot say its word.
package enum OperatorInability: Error, Hashable, Sendable, CustomStringConvertible {
    /// The secret that opens what was dealt to it is not on its disk.
    case keyMissing
    /// The share that is to be dealt on or to sign is not on its disk.
    case shareMissing
    /// Its number is none that can hold a share.
    case number
    /// The RSA key that it has is not the one that the chain names.
    case otherSharesKey
    /// Its share could not be encrypted for SSV.
    case encryption(ShareEncryptionFault)
    /// What it would say does not fit a message.
    case tooLong
    /// The deals add up to no key, and none of them is bad as far as this operator can show.
    case nothingToBlame
    /// The attempt is not where this word belongs.
    case misplaced

    package var description: String {
        switch self {
        case .keyMissing: "the secret that opens what was dealt is not on the disk"
        case .shareMissing: "the share is not on the disk"
        case .number: "the operator's number can hold no share"
        case .otherSharesKey: "the RSA key is not the one that the chain names; start with the registered one"
        case .encryption(let fault): "the share cannot be encrypted: \(fault.reason)"
        case .tooLong: "what is to be said fits no message"
        case .nothingToBlame: "the deals add up to no key, and this operator can blame none of them"
        case .misplaced: "the attempt has no place for the word"
        }
    }
}
