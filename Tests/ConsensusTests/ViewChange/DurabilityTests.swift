import Consensus
import Primitives
import Testing

/// What waits for the disk, and what a restart remembers.
@Suite struct DurabilityTests {
    private func silence(_ bench: inout Bench) {
        for _ in 0..<5 { bench.beatAll(except: [bench.leader]) }
    }

    @Test func `a wish leaves only when it is durable`() {
        var bench = Bench.steady()
        bench.holdsRecords = true
        silence(&bench)
        #expect(bench.disk?.wishedView == View(2))
        #expect(bench.published(.wish) == [])
        bench.releaseRecords()
        #expect(bench.wishes.map(\.to) == [View(2)])
    }

    @Test func `a wish that was overtaken while it was written is never sent`() {
        var bench = Bench.steady()
        bench.holdsRecords = true
        silence(&bench)
        bench.beat(bench.leader)
        bench.releaseRecords()
        #expect(bench.wishes.map(\.isWithdrawal) == [true])
        bench.clear()
        silence(&bench)
        bench.move(to: View(6))
        bench.releaseRecords()
        #expect(bench.wishes == [])
        #expect(bench.enteredViews == [View(6)])
    }

    @Test func `a view is shown only when it is durable`() {
        var bench = Bench.steady()
        bench.holdsRecords = true
        bench.move(to: View(5))
        #expect(bench.enteredViews == [])
        #expect(bench.machine.heartbeatContent.view == View(1))
        bench.releaseRecords()
        #expect(bench.enteredViews == [View(5)])
        #expect(bench.machine.heartbeatContent.view == View(5))
    }

    @Test func `once the store has failed nothing more is said`() {
        var bench = Bench.steady(leading: true)
        #expect(bench.machine.heartbeatContent.lacksQuorum == false)
        bench.feed(.storeFailed)
        #expect(bench.actions == [.leadershipChanged(isLeading: false)])
        bench.clear()
        for member in bench.others { bench.hearWish(member, .duty) }
        bench.move(to: View(9))
        bench.feed(.misbehaviourProven(bench.leader))
        bench.advance(by: .seconds(20))
        #expect(bench.actions == [])
        #expect(bench.machine.nextDeadline == nil)
    }

    @Test func `orders rise by one, whatever is overtaken`() {
        var bench = Bench.steady()
        for _ in 0..<5 {
            bench.holdsRecords = true
            silence(&bench)
            bench.beat(bench.leader)
            bench.releaseRecords()
            bench.holdsRecords = false
            silence(&bench)
            for _ in 0..<3 { bench.beatAll() }
        }
        let orders = bench.published(.wish).map(\.object.order)
        #expect(orders.count > 10)
        #expect(orders == (1...UInt64(orders.count)).map { Order(incarnation: 1, sequence: $0) })
    }

    @Test func `a restart goes on in the view it was in, with its certificates`() throws {
        var first = Bench.steady()
        first.feed(.groupKeyActivated(SimGroupVerifier()))
        for member in first.others { first.hearWish(member, .duty) }
        first.hearWish(first.leader, .duty)
        #expect(first.enteredViews == [View(2)])
        first.feed(.electionCertificateReceived(first.election(of: View(2)), from: nil))
        let disk = try #require(first.disk)
        let copy = try ViewRecord(ssz: disk.sszBytes)
        #expect(copy == disk)
        var second = Bench(record: copy, incarnation: 2)
        second.feed(.started)
        #expect(second.enteredViews == [View(2)])
        let request = CertificateRequest(epoch: Epoch(1), view: View(2))
        second.feed(.certificatesRequested(request, by: second.leader))
        let sent = second.actions.compactMap { action -> View? in
            switch action {
            case .sendViewCertificate(let certificate, _): certificate.view
            case .sendElectionCertificate(let certificate, _): certificate.view
            default: nil
            }
        }
        #expect(sent == [View(2), View(2)])
    }

    @Test func `a wish of the life before stands until a quorum is heard, then is judged anew`() throws {
        var first = Bench.steady()
        silence(&first)
        let disk = try #require(first.disk)
        #expect(disk.wishedView == View(2))
        for isLeaderBack in [true, false] {
            var second = Bench(record: disk, incarnation: 2)
            second.feed(.started)
            for member in second.committee.indices where member != second.me {
                second.feed(.linkUp(member, view: View(1)))
            }
            second.beatAll()
            #expect(second.wishes == [])
            for _ in 0..<8 { second.beatAll(except: isLeaderBack ? [] : [second.leader]) }
            #expect(second.wishes.map(\.isWithdrawal) == [isLeaderBack])
            #expect(second.published(.wish).first?.object.order == Order(incarnation: 2, sequence: 1))
        }
    }

    @Test func `the record of another epoch is refused`() {
        let record = ViewRecord(epoch: Epoch(7), view: View(3))
        let committee = SimCommittee.make(size: 4)
        #expect(throws: ViewRecordError.epoch(is: Epoch(7), shouldBe: Epoch(1))) {
            try ViewChangeMachine(
                ViewChangeMachine.Setting(
                    committee: committee,
                    member: MemberIndex(1),
                    incarnation: 1,
                    firstView: View(1)
                ),
                domains: SimCommittee.domains,
                authenticator: SimCommittee.authenticator(of: MemberIndex(1), in: committee),
                record: record,
                at: .start
            )
        }
    }
}
