import Cryptography
package import Primitives

/// Collects one group signature over one statement under one view: the coordinator's side of ROAST.
///
/// ROAST (Ruffing, Ronge, Jin, Schneider-Bensch, Schröder: ROAST, Robust Asynchronous Schnorr Threshold Signatures,
/// 2022): whoever has a commitment on offer is ready; as soon as t are ready they make a session. A signer that has
/// been asked is in no other session until its valid share, with its next commitment, has come. So each of the
/// n - t possible liars stalls one session at most, and n - t + 1 sessions are enough, without a timer.
///
/// A coordinator that crashes loses nothing but time: after its restart every signer offers its open commitment
/// again.
///
/// Bad input: commitments that are no points and shares that do not verify are their author's offence; what comes
/// twice, late or for another session is dropped.
package struct CoordinatorMachine: Machine {
    /// Something that has happened.
    package enum Event: Sendable {
        /// A `Ready` or `SignShare` object has come whose signature is its author's.
        case received(SignedObject)
        /// The link to a member has come up again.
        case linkOpened(MemberIndex)
    }

    /// Something the owner must now do.
    package enum Action: Sendable {
        /// Send a message to a member, which may be this one.
        case send(DirectMessage, to: MemberIndex)
        /// The statement is signed; the signature has been verified under the group key.
        case certified(Endorsement, GroupSignature)
        /// A member is proven to have broken the rules.
        case publish(Evidence)
        /// The author of a signed object has broken the rules.
        case penalize(MemberIndex, SigningOffence)
    }

    /// The view under which is signed; its leader is this node.
    package let view: View
    /// The statement.
    package let endorsement: Endorsement
    /// The signature, once there is one.
    package private(set) var signature: GroupSignature?

    private let committee: Committee
    private let key: any SigningKey
    /// Who may be in the next session, in the order of their offers.
    private var ready: [SignerCommitment] = []
    private var bad: Set<MemberIndex> = []
    private var sessions: [CoordinatorSession] = []
    /// The session whose share each member owes.
    private var pending: [MemberIndex: Int] = [:]
    /// Every commitment that a member has offered: none is taken twice.
    private var offered: [MemberIndex: [NonceCommitment]] = [:]

    /// A coordinator without any offer yet.
    package init(committee: Committee, view: View, endorsement: Endorsement, key: any SigningKey) {
        self.committee = committee
        self.view = view
        self.endorsement = endorsement
        self.key = key
    }

    /// How many sessions have been opened.
    package var sessionCount: Int { sessions.count }

    /// Nothing here waits for time.
    package var nextDeadline: Instant? { nil }

    package mutating func expired(at now: Instant) -> [Action] { [] }

    package mutating func handle(_ event: Event, at now: Instant) -> [Action] {
        switch event {
        case .received(let object): receive(object)
        case .linkOpened(let peer): remind(peer)
        }
    }

    private func remind(_ peer: MemberIndex) -> [Action] {
        guard signature == nil, let session = pending[peer] else { return [] }
        return [.send(.signRequest(sessions[session].request), to: peer)]
    }

    private mutating func receive(_ object: SignedObject) -> [Action] {
        let author = object.object.author
        guard signature == nil, object.object.epoch == committee.epoch, committee[author] != nil else {
            return []
        }
        let message: DirectMessage?
        do throws(SSZError) {
            message = try DirectMessage(object.object)
        } catch {
            return [.penalize(author, .malformed)]
        }
        switch message {
        case .ready(let ready): return take(ready, from: author)
        case .signShare(let share): return take(share, from: author, as: object)
        case .signRequest, nil: return []
        }
    }
}

// MARK: - Offers

extension CoordinatorMachine {
    private mutating func take(_ message: Ready, from author: MemberIndex) -> [Action] {
        guard
            message.view == view, message.statement == endorsement.statement.digest,
            message.key == endorsement.key,
            // Whoever owes a share gets into no other session by offering anew; that is what bounds the sessions.
            pending[author] == nil, !bad.contains(author),
            // An offer repeated over a new link may be older than the share that has spent it.
            !offered[author, default: []].contains(message.commitment)
        else { return [] }
        return offer(message.commitment, from: author)
    }

    private mutating func offer(_ commitment: NonceCommitment, from author: MemberIndex) -> [Action] {
        guard !offered[author, default: []].contains(commitment), key.isUsable(commitment) else {
            bad.insert(author)
            ready.removeAll { $0.signer == author }
            return [.penalize(author, .badCommitment)]
        }
        // An honest signer offers another commitment only after a restart, which has lost the nonces of the first.
        if offered[author, default: []].count < offerLimit {
            offered[author, default: []].append(commitment)
            ready.removeAll { $0.signer == author }
            ready.append(SignerCommitment(signer: author, nonces: commitment))
        }
        return openSession()
    }

    private mutating func openSession() -> [Action] {
        guard ready.count == committee.quorum, sessions.count < sessionLimit else { return [] }
        let signers = ready.sorted { $0.signer < $1.signer }
        guard
            let list = SSZList<SignerCommitment, 128>(signers),
            let round = key.round(of: signers, over: endorsement.statement)
        else { return [] }
        let request = SignRequest(
            view: view,
            statement: endorsement.statement.digest,
            key: endorsement.key,
            session: UInt16(sessions.count + 1),
            signers: list
        )
        ready = []
        for signer in signers { pending[signer.signer] = sessions.count }
        sessions.append(CoordinatorSession(request: request, round: round))
        return signers.map { .send(.signRequest(request), to: $0.signer) }
    }

    /// ROAST's bound, n - t + 1.
    private var sessionLimit: Int { committee.size - committee.quorum + 1 }
    /// One commitment for each session, and as many again for restarts of the signer.
    private var offerLimit: Int { 2 * sessionLimit }
}

// MARK: - Shares

extension CoordinatorMachine {
    private mutating func take(_ message: SignShare, from author: MemberIndex, as object: SignedObject)
        -> [Action]
    {
        guard
            message.view == view, message.statement == endorsement.statement.digest,
            let index = pending[author], sessions[index].root == message.request,
            sessions[index].awaits(author)
        else { return [] }
        pending[author] = nil
        guard sessions[index].take(message.share, of: author) else {
            bad.insert(author)
            let proof = BadShare(
                structHash: endorsement.structHash,
                request: sessions[index].request,
                share: object
            )
            return [.penalize(author, .badShare), .publish(.badShare(proof))]
        }
        if let signature = sessions[index].signature() {
            self.signature = signature
            return [.certified(endorsement, signature)]
        }
        return message.next == .none ? [] : offer(message.next, from: author)
    }
}
