package import Cryptography
package import Primitives

/// What a group signature is wanted for, as far as signing must know.
///
/// That is when the statement stands, and which other statements it excludes.
package enum SigningSubject: Hashable, Sendable {
    /// The leader of a view, certified in that view only; a member signs one such statement for each view.
    case election(View)
    /// A group key, signed by itself in any view; a member signs one such statement for each transcript.
    case groupKey(transcript: Digest)
    /// What the logs come to, attested in any view; it excludes nothing, since all that is attested is true.
    case proofAnchor(number: UInt64, root: Digest)
    /// What has come of an operation on validators' keys, reported in any view; it excludes nothing, since the contract takes
    /// the first report of a place and no other.
    case operation(structHash: Digest)
}

/// A statement that this node holds to be true and will therefore sign.
///
/// The node builds the statement from its own data, so its digest comes from no peer. Resharing needs no statement
/// of its own: the reshared key is tested by the same ``GroupKeyStatement`` under its new transcript.
package struct Endorsement: Hashable, Sendable {
    /// The statement's EIP-712 digest.
    package let statement: StatementDigest
    /// The hash of the statement itself, from which and the domain the digest follows.
    package let structHash: Digest
    /// What it is about.
    package let subject: SigningSubject
    /// The transcript of the group key that signs it.
    package let key: Digest

    /// "This account leads this view", to be signed by the epoch's active key.
    package init(_ election: ElectionStatement, key: Digest, in domain: StatementDomain) {
        statement = domain.digest(of: election)
        structHash = election.structHash()
        subject = .election(election.view)
        self.key = key
    }

    /// "This is the group key", to be signed by that key itself.
    package init(_ groupKey: GroupKeyStatement, in domain: StatementDomain) {
        statement = domain.digest(of: groupKey)
        structHash = groupKey.structHash()
        subject = .groupKey(transcript: groupKey.transcript)
        key = groupKey.transcript
    }

    /// "The logs come to this", to be signed by the epoch's active key.
    package init(_ anchor: ProofAnchorStatement, key: Digest, in domain: StatementDomain) {
        statement = domain.digest(of: anchor)
        structHash = anchor.structHash()
        subject = .proofAnchor(number: anchor.number, root: anchor.root)
        self.key = key
    }

    /// A report about an operation, given by the hash of its statement, to be signed by the epoch's active key.
    ///
    /// The node has made the statement itself from what operators have signed.
    package init(operation structHash: Digest, key: Digest, in domain: StatementDomain) {
        statement = StatementDigest(domainSeparator: domain.separator, structHash: structHash)
        self.structHash = structHash
        subject = .operation(structHash: structHash)
        self.key = key
    }

    /// Whether the statement is signed under the leader of this view.
    package func applies(in view: View) -> Bool {
        switch subject {
        case .election(let elected): elected == view
        case .groupKey, .proofAnchor, .operation: true
        }
    }

    /// Whether the statement can still come to be signed in this view or a later one.
    func outlives(_ view: View) -> Bool {
        switch subject {
        case .election(let elected): elected >= view
        case .groupKey, .proofAnchor, .operation: true
        }
    }
}
