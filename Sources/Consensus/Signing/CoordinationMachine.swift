import Cryptography
package import Primitives

/// Runs a ``CoordinatorMachine`` for each statement that this node endorses while it leads the view.
///
/// Members do not enter a view or come to hold a statement true at the same moment, so offers to sign may be here
/// before the statement is. They wait, one for each member and statement, at most ``earlyLimit`` a member.
package struct CoordinationMachine: Machine {
    /// Something that has happened.
    package enum Event: Sendable {
        /// The node is in this view now.
        case enteredView(View)
        /// The node holds a statement to be true; the key is the one that signs it. Repeating it is harmless.
        case endorsed(Endorsement, key: any SigningKey)
        /// The node no longer wants the statement with this digest signed, or has its signature already.
        case retracted(Digest)
        /// A `Ready` or `SignShare` object has come whose signature is its author's.
        case received(SignedObject)
        /// The link to a member has come up, for the first time or again.
        case linkOpened(MemberIndex)
    }

    package typealias Action = CoordinatorMachine.Action

    /// The most offers of one member that wait for their statement or view.
    package static let earlyLimit = 8
    /// The most statements coordinated at a time; endorsing one more drops the oldest.
    package static let statementLimit = 32

    private let committee: Committee
    private let member: MemberIndex
    private var view: View?
    private var endorsed: [(endorsement: Endorsement, key: any SigningKey)] = []
    private var coordinators: [CoordinatorMachine] = []
    /// Offers that wait, the newest last.
    private var early: [MemberIndex: [(object: SignedObject, ready: Ready)]] = [:]

    /// Nothing endorsed yet.
    package init(committee: Committee, member: MemberIndex) {
        self.committee = committee
        self.member = member
    }

    /// The statements under signature, with the number of sessions opened for each.
    package var progress: [(endorsement: Endorsement, sessions: Int, isCertified: Bool)] {
        coordinators.map { ($0.endorsement, $0.sessionCount, $0.signature != nil) }
    }

    /// Nothing here waits for time.
    package var nextDeadline: Instant? { nil }

    package mutating func expired(at now: Instant) -> [Action] { [] }

    package mutating func handle(_ event: Event, at now: Instant) -> [Action] {
        switch event {
        case .enteredView(let view): return enter(view, at: now)
        case .endorsed(let endorsement, let key): return endorse(endorsement, key, at: now)
        case .retracted(let statement):
            endorsed.removeAll { $0.endorsement.statement.digest == statement }
            coordinators.removeAll { $0.endorsement.statement.digest == statement }
            return []
        case .received(let object): return receive(object, at: now)
        case .linkOpened(let peer):
            return coordinators.indices.flatMap { coordinators[$0].handle(.linkOpened(peer), at: now) }
        }
    }

    private mutating func enter(_ view: View, at now: Instant) -> [Action] {
        if let current = self.view, view <= current { return [] }
        self.view = view
        coordinators = []
        endorsed.removeAll { !$0.endorsement.outlives(view) }
        early = early.mapValues { $0.filter { $0.ready.view >= view } }
        return endorsed.flatMap { open($0.endorsement, $0.key, at: now) }
    }

    private mutating func endorse(
        _ endorsement: Endorsement,
        _ key: any SigningKey,
        at now: Instant
    ) -> [Action] {
        if let view, !endorsement.outlives(view) { return [] }
        guard !endorsed.contains(where: { $0.endorsement == endorsement }) else { return [] }
        // The same statement by another key: a reorganisation has put it in the place of the first.
        endorsed.removeAll { $0.endorsement.statement == endorsement.statement }
        coordinators.removeAll { $0.endorsement.statement == endorsement.statement }
        if endorsed.count >= Self.statementLimit {
            let oldest = endorsed.removeFirst().endorsement
            coordinators.removeAll { $0.endorsement == oldest }
        }
        endorsed.append((endorsement, key))
        return open(endorsement, key, at: now)
    }

    /// Starts to coordinate when this node leads and the statement is signed in this view.
    private mutating func open(
        _ endorsement: Endorsement,
        _ key: any SigningKey,
        at now: Instant
    ) -> [Action] {
        guard let view, committee.leader(of: view) == member, endorsement.applies(in: view) else { return [] }
        var coordinator = CoordinatorMachine(
            committee: committee,
            view: view,
            endorsement: endorsement,
            key: key
        )
        func isOffer(_ ready: Ready) -> Bool {
            ready.view == view && ready.statement == endorsement.statement.digest
        }
        var actions: [Action] = []
        for author in committee.indices {
            for offer in early[author, default: []] where isOffer(offer.ready) {
                actions += coordinator.handle(.received(offer.object), at: now)
            }
            early[author]?.removeAll { isOffer($0.ready) }
        }
        coordinators.append(coordinator)
        return actions
    }

    private mutating func receive(_ object: SignedObject, at now: Instant) -> [Action] {
        let author = object.object.author
        guard object.object.epoch == committee.epoch, committee[author] != nil else { return [] }
        let message: DirectMessage?
        do throws(SSZError) {
            message = try DirectMessage(object.object)
        } catch {
            return [.penalize(author, .malformed)]
        }
        switch message {
        case .ready(let ready):
            // An offer for another key may be early too: its author sees the reorganisation sooner.
            if let index = index(of: ready.statement, in: ready.view),
                coordinators[index].endorsement.key == ready.key
            {
                return coordinators[index].handle(.received(object), at: now)
            }
            keep(object, ready)
            return []
        case .signShare(let share):
            guard let index = index(of: share.statement, in: share.view) else { return [] }
            return coordinators[index].handle(.received(object), at: now)
        case .signRequest, nil:
            return []
        }
    }

    /// Keeps an offer that is early, in place of an older one of the same member for the same statement and view.
    private mutating func keep(_ object: SignedObject, _ ready: Ready) {
        if let view, ready.view < view { return }
        guard committee.leader(of: ready.view) == member else { return }
        var kept = early[object.object.author, default: []]
        kept.removeAll { $0.ready.view == ready.view && $0.ready.statement == ready.statement }
        kept.append((object, ready))
        early[object.object.author] = Array(kept.suffix(Self.earlyLimit))
    }

    private func index(of statement: Digest, in view: View) -> Int? {
        coordinators.firstIndex { $0.view == view && $0.endorsement.statement.digest == statement }
    }
}
