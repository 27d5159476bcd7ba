import Consensus
import Cryptography
import Primitives
import Testing

@Suite struct CoordinatorMachineTests {
    private let cast = Cast.hashed(4)
    private let view = View(1)

    private var election: Endorsement { cast.election(in: view) }

    private func coordinator() -> CoordinatorMachine {
        CoordinatorMachine(
            committee: cast.committee,
            view: view,
            endorsement: election,
            key: HashKey(size: 4)
        )
    }

    private func ready(_ member: Int, _ number: Int = 1) -> SignedObject {
        ready(member, HashWorld.commitment(MemberIndex(member), number))
    }

    private func ready(_ member: Int, _ commitment: NonceCommitment, key: Digest = HashKey.transcript)
        -> SignedObject
    {
        let message = Ready(
            view: view,
            statement: election.statement.digest,
            key: key,
            commitment: commitment
        )
        return cast.object(by: MemberIndex(member), .ready(message))
    }

    private func share(_ request: SignRequest, _ member: Int, next: Int = 2, error: UInt64 = 0)
        -> SignedObject
    {
        let index = MemberIndex(member)
        let round = HashRound(signers: request.signers.elements, statement: election.statement)
        let message = SignShare(
            to: request,
            share: round.share(of: index) + Scalar(error),
            next: HashWorld.commitment(index, next)
        )
        return cast.object(by: index, .signShare(message))
    }

    private func opened() -> (CoordinatorMachine, SignRequest) {
        var machine = coordinator()
        var actions: [CoordinatorMachine.Action] = []
        for member in [4, 1, 2] { actions = machine.handle(.received(ready(member)), at: .start) }
        return (machine, actions.compactMap(\.request)[0])
    }

    @Test func `asks exactly the threshold of members, in order, as soon as so many are ready`() {
        var machine = coordinator()
        #expect(machine.handle(.received(ready(4)), at: .start).isEmpty)
        #expect(machine.handle(.received(ready(1)), at: .start).isEmpty)
        let actions = machine.handle(.received(ready(2)), at: .start)
        #expect(actions.compactMap(\.receiver) == [1, 2, 4].map { MemberIndex($0) })
        #expect(Set(actions.compactMap(\.request)).count == 1)
        #expect(actions.first?.request?.isWellFormed(threshold: 3, size: 4) == true)
    }

    @Test func `certifies with the last share, and is silent from then on`() {
        var (machine, request) = opened()
        #expect(machine.handle(.received(share(request, 1)), at: .start).isEmpty)
        #expect(machine.handle(.received(share(request, 2)), at: .start).isEmpty)
        let actions = machine.handle(.received(share(request, 4)), at: .start)
        guard case .certified(election, let signature)? = actions.first else {
            Issue.record("not certified")
            return
        }
        #expect(signature == HashRound.signature(of: election.statement))
        #expect(machine.handle(.received(ready(3)), at: .start).isEmpty)
        #expect(machine.handle(.linkOpened(MemberIndex(1)), at: .start).isEmpty)
    }

    @Test func `a bad share convicts its author, who is asked no more`() throws {
        var (machine, request) = opened()
        let bad = share(request, 1, error: 1)
        let actions = machine.handle(.received(bad), at: .start)
        let proof = BadShare(structHash: election.structHash, request: request, share: bad)
        #expect(actions.compactMap(\.evidence) == [.badShare(proof)])
        #expect(actions.compactMap(\.offence) == [.badShare])
        for object in [share(request, 2), share(request, 4), ready(1, 9)] {
            #expect(machine.handle(.received(object), at: .start).isEmpty)
        }
        let second = machine.handle(.received(ready(3)), at: .start).compactMap(\.request)
        #expect(second.first?.signers.map(\.signer) == [2, 3, 4].map { MemberIndex($0) })
        #expect(second.first?.session == 2)
    }

    @Test func `a signer that owes a share gets into no other session by offering anew`() {
        var (machine, request) = opened()
        #expect(machine.handle(.received(ready(1, 7)), at: .start).isEmpty)
        #expect(machine.handle(.received(share(request, 2)), at: .start).isEmpty)
        #expect(machine.handle(.received(ready(3)), at: .start).isEmpty)
        let second = machine.handle(.received(share(request, 4)), at: .start)
        #expect(second.compactMap(\.request).first?.commitment(of: MemberIndex(1)) == nil)
    }

    @Test func `asks again, unchanged, who comes back while it owes a share`() {
        var (machine, request) = opened()
        let again = machine.handle(.linkOpened(MemberIndex(2)), at: .start)
        #expect(again.compactMap(\.request) == [request])
        #expect(again.compactMap(\.receiver) == [MemberIndex(2)])
        #expect(machine.handle(.linkOpened(MemberIndex(3)), at: .start).isEmpty)
        _ = machine.handle(.received(share(request, 2)), at: .start)
        #expect(machine.handle(.linkOpened(MemberIndex(2)), at: .start).isEmpty)
    }

    @Test func `repeated offers and shares change nothing`() {
        var machine = coordinator()
        for _ in 0..<3 { #expect(machine.handle(.received(ready(4)), at: .start).isEmpty) }
        _ = machine.handle(.received(ready(1)), at: .start)
        let request = machine.handle(.received(ready(2)), at: .start).compactMap(\.request)[0]
        for _ in 0..<3 { #expect(machine.handle(.received(share(request, 1)), at: .start).isEmpty) }
        #expect(machine.handle(.received(ready(1)), at: .start).isEmpty)
        #expect(machine.sessionCount == 1)
    }

    @Test func `a new offer before any session replaces the one whose nonces a restart has lost`() {
        var machine = coordinator()
        _ = machine.handle(.received(ready(1, 1)), at: .start)
        _ = machine.handle(.received(ready(1, 2)), at: .start)
        _ = machine.handle(.received(ready(2)), at: .start)
        let request = machine.handle(.received(ready(3)), at: .start).compactMap(\.request)[0]
        #expect(request.commitment(of: MemberIndex(1)) == HashWorld.commitment(MemberIndex(1), 2))
    }

    @Test func `commitments that are no points, and next ones used before, are their author's offence`() {
        var machine = coordinator()
        var bad = HashWorld.commitment(MemberIndex(1), 1)
        bad.hiding = CompressedPoint()
        #expect(
            machine.handle(.received(ready(1, bad)), at: .start).compactMap(\.offence) == [.badCommitment]
        )
        #expect(machine.handle(.received(ready(1)), at: .start).isEmpty)
        let (_, request) = opened()
        var other = opened().0
        let repeated = other.handle(.received(share(request, 1, next: 1)), at: .start)
        #expect(repeated.compactMap(\.offence) == [.badCommitment])
    }

    @Test func `shares for another request, view or statement are dropped`() {
        var (machine, request) = opened()
        var foreign = request
        foreign.session = 9
        #expect(machine.handle(.received(share(foreign, 1)), at: .start).isEmpty)
        #expect(machine.handle(.received(share(request, 3)), at: .start).isEmpty)
        #expect(
            machine.handle(
                .received(ready(3, HashWorld.commitment(MemberIndex(3), 1), key: Digest())),
                at: .start
            ).isEmpty
        )
        #expect(machine.handle(.received(share(request, 1)), at: .start).isEmpty)
        _ = machine.handle(.received(share(request, 2)), at: .start)
        #expect(!machine.handle(.received(share(request, 4)), at: .start).isEmpty)
    }

    @Test func `a share for another list of signers convicts nobody of a bad one`() {
        var (machine, request) = opened()
        var foreign = request
        let others = request.signers.elements.map { entry in
            SignerCommitment(signer: entry.signer, nonces: HashWorld.commitment(entry.signer, 8))
        }
        foreign.signers = SSZList(others)!
        #expect(machine.handle(.received(share(foreign, 1)), at: .start).isEmpty)
        _ = machine.handle(.received(share(request, 1)), at: .start)
        _ = machine.handle(.received(share(request, 2)), at: .start)
        #expect(!machine.handle(.received(share(request, 4)), at: .start).isEmpty)
    }

    @Test func `an offer for another key opens no session`() {
        var machine = coordinator()
        for member in [4, 1] { _ = machine.handle(.received(ready(member)), at: .start) }
        let commitment = HashWorld.commitment(MemberIndex(2), 1)
        #expect(machine.handle(.received(ready(2, commitment, key: Digest())), at: .start).isEmpty)
        #expect(machine.handle(.received(ready(2, commitment)), at: .start).count == 3)
    }

    @Test func `a payload that is no message is its author's offence`() {
        var machine = coordinator()
        let object = cast.object(by: MemberIndex(1), .ready, [0])
        #expect(machine.handle(.received(object), at: .start).compactMap(\.offence) == [.malformed])
    }
}

@Suite struct CoordinationMachineTests {
    private let cast = Cast.hashed(4)
    private let view = View(1)

    private func machine() -> CoordinationMachine {
        CoordinationMachine(committee: cast.committee, member: cast.committee.leader(of: view))
    }

    private func ready(
        _ member: Int,
        in view: View,
        number: Int = 1,
        key: Digest = HashKey.transcript
    ) -> SignedObject {
        let message = Ready(
            view: view,
            statement: cast.election(in: view).statement.digest,
            key: key,
            commitment: HashWorld.commitment(MemberIndex(member), number)
        )
        return cast.object(by: MemberIndex(member), .ready(message))
    }

    private func endorsed(_ view: View) -> CoordinationMachine.Event {
        .endorsed(cast.election(in: view), key: HashKey(size: 4))
    }

    @Test func `offers that come before the view or the endorsement wait`() {
        var machine = machine()
        _ = machine.handle(.received(ready(1, in: view)), at: .start)
        _ = machine.handle(.enteredView(view), at: .start)
        _ = machine.handle(.received(ready(2, in: view)), at: .start)
        _ = machine.handle(.received(ready(3, in: view)), at: .start)
        let actions = machine.handle(endorsed(view), at: .start)
        #expect(actions.compactMap(\.receiver) == [1, 2, 3].map { MemberIndex($0) })
    }

    @Test func `coordinates in the views that this node leads only`() {
        var machine = machine()
        let other = view.advanced(by: 1)
        _ = machine.handle(.enteredView(other), at: .start)
        _ = machine.handle(endorsed(other), at: .start)
        for member in 1...4 {
            #expect(machine.handle(.received(ready(member, in: other)), at: .start).isEmpty)
        }
        #expect(machine.progress.isEmpty)
    }

    @Test func `of one member's early offers a bounded number waits`() {
        var machine = machine()
        for round in 0..<40 {
            let later = View(view.rawValue + 4 * UInt64(round))
            for member in 1...3 { _ = machine.handle(.received(ready(member, in: later)), at: .start) }
        }
        let first = View(view.rawValue + 4 * 31)
        _ = machine.handle(.enteredView(first), at: .start)
        #expect(machine.handle(endorsed(first), at: .start).isEmpty)
        let last = View(view.rawValue + 4 * 39)
        _ = machine.handle(.enteredView(last), at: .start)
        #expect(machine.handle(endorsed(last), at: .start).count == 3)
    }

    @Test func `when another key is to sign the statement all begins anew, with the offers that were early`()
    {
        var machine = machine()
        _ = machine.handle(.enteredView(view), at: .start)
        _ = machine.handle(endorsed(view), at: .start)
        for member in 1...3 { _ = machine.handle(.received(ready(member, in: view)), at: .start) }
        let key = HashWorld.digest("another key")
        let early = ready(1, in: view, number: 2, key: key)
        #expect(machine.handle(.received(early), at: .start).isEmpty)
        let election = cast.election(in: view, key: key)
        _ = machine.handle(.endorsed(election, key: HashKey(size: 4)), at: .start)
        #expect(machine.progress.map(\.endorsement) == [election])
        _ = machine.handle(.received(ready(2, in: view, number: 2, key: key)), at: .start)
        let last = ready(3, in: view, number: 2, key: key)
        let requests = machine.handle(.received(last), at: .start).compactMap(\.request)
        #expect(requests.map(\.key) == [key, key, key])
    }

    @Test func `a retracted statement is coordinated no more`() {
        var machine = machine()
        _ = machine.handle(.enteredView(view), at: .start)
        _ = machine.handle(endorsed(view), at: .start)
        _ = machine.handle(.retracted(cast.election(in: view).statement.digest), at: .start)
        for member in 1...3 {
            #expect(machine.handle(.received(ready(member, in: view)), at: .start).isEmpty)
        }
    }
}

extension CoordinatorMachine.Action {
    var request: SignRequest? {
        if case .send(.signRequest(let message), _) = self { message } else { nil }
    }

    var receiver: MemberIndex? {
        if case .send(_, let member) = self { member } else { nil }
    }

    var offence: SigningOffence? {
        if case .penalize(_, let offence) = self { offence } else { nil }
    }

    var evidence: Evidence? {
        if case .publish(let evidence) = self { evidence } else { nil }
    }
}
