import Consensus
import Cryptography
import Primitives
import Testing

@Suite struct SignerMachineLockTests {
    private func groupKey(_ bench: SignerBench, transcript: UInt8, key: UInt8 = 2) -> Endorsement {
        let statement = GroupKeyStatement(
            epoch: Epoch(3),
            groupKey: CompressedPoint([UInt8](repeating: key, count: 33))!,
            threshold: 3,
            size: 4,
            membersHash: Digest(),
            transcript: Digest([UInt8](repeating: transcript, count: 32))!
        )
        return Endorsement(statement, in: bench.cast.domain)
    }

    @Test func `offers nothing in a view at or below one it voted in otherwise, after a restart too`() {
        var lock = VoteLock(epoch: Epoch(3))
        let fresh = SignerBench()
        let high = View(fresh.view.rawValue + 4)
        lock.give(fresh.cast.election(in: high))
        for view in [fresh.view, high] {
            var bench = SignerBench(lock: lock)
            let statement =
                view == high ? bench.cast.electing(bench.member, in: high) : bench.cast.election(in: view)
            _ = bench.feed(.enteredView(view))
            #expect(bench.feed(.endorsed(statement)).isEmpty)
        }
    }

    @Test func `votes again for what it has voted for, without storing it again`() {
        var lock = VoteLock(epoch: Epoch(3))
        let fresh = SignerBench()
        lock.give(fresh.cast.election(in: fresh.view))
        var bench = SignerBench(lock: lock)
        let election = bench.offer(in: bench.view)
        let actions = bench.feed(.received(bench.object(bench.request(election, in: bench.view))))
        #expect(actions.compactMap(\.order).count == 1)
        #expect(actions.count == 1)
    }

    @Test func `a second statement about one view is not signed once the first vote is on its way`() {
        var bench = SignerBench()
        let election = bench.offer(in: bench.view)
        let other = bench.cast.electing(bench.member, in: bench.view)
        _ = bench.feed(.endorsed(other))
        _ = bench.feed(.noncesCommitted(bench.context(in: bench.view, other), bench.commitment(50)))
        let first = bench.feed(.received(bench.object(bench.request(election, in: bench.view))))
        #expect(first.compactMap(\.stored).count == 1)
        let second = bench.request(other, in: bench.view, own: 50)
        #expect(bench.feed(.received(bench.object(second))).isEmpty)
        #expect(bench.machine.drops.lockedOut == 1)
    }

    @Test func `signs at most n - t + 1 times for a statement, the last time without a next commitment`() {
        var bench = SignerBench()
        let election = bench.offer(in: bench.view)
        let first = bench.answer(bench.request(election, in: bench.view, own: 1), next: 2)
        #expect(first.first?.share?.next == bench.commitment(2))
        let second = bench.answer(bench.request(election, in: bench.view, own: 2, session: 2), next: 3)
        #expect(second.first?.share?.next.hiding.isZero == true)
        let third = bench.request(election, in: bench.view, own: 3, session: 3)
        #expect(bench.feed(.received(bench.object(third))).isEmpty)
        #expect(bench.feed(.endorsed(election)).isEmpty)
    }

    @Test func `a group key is signed in any view, one statement for each transcript`() throws {
        var bench = SignerBench()
        let one = groupKey(bench, transcript: 1)
        let twin = groupKey(bench, transcript: 1, key: 3)
        let two = groupKey(bench, transcript: 2)
        _ = bench.feed(.enteredView(bench.view))
        for (number, endorsement) in [one, twin, two].enumerated() {
            _ = bench.feed(.endorsed(endorsement))
            let context = bench.context(in: bench.view, endorsement)
            _ = bench.feed(.noncesCommitted(context, bench.commitment(10 + number)))
        }
        var tickets: [UInt64] = []
        for (number, endorsement) in [one, twin, two].enumerated() {
            let request = bench.request(
                endorsement,
                in: bench.view,
                own: 10 + number,
                key: endorsement.key
            )
            tickets += bench.feed(.received(bench.object(request))).compactMap { $0.stored?.ticket }
        }
        #expect(tickets.count == 2)
        #expect(bench.machine.drops.lockedOut == 1)
        let orders = bench.feed(.persisted(ticket: try #require(tickets.last))).compactMap(\.order)
        #expect(Set(orders.map(\.context.statement)) == [one.statement, two.statement])
        let later = bench.feed(.enteredView(bench.view.advanced(by: 1)))
        #expect(Set(later.compactMap { $0.context?.statement }) == [one.statement, two.statement])
    }

    @Test func `a refused share costs the pair, and the round's maker the blame`() throws {
        var bench = SignerBench()
        let election = bench.offer(in: bench.view)
        let stored = bench.feed(.received(bench.object(bench.request(election, in: bench.view))))
        let ticket = try #require(stored.first?.stored?.ticket)
        let order = try #require(bench.feed(.persisted(ticket: ticket)).first?.order)
        let actions = bench.feed(.shareRefused(order, .round(.invalidCommitment(MemberIndex(1)))))
        #expect(actions.compactMap(\.offence) == [.badRequest])
        #expect(actions.compactMap(\.context).count == 1)
    }

    @Test func `an endorsement that returns is offered again with the commitment it had`() {
        var bench = SignerBench()
        let election = bench.offer(in: bench.view)
        _ = bench.feed(.retracted(election.statement.digest))
        #expect(bench.feed(.linkOpened(bench.leader)).isEmpty)
        let actions = bench.feed(.endorsed(election))
        #expect(actions.compactMap(\.ready?.commitment) == [bench.commitment(1)])
    }

    @Test func `remembers no more statements than its limit`() {
        var bench = SignerBench()
        _ = bench.feed(.enteredView(bench.view))
        for number in 0..<100 { _ = bench.feed(.endorsed(groupKey(bench, transcript: UInt8(number)))) }
        let actions = bench.feed(.enteredView(bench.view.advanced(by: 1)))
        #expect(actions.compactMap(\.context).count == SignerMachine.dutyLimit)
    }
}

@Suite struct VoteLockTests {
    private let cast = Cast.hashed(4)

    @Test func `permits rising views only, and each vote again`() {
        var lock = VoteLock(epoch: Epoch(3))
        #expect(lock.permits(cast.election(in: View(0))))
        lock.give(cast.election(in: View(5)))
        #expect(lock.permits(cast.election(in: View(5))))
        #expect(lock.holds(cast.election(in: View(5))))
        let other = cast.committee.indices.first { $0 != cast.committee.leader(of: View(5)) }!
        #expect(!lock.permits(cast.electing(other, in: View(5))))
        #expect(!lock.permits(cast.election(in: View(4))))
        #expect(lock.permits(cast.election(in: View(6))))
    }

    @Test func `what is not permitted is not given`() {
        var lock = VoteLock(epoch: Epoch(3))
        lock.give(cast.election(in: View(5)))
        let before = lock
        lock.give(cast.election(in: View(4)))
        #expect(lock == before)
    }

    @Test func `comes back from its encoding`() throws {
        var lock = VoteLock(epoch: Epoch(3))
        lock.give(cast.election(in: View(5)))
        #expect(try VoteLock(ssz: lock.sszBytes) == lock)
    }
}
