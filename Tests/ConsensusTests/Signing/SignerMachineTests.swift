import Consensus
import Cryptography
import Primitives
import Testing

@Suite struct SignerMachineTests {
    @Test(arguments: [true, false])
    func `asks for one nonce pair when it has entered the view and endorsed, in either order`(
        entersFirst: Bool
    ) {
        var bench = SignerBench()
        let election = bench.cast.election(in: bench.view)
        let events: [SignerMachine.Event] = [.enteredView(bench.view), .endorsed(election)]
        let actions = (entersFirst ? events : events.reversed()).flatMap { bench.feed($0) }
        #expect(actions.compactMap(\.context) == [bench.context(in: bench.view, election)])
        #expect(bench.feed(.endorsed(election)).isEmpty)
    }

    @Test func `offers the commitment to the leader, and again unchanged when the leader's link comes up`() {
        var bench = SignerBench()
        let election = bench.cast.election(in: bench.view)
        _ = bench.feed(.enteredView(bench.view))
        _ = bench.feed(.endorsed(election))
        let first = bench.feed(.noncesCommitted(bench.context(in: bench.view, election), bench.commitment(1)))
        #expect(first.compactMap(\.ready?.commitment) == [bench.commitment(1)])
        #expect(first.first?.receiver == bench.leader)
        #expect(bench.feed(.linkOpened(bench.leader)).compactMap(\.ready) == first.compactMap(\.ready))
        let other = bench.cast.committee.indices.first { $0 != bench.leader }!
        #expect(bench.feed(.linkOpened(other)).isEmpty)
    }

    @Test func `offers anew, and signs, when another key is to sign the statement`() throws {
        var bench = SignerBench()
        let election = bench.offer(in: bench.view)
        _ = bench.answer(bench.request(election, in: bench.view), next: 2)
        let key = HashWorld.digest("another key")
        let other = bench.cast.election(in: bench.view, key: key)
        #expect(bench.feed(.endorsed(other)).compactMap(\.context) == [bench.context(in: bench.view, other)])
        let offered = bench.feed(.noncesCommitted(bench.context(in: bench.view, other), bench.commitment(3)))
        #expect(offered.compactMap(\.ready?.key) == [key])
        let former = bench.request(other, in: bench.view, own: 3, session: 2)
        #expect(bench.feed(.received(bench.object(former))).isEmpty)
        let request = bench.request(other, in: bench.view, own: 3, session: 3, key: key)
        #expect(bench.answer(request, next: 4).compactMap(\.share?.share) == [Scalar(4)])
    }

    @Test func `makes no share before its vote is durable`() throws {
        var bench = SignerBench()
        let election = bench.offer(in: bench.view)
        let request = bench.request(election, in: bench.view)
        let actions = bench.feed(.received(bench.object(request)))
        let stored = try #require(actions.first?.stored)
        #expect(actions.count == 1)
        #expect(stored.lock.holds(election))
        let orders = bench.feed(.persisted(ticket: stored.ticket)).compactMap(\.order)
        #expect(orders.map(\.request) == [request])
        #expect(orders.first?.context == bench.context(in: bench.view, election))
    }

    @Test func `answers with the share and the next commitment`() {
        var bench = SignerBench()
        let election = bench.offer(in: bench.view)
        let request = bench.request(election, in: bench.view)
        let actions = bench.answer(request, next: 2)
        let expected = SignShare(to: request, share: Scalar(2), next: bench.commitment(2))
        #expect(actions.compactMap(\.share) == [expected])
        #expect(actions.first?.receiver == bench.leader)
    }

    @Test func `repeats its answer to a repeated request and asks the vault for nothing`() {
        var bench = SignerBench()
        let election = bench.offer(in: bench.view)
        let request = bench.request(election, in: bench.view)
        let first = bench.answer(request, next: 2)
        let again = bench.feed(.received(bench.object(request)))
        #expect(again.compactMap(\.share) == first.compactMap(\.share))
        #expect(again.count == 1)
    }

    @Test func `refuses a second request on a spent commitment, and reports it`() {
        var bench = SignerBench()
        let election = bench.offer(in: bench.view)
        _ = bench.answer(bench.request(election, in: bench.view), next: 2)
        let second = bench.request(election, in: bench.view, own: 1, session: 2)
        #expect(bench.feed(.received(bench.object(second))).compactMap(\.offence) == [.reusedCommitment])
    }

    @Test func `refuses, without blame, a spent commitment that the leader names after a restart`() {
        var bench = SignerBench()
        let election = bench.offer(in: bench.view)
        _ = bench.answer(bench.request(election, in: bench.view), next: 2)
        let second = bench.request(election, in: bench.view, own: 1, session: 2)
        #expect(bench.feed(.received(bench.object(second, boot: 2))).isEmpty)
        #expect(bench.machine.drops.unknownCommitment == 1)
    }

    @Test func `a request is refused while another on the same commitment is in hand`() {
        var bench = SignerBench()
        let election = bench.offer(in: bench.view)
        let request = bench.request(election, in: bench.view)
        _ = bench.feed(.received(bench.object(request)))
        #expect(bench.feed(.received(bench.object(request))).isEmpty)
        #expect(bench.machine.drops.inHand == 1)
        let second = bench.request(election, in: bench.view, session: 2)
        #expect(bench.feed(.received(bench.object(second))).compactMap(\.offence) == [.reusedCommitment])
    }

    @Test func `takes requests from the leader of their view alone`() {
        var bench = SignerBench()
        let election = bench.offer(in: bench.view)
        let request = bench.request(election, in: bench.view)
        let other = bench.cast.committee.indices.first { $0 != bench.leader }!
        let actions = bench.feed(.received(bench.object(request, by: other)))
        #expect(actions.compactMap(\.offence) == [.notLeader])
    }

    @Test func `refuses requests whose signers are too few, out of order, doubled or strangers`() {
        var bench = SignerBench()
        let election = bench.offer(in: bench.view)
        let good = bench.request(election, in: bench.view)
        let entries = good.signers.elements
        let stranger = SignerCommitment(signer: MemberIndex(5), nonces: entries[2].nonces)
        let nobody = SignerCommitment(signer: MemberIndex(0), nonces: entries[0].nonces)
        let lists = [
            Array(entries.dropLast()), entries.reversed(), [entries[0], entries[1], entries[1]],
            [entries[0], entries[1], stranger], [nobody, entries[1], entries[2]],
            entries + [SignerCommitment(signer: MemberIndex(5), nonces: entries[2].nonces)], [],
        ]
        for list in lists {
            var request = good
            request.signers = SSZList(list)!
            #expect(bench.feed(.received(bench.object(request))).compactMap(\.offence) == [.badRequest])
        }
        var foreign = good
        foreign.key = Digest()
        #expect(bench.feed(.received(bench.object(foreign))).isEmpty)
        #expect(bench.machine.drops.notEndorsed == 1)
        var without = good
        without.signers = SSZList(
            [1, 3, 4].map { MemberIndex($0) }.map {
                SignerCommitment(signer: $0, nonces: HashWorld.commitment($0, 1))
            }
        )!
        #expect(bench.feed(.received(bench.object(without))).compactMap(\.offence) == [.badRequest])
    }

    @Test func `a payload that is no request is its author's offence`() {
        var bench = SignerBench()
        _ = bench.offer(in: bench.view)
        let object = bench.cast.object(by: bench.leader, .signRequest, [1, 2, 3])
        #expect(bench.feed(.received(object)).compactMap(\.offence) == [.malformed])
    }

    @Test
    func `drops requests for other views, for what it does not endorse, and with nonces it does not have`() {
        var bench = SignerBench()
        let election = bench.offer(in: bench.view)
        let later = View(bench.view.rawValue + 4)
        #expect(bench.feed(.received(bench.object(bench.request(election, in: later)))).isEmpty)
        #expect(bench.machine.drops.otherView == 1)
        let other = bench.cast.electing(bench.member, in: bench.view)
        #expect(bench.feed(.received(bench.object(bench.request(other, in: bench.view)))).isEmpty)
        #expect(bench.machine.drops.notEndorsed == 1)
        let unknown = bench.request(election, in: bench.view, own: 77)
        #expect(bench.feed(.received(bench.object(unknown))).isEmpty)
        #expect(bench.machine.drops.unknownCommitment == 1)
    }

    @Test func `a statement retracted before the vote is durable is not signed`() throws {
        var bench = SignerBench()
        let election = bench.offer(in: bench.view)
        let actions = bench.feed(.received(bench.object(bench.request(election, in: bench.view))))
        let ticket = try #require(actions.first?.stored?.ticket)
        #expect(bench.feed(.retracted(election.statement.digest)).isEmpty)
        #expect(bench.feed(.persisted(ticket: ticket)).isEmpty)
        #expect(bench.machine.drops.notEndorsed == 1)
    }

    @Test func `a request for a statement retracted before locks nothing and is not answered`() {
        var bench = SignerBench()
        let election = bench.offer(in: bench.view)
        _ = bench.feed(.retracted(election.statement.digest))
        #expect(bench.feed(.received(bench.object(bench.request(election, in: bench.view)))).isEmpty)
        #expect(bench.machine.drops.notEndorsed == 1)
    }

    @Test func `a request signed in another epoch is ignored`() {
        var bench = SignerBench()
        let election = bench.offer(in: bench.view)
        var object = bench.object(bench.request(election, in: bench.view)).object
        object.epoch = Epoch(bench.cast.committee.epoch.rawValue + 1)
        #expect(bench.feed(.received(bench.cast.sign(object))).isEmpty)
    }

    @Test func `a view left before the vote is durable is not signed in, and its nonces are wiped`() throws {
        var bench = SignerBench()
        let election = bench.offer(in: bench.view)
        let actions = bench.feed(.received(bench.object(bench.request(election, in: bench.view))))
        let ticket = try #require(actions.first?.stored?.ticket)
        let next = bench.view.advanced(by: 1)
        let entering = bench.feed(.enteredView(next))
        guard case .forgetNonces(next)? = entering.first else {
            Issue.record("nonces of the view before are not wiped")
            return
        }
        #expect(bench.feed(.persisted(ticket: ticket)).isEmpty)
        #expect(bench.feed(.enteredView(bench.view)).isEmpty)
    }
}
