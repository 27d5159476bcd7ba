import Primitives

@testable import Cryptography

/// A key generation with all its secrets, as a test holds it in one hand.
struct TestGeneration {
    let session: KeyGenerationSession
    let keys: [EncryptionKey]
    let deals: [Deal]

    /// The members given deal to all, or all to all.
    init(
        threshold: Int,
        size: Int,
        dealers: ClosedRange<Int>? = nil,
        attempt: UInt16 = 0,
        random: inout SeededRandom
    ) throws {
        let keys = (0..<size).map { _ in EncryptionKey(random: &random) }
        var terms = TestGeneration.terms(threshold: threshold, keys: keys)
        terms.attempt = attempt
        if let dealers { terms.dealers = SSZList(dealers.map { MemberIndex($0) })! }
        let session = try KeyGenerationSession(terms)
        self.keys = keys
        self.session = session
        deals = try session.terms.dealers.map { try session.deal(as: $0, random: &random) }
    }

    func checkedDeals() throws -> [CheckedDeal] {
        try zip(session.terms.dealers, deals).map { try session.check($1, from: $0) }
    }

    func share(
        of member: MemberIndex,
        deals: [CheckedDeal],
        transcript: KeyGenerationTranscript
    ) throws(ShareFault) -> SecretShare {
        try session.share(from: deals, transcript: transcript, with: keys[member.offset], as: member)
    }

    static func terms(threshold: Int, keys: [EncryptionKey]) -> KeyGenerationTerms {
        let members = keys.enumerated().map { offset, key in
            Member(
                account: Address([UInt8](repeating: UInt8(offset + 1), count: 20))!,
                identity: Identity([UInt8](repeating: UInt8(offset + 1), count: 32))!,
                encryptionKey: key.publicKey,
                endpoint: ByteList(Array("127.0.0.1:\(7000 + offset)".utf8))!
            )
        }
        let deployment = Deployment(chainId: 31_337, genesis: Digest(), registry: Address())
        let indices = keys.indices.map { MemberIndex($0 + 1) }
        return KeyGenerationTerms(
            deployment: deployment,
            epoch: Epoch(1),
            attempt: 0,
            threshold: UInt16(threshold),
            recipients: SSZList(
                members.map { .init(identity: $0.identity, encryptionKey: $0.encryptionKey) }
            )!,
            dealers: SSZList(indices)!
        )
    }
}

/// A key dealt by one hand: quick, for tests of what comes after the dealing.
struct DealtKey {
    let key: GroupKey
    let shares: [SecretShare]

    init(threshold: Int, size: Int, random: inout SeededRandom) throws {
        let polynomial = SecretPolynomial<Secp256k1>(coefficientCount: threshold, random: &random)
        key = try GroupKey(coefficients: polynomial.commitments, size: size)
        shares = (1...size).map {
            SecretShare(member: MemberIndex($0), secret: polynomial.evaluated(at: MemberIndex($0)))
        }
    }
}

extension StatementDigest {
    /// A statement that stands for some number.
    init(test number: UInt8) {
        self.init(domainSeparator: Digest(), structHash: Digest([UInt8](repeating: number, count: 32))!)
    }
}

extension NonceContext {
    /// The first leader asks for a signature over a statement.
    init(test statement: StatementDigest, view: UInt64 = 0, coordinator: Int = 1) {
        self.init(
            epoch: Epoch(1),
            view: View(view),
            coordinator: MemberIndex(coordinator),
            statement: statement
        )
    }
}

/// Signs with the shares of exactly as many members as the key takes.
func sign(
    _ statement: StatementDigest,
    with shares: some Sequence<SecretShare>,
    _ key: GroupKey
) throws -> GroupSignature {
    var random = SeededRandom(99)
    let context = NonceContext(test: statement)
    var vaults: [NonceVault] = []
    var commitments: [SignerCommitment] = []
    for share in shares {
        let vault = NonceVault()
        let nonces = try vault.promise(in: context, share: share, key: key, random: &random)
        commitments.append(SignerCommitment(signer: share.member, nonces: nonces))
        vaults.append(vault)
    }
    let round = try SigningRound(commitments: commitments, key: key, statement: statement)
    var responses: [MemberIndex: Scalar] = [:]
    for (vault, share) in zip(vaults, shares) {
        responses[share.member] = try vault.share(for: commitments, in: context, share: share, key: key)
    }
    return try round.aggregate(responses)
}
