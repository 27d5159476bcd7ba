package import BLS12381
package import Primitives

/// A word that an operator has promised to stand by.
package struct KeptWord: Hashable, Sendable {
    /// The request that its attempt is at.
    package var request: RequestID
    /// The word.
    package var signed: SignedOperatorMessage

    /// Joins the two.
    package init(request: RequestID, signed: SignedOperatorMessage) {
        self.request = request
        self.signed = signed
    }

    /// The attempt.
    package var attempt: Digest { signed.message.attempt }
    /// Which word; the attempt has one of each.
    package var step: UInt8 { signed.message.step }
}

/// The key to which an operator has itself dealt to in an attempt.
package struct KeptKey: Sendable {
    /// The request that the attempt is at.
    package var request: RequestID
    /// The attempt.
    package var attempt: Digest
    /// The key, whose secret is kept sealed.
    package var key: G1EncryptionKey

    /// Joins the three.
    package init(request: RequestID, attempt: Digest, key: G1EncryptionKey) {
        self.request = request
        self.attempt = attempt
        self.key = key
    }
}

/// What an operator must do on its disk before it says anything more; each is done wholly or not at all.
package enum OperatorSafekeeping: Sendable {
    /// Seal and store the secret that opens what is dealt in an attempt.
    case keepKey(KeptKey)
    /// Store a word; one that is there already is the same.
    case keepWord(KeptWord)
    /// Seal and store a share.
    case keepShare(StoredShare)
    /// Erase the encryption secret and the words of an attempt, but not its shares.
    case forget(attempt: Digest)
    /// Erase a share for good.
    case erase(HeldShare)
}

/// All that an operator's disk has of attempts and shares.
package struct OperatorRecords: Sendable {
    /// The encryption keys by attempt.
    package private(set) var keys: [Digest: KeptKey] = [:]
    /// The words by attempt and step.
    package private(set) var words: [Digest: [UInt8: KeptWord]] = [:]
    /// The shares.
    package private(set) var shares: [HeldShare: StoredShare] = [:]

    /// Nothing.
    package init() {}

    /// Has what was done on the disk.
    package mutating func apply(_ change: OperatorSafekeeping) {
        switch change {
        case .keepKey(let key): keys[key.attempt] = key
        case .keepWord(let word): words[word.attempt, default: [:]][word.step] = word
        case .keepShare(let share): shares[share.held] = share
        case .forget(let attempt):
            keys[attempt] = nil
            words[attempt] = nil
        case .erase(let held): shares[held] = nil
        }
    }

    /// The requests of all attempts of which there is a key or a word.
    package var attempts: [Digest: RequestID] {
        var all = keys.mapValues { $0.request }
        for (attempt, words) in words {
            if let word = words.values.first { all[attempt] = word.request }
        }
        return all
    }
}
