import Consensus
import Cryptography
import Primitives

/// One signer on a bench: a vault of hashes, and the coordinator's words as the test wants them.
struct SignerBench {
    typealias Action = SignerMachine.Action

    let cast = Cast.hashed(4)
    let member = MemberIndex(2)
    var machine: SignerMachine
    private(set) var lastTicket: UInt64 = 0
    private var promised = 0

    init(lock: VoteLock? = nil) {
        let lock = lock ?? VoteLock(epoch: cast.committee.epoch)
        machine = SignerMachine(committee: cast.committee, member: member, lock: lock)
    }

    /// A view that a member other than the signer leads; the others are a multiple of 4 away.
    var view: View { leadingView(other: true) }

    func leadingView(other: Bool) -> View {
        (1...4).map { View(UInt64($0)) }.first { (cast.committee.leader(of: $0) != member) == other }!
    }

    var leader: MemberIndex { cast.committee.leader(of: view) }

    mutating func feed(_ event: SignerMachine.Event) -> [Action] {
        machine.handle(event, at: .start)
    }

    func context(in view: View, _ endorsement: Endorsement) -> NonceContext {
        NonceContext(
            epoch: cast.committee.epoch,
            view: view,
            coordinator: cast.committee.leader(of: view),
            statement: endorsement.statement
        )
    }

    func commitment(_ number: Int) -> NonceCommitment { HashWorld.commitment(member, number) }

    /// Enters a view, endorses its election and hands over the first commitment.
    mutating func offer(in view: View) -> Endorsement {
        let election = cast.election(in: view)
        _ = feed(.enteredView(view))
        _ = feed(.endorsed(election))
        _ = feed(.noncesCommitted(context(in: view, election), commitment(1)))
        return election
    }

    /// A request of the leader of a view with the signer's commitment of a number.
    func request(
        _ endorsement: Endorsement,
        in view: View,
        own number: Int = 1,
        session: UInt16 = 1,
        key: Digest = HashKey.transcript
    ) -> SignRequest {
        let signers = [MemberIndex(1), member, MemberIndex(4)].map { signer in
            SignerCommitment(
                signer: signer,
                nonces: signer == member ? commitment(number) : HashWorld.commitment(signer, Int(session))
            )
        }
        return SignRequest(
            view: view,
            statement: endorsement.statement.digest,
            key: key,
            session: session,
            signers: SSZList(signers)!
        )
    }

    func object(_ request: SignRequest, by author: MemberIndex? = nil, boot: UInt64 = 1) -> SignedObject {
        cast.object(
            by: author ?? cast.committee.leader(of: request.view),
            .signRequest,
            request.sszBytes,
            order: Order(incarnation: boot, sequence: UInt64(request.session))
        )
    }

    /// Brings a request through lock and vault; answers what is sent at the end.
    mutating func answer(_ request: SignRequest, next number: Int) -> [Action] {
        var actions = feed(.received(object(request)))
        while let action = actions.first {
            switch action {
            case .persist(_, let ticket): actions = feed(.persisted(ticket: ticket))
            case .signShare(let order):
                actions = feed(.shareSigned(order, Scalar(UInt64(number))))
            case .commitNonces(let context, _):
                actions = feed(.noncesCommitted(context, commitment(number)))
            default: return actions
            }
        }
        return actions
    }
}

extension SignerMachine.Action {
    var ready: Ready? {
        if case .send(.ready(let message), _) = self { message } else { nil }
    }

    var share: SignShare? {
        if case .send(.signShare(let message), _) = self { message } else { nil }
    }

    var receiver: MemberIndex? {
        if case .send(_, let member) = self { member } else { nil }
    }

    var offence: SigningOffence? {
        if case .penalize(_, let offence) = self { offence } else { nil }
    }

    var order: ShareOrder? {
        if case .signShare(let order) = self { order } else { nil }
    }

    var stored: (lock: VoteLock, ticket: UInt64)? {
        if case .persist(let lock, let ticket) = self { (lock, ticket) } else { nil }
    }

    var context: NonceContext? {
        if case .commitNonces(let context, _) = self { context } else { nil }
    }
}
