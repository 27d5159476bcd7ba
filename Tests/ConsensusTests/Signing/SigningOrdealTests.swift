import Consensus
import Cryptography
import Primitives
import TestSupport
import Testing

@Suite struct SigningOrdealTests {
    private let cast = Cast.hashed(4)

    /// The elections of a few views, and one of the last.
    private func elections() -> [Endorsement] {
        ([1, 2, 3, 4, 5, 6, .max] as [UInt64]).map { cast.election(in: View($0)) }
    }

    private func request<M>(_ ordeal: inout Ordeal<M>, _ own: [NonceCommitment]) -> SignedObject {
        let view = View(ordeal.number(below: 8))
        let chosen = Set((0..<3).map { _ in MemberIndex(Int(1 + ordeal.random.next() % 5)) }).sorted()
        let signers = chosen.map { signer in
            let known = signer == MemberIndex(2) ? own.last : nil
            return SignerCommitment(
                signer: signer,
                nonces: known ?? HashWorld.commitment(signer, Int(ordeal.random.next() % 4))
            )
        }
        let request = SignRequest(
            view: view,
            statement: ordeal.one(of: elections()).statement.digest,
            key: ordeal.once(in: 6) ? Digest() : HashKey.transcript,
            session: UInt16(truncatingIfNeeded: ordeal.number(below: 4)),
            signers: SSZList(signers)!
        )
        return cast.object(
            by: ordeal.once(in: 5) ? MemberIndex(1) : cast.committee.leader(of: view),
            .signRequest,
            ordeal.spoilt(request.sszBytes),
            order: Order(incarnation: ordeal.number(below: 3), sequence: ordeal.number(below: 9))
        )
    }

    @Test(arguments: 1...4)
    func `no order of events stops the signer or makes it grow`(seed: UInt64) {
        let machine = SignerMachine(
            committee: cast.committee,
            member: MemberIndex(2),
            lock: VoteLock(epoch: cast.committee.epoch)
        )
        var ordeal = Ordeal(machine, seed: seed)
        var orders: [SignerMachine.Event] = []
        var promised: [NonceCommitment] = []
        let elections = elections()
        for _ in 0..<4_000 {
            let event: SignerMachine.Event
            switch ordeal.random.next() % 10 {
            case 0: event = .enteredView(View(ordeal.number(below: 7)))
            case 1, 2: event = .endorsed(ordeal.one(of: elections))
            case 3: event = .retracted(ordeal.one(of: elections).statement.digest)
            case 4: event = .linkOpened(ordeal.one(of: cast.committee.indices))
            case 5, 6: event = .received(request(&ordeal, promised))
            // The shell's answers may come late, but not for what was never ordered.
            default:
                guard !orders.isEmpty else { continue }
                event = orders.remove(at: Int(ordeal.random.next() % UInt64(orders.count)))
            }
            for action in ordeal.feed(event) {
                switch action {
                case .commitNonces(let context, _):
                    let commitment = HashWorld.commitment(MemberIndex(2), 100 + promised.count)
                    promised.append(commitment)
                    orders.append(
                        ordeal.once(in: 8)
                            ? .noncesRefused(context) : .noncesCommitted(context, commitment)
                    )
                case .signShare(let order):
                    orders.append(
                        ordeal.once(in: 8)
                            ? .shareRefused(order, .unknownCommitment) : .shareSigned(order, Scalar(7))
                    )
                case .persist(_, let ticket): orders.append(.persisted(ticket: ticket))
                case .forgetNonces, .send, .penalize: break
                }
            }
            orders = orders.suffix(16)
        }
        #expect(ordeal.problems.isEmpty && ordeal.machine.nextDeadline == nil)
        #expect(ordeal.weight < 3_000)
    }

    @Test(arguments: 1...4)
    func `no order of offers and shares stops the coordinator or makes it grow`(seed: UInt64) {
        let machine = CoordinationMachine(
            committee: cast.committee,
            member: cast.committee.leader(of: View(3))
        )
        var ordeal = Ordeal(machine, seed: seed)
        var requests: [SignRequest] = []
        let elections = elections()
        var heaviest = 0
        for step in 0..<4_000 {
            let author = ordeal.one(of: cast.committee.indices)
            let commitment = HashWorld.commitment(author, Int(ordeal.random.next() % 1_000))
            let event: CoordinationMachine.Event
            switch ordeal.random.next() % 12 {
            case 0: event = .enteredView(View(ordeal.number(below: 5)))
            case 1, 2: event = .endorsed(ordeal.one(of: elections), key: HashKey(size: 4))
            case 3: event = .retracted(ordeal.one(of: elections).statement.digest)
            case 4: event = .linkOpened(author)
            case 5...8:
                let ready = Ready(
                    view: View(ordeal.number(below: 8)),
                    statement: ordeal.once(in: 4)
                        ? SHA256.hash(ordeal.bytes()) : ordeal.one(of: elections).statement.digest,
                    key: HashKey.transcript,
                    commitment: commitment
                )
                event = .received(cast.object(by: author, .ready, ordeal.spoilt(ready.sszBytes)))
            default:
                guard let request = requests.last else { continue }
                let share = SignShare(to: request, share: Scalar(ordeal.number()), next: commitment)
                event = .received(cast.object(by: author, .signShare, ordeal.spoilt(share.sszBytes)))
            }
            for case .send(.signRequest(let request), _) in ordeal.feed(event) { requests.append(request) }
            if step.isMultiple(of: 500) { heaviest = max(heaviest, ordeal.weight) }
        }
        #expect(heaviest < 20_000)
    }
}
