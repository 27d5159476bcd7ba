import CMemcheck
import Cryptography
import Primitives

private let deployment = Deployment(chainId: 1, genesis: Digest(), registry: Address())
private let statement = StatementDigest(domainSeparator: Digest(), structHash: Digest())

struct Unexpected: Error {}

/// Ed25519 and ECDSA keys: derivation and signing.
func checkIdentities(random: inout HidingRandom) throws {
    let identity = IdentityKey(random: &random)
    let proof = LinkProof(
        role: .initiator,
        prologueHash: Digest(),
        staticKey: LinkKey(),
        handshakeHash: Digest()
    )
    _ = identity.sign(proof)
    let account = AccountKey(random: &random)
    _ = account.sign(statement)
    _ = SecretBytes(count: 32, random: &random) == SecretBytes(count: 32, random: &random)
}

private func terms(_ keys: [EncryptionKey]) throws -> KeyGenerationTerms {
    let recipients = keys.map {
        KeyGenerationTerms.Recipient(identity: Identity(), encryptionKey: published($0.publicKey))
    }
    guard let recipients = SSZList<KeyGenerationTerms.Recipient, 128>(recipients),
        let dealers = SSZList<MemberIndex, 128>(keys.indices.map { MemberIndex($0 + 1) })
    else { throw Unexpected() }
    return KeyGenerationTerms(
        deployment: deployment,
        epoch: Epoch(1),
        attempt: 0,
        threshold: 3,
        recipients: recipients,
        dealers: dealers
    )
}

/// Dealing a key and dealing it on, opening a share, complaining, proving possession.
func checkKeyGeneration(random: inout HidingRandom) throws {
    let keys = (0..<4).map { _ in EncryptionKey(random: &random) }
    _ = keys[0].proof(identity: Identity(), epoch: Epoch(1), deployment: deployment, random: &random)
    var terms = try terms(keys)
    let fresh = try KeyGenerationSession(terms)
    let deals = try terms.dealers.map {
        try checked(fresh.deal(as: $0, random: &random), from: $0, fresh)
    }
    let transcript = try fresh.transcript(of: deals)
    let shares = try zip(keys, terms.dealers).prefix(3).map {
        try fresh.share(from: deals, transcript: transcript, with: $0, as: $1)
    }
    _ = fresh.complaint(about: deals[1], with: keys[0], as: MemberIndex(1), random: &random)

    guard let dealers = SSZList<MemberIndex, 128>(shares.map { $0.member }) else { throw Unexpected() }
    terms.dealers = dealers
    terms.previousKey = transcript.key.publicKey.compressed
    let publicShares = dealers.compactMap { transcript.key.publicShare(of: $0).point?.compressed }
    let next = try KeyGenerationSession(terms, publicShares: publicShares)
    let passedOn = try shares.map {
        let deal = try next.deal(as: $0.member, passingOn: $0.secret, random: &random)
        return try checked(deal, from: $0.member, next)
    }
    let outcome = try next.transcript(of: passedOn)
    _ = try next.share(from: passedOn, transcript: outcome, with: keys[3], as: MemberIndex(4))
}

/// A deal as it comes back from the wire.
func checked<Group: SharingGroup>(
    _ deal: SharingDeal<Group>,
    from dealer: Group.Index,
    _ session: SharingSession<Group>
) throws -> CheckedSharingDeal<Group> {
    let bytes = deal.sszBytes
    unsafe bytes.withUnsafeBytes { unsafe memcheck_show($0.baseAddress, $0.count) }
    return try session.check(try SharingDeal(ssz: bytes), from: dealer)
}

/// Nonces and signature shares.
func checkSigning(random: inout HidingRandom) throws {
    let share = SecretShare(member: MemberIndex(1), secret: SecretScalar(random: &random))
    guard let point = share.secret.publicElement.point, let publicKey = Point(published(point.compressed))
    else {
        throw Unexpected()
    }
    let key = try GroupKey(coefficients: [publicKey], size: 1)
    let nonces = SigningNonces(share: share, random: &random)
    let commitment = SignerCommitment(signer: MemberIndex(1), nonces: published(nonces.commitment))
    let round = try SigningRound(commitments: [commitment], key: key, statement: statement)
    let response = published(try round.share(of: share, using: nonces))
    guard round.isValid(response, of: MemberIndex(1)) else { throw Unexpected() }
}
