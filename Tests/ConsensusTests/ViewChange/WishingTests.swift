import Consensus
import Primitives
import Testing

/// Joining, withdrawing, renewing: rules 1 to 3.
@Suite struct WishingTests {
    @Test func `f + 1 soft wishes pull nobody that hears the leader`() {
        var bench = Bench.steady()
        for member in bench.others { bench.hearWish(member) }
        bench.beatAll()
        #expect(bench.wishes == [])
    }

    @Test func `f + 1 soft wishes pull a member that has not heard the leader for three intervals`() {
        var bench = Bench.steady()
        for _ in 0..<2 { bench.beatAll(except: [bench.leader]) }
        for member in bench.others { bench.hearWish(member, to: View(3)) }
        bench.advance(by: .milliseconds(249))
        #expect(bench.wishes == [])
        bench.advance(by: .milliseconds(1))
        #expect(bench.wishes.map(\.reason) == [.joined])
        #expect(bench.wishes.map(\.to) == [View(3)])
        #expect(bench.enteredViews == [View(3)])
    }

    @Test func `a joined member takes the greatest view that f + 1 ask for`() {
        var bench = Bench.steady(size: 10)
        for _ in 0..<2 { bench.beatAll(except: [bench.leader]) }
        for (number, member) in bench.others.prefix(4).enumerated() {
            bench.hearWish(member, to: View(UInt64(5 - number)))
        }
        bench.advance(by: bench.interval)
        #expect(bench.wishes.map(\.to) == [View(2)])
        bench.hearWish(bench.others[4], to: View(4))
        #expect(bench.wishes.map(\.to) == [View(2), View(3)])
    }

    @Test func `the wishes of members that are not fresh pull nobody`() {
        var bench = Bench.steady(size: 7)
        let sleepers = Array(bench.others.prefix(1))
        for _ in 0..<4 { bench.beatAll(except: sleepers) }
        for _ in 0..<2 { bench.beatAll(except: sleepers + [bench.leader]) }
        for member in bench.others.prefix(3) { bench.hearWish(member) }
        bench.advance(by: bench.interval)
        #expect(bench.wishes == [])
    }

    @Test func `a joined member withdraws when the leader is heard again`() {
        var bench = Bench.steady(size: 7)
        for _ in 0..<2 { bench.beatAll(except: [bench.leader]) }
        for member in bench.others.prefix(3) { bench.hearWish(member) }
        bench.advance(by: bench.interval)
        #expect(bench.wishes.count == 1)
        bench.beat(bench.leader)
        #expect(bench.wishes.map(\.isWithdrawal) == [false, true])
    }

    @Test func `f + 1 reports of a missed duty pull a member that hears the leader and knows of the duty`() {
        var bench = Bench.steady(size: 7)
        bench.feed(.dutyOwed(true))
        for member in bench.others.prefix(2) { bench.hearWish(member, .duty) }
        #expect(bench.wishes == [])
        bench.hearWish(bench.others[2], .duty)
        #expect(bench.wishes.map(\.reason) == [.joinedHard])
    }

    @Test func `members that joined for hard reasons hold nobody up once the reasons are gone`() {
        var bench = Bench.steady(size: 10)
        bench.feed(.dutyOwed(true))
        for member in bench.others.prefix(4) { bench.hearWish(member, .duty) }
        bench.hearWish(bench.others[4], .joinedHard)
        #expect(bench.wishes.map(\.reason) == [.joinedHard])
        bench.hearWish(bench.others[0], to: View(1))
        #expect(bench.wishes.last?.isWithdrawal == true)
    }

    @Test(arguments: [WishReason.duty, .noCertificate, .noQuorum, .draining, .evidence, .joinedHard])
    func `hard reasons that a member can check and finds untrue pull it nowhere`(reason: WishReason) {
        var bench = Bench.steady(size: 7)
        bench.feed(.groupKeyActivated(SimGroupVerifier()))
        bench.feed(.electionCertificateReceived(bench.election(of: View(1)), from: bench.leader))
        for member in bench.others.prefix(3) { bench.hearWish(member, reason) }
        bench.beatAll()
        #expect(bench.wishes == [])
    }

    @Test func `f + 1 members without a certificate pull one that has none either`() {
        var bench = Bench.steady(size: 7)
        bench.feed(.groupKeyActivated(SimGroupVerifier()))
        for member in bench.others.prefix(3) { bench.hearWish(member, .noCertificate) }
        #expect(bench.wishes.map(\.reason) == [.joinedHard])
    }

    @Test func `a leader follows f + 1 that report its missed duty`() {
        var bench = Bench.steady(leading: true)
        bench.feed(.dutyOwed(true))
        for member in bench.others.prefix(2) { bench.hearWish(member, .silence) }
        #expect(bench.wishes == [])
        for member in bench.others.prefix(2) { bench.hearWish(member, .duty) }
        #expect(bench.wishes.map(\.reason) == [.joinedHard])
        #expect(bench.enteredViews == [View(2)])
    }

    @Test func `q wishes are entered at the greatest view that q of them ask for`() {
        var bench = Bench.steady(size: 7)
        let wishers = [bench.leader] + bench.others.prefix(4)
        for (number, member) in wishers.enumerated() {
            #expect(bench.enteredViews == [])
            bench.hearWish(member, to: View(UInt64(6 - number)))
        }
        #expect(bench.enteredViews == [View(2)])
    }

    @Test func `wishes signed in another epoch count for nothing`() {
        var bench = Bench.steady()
        for member in [bench.leader] + bench.others {
            var object = bench.wish(member).object
            object.epoch = Epoch(object.epoch.rawValue + 1)
            let root = SigningRoot(of: object, in: SimCommittee.domains)
            let signature = SimCommittee.authenticator(of: member, in: bench.committee).sign(root)
            bench.feed(.received(SignedObject(object: object, signature: signature)))
        }
        #expect(bench.enteredViews == [])
        for member in [bench.leader] + bench.others { bench.hearWish(member) }
        #expect(bench.enteredViews == [View(2)])
    }

    @Test func `a wish that its author has replaced since does not come back`() {
        var bench = Bench.steady()
        let wish = bench.wish(bench.others[0])
        bench.feed(.received(wish))
        bench.hearWish(bench.others[0], to: View(1))
        bench.feed(.received(wish))
        bench.hearWish(bench.leader)
        bench.hearWish(bench.others[1])
        #expect(bench.enteredViews == [])
        bench.hearWish(bench.others[0])
        #expect(bench.enteredViews == [View(2)])
    }

    @Test func `soft wishes of different hours make no certificate`() {
        var bench = Bench.steady()
        let newest = bench.order(of: bench.leader).sequence
        let seen = [0, 17, 34].map { Order(incarnation: 1, sequence: newest + $0) }
        bench.hearWish(bench.leader, seen: seen[0])
        bench.hearWish(bench.others[0], seen: seen[1])
        bench.hearWish(bench.others[1], seen: seen[2])
        #expect(bench.enteredViews == [])
        bench.hearWish(bench.others[0], seen: Order(incarnation: 2, sequence: newest + 1))
        #expect(bench.enteredViews == [])
        bench.hearWish(bench.others[0], seen: Order(incarnation: 1, sequence: newest + 16))
        bench.hearWish(bench.others[1], seen: Order(incarnation: 1, sequence: newest + 8))
        #expect(bench.enteredViews == [View(2)])
    }

    @Test func `a grave reason takes the place of a light one, and the other way round`() {
        var bench = Bench.steady(size: 7)
        bench.feed(.dutyOwed(true))
        for _ in 0..<39 { bench.beatAll() }
        for _ in 0..<5 { bench.beatAll(except: [bench.leader]) }
        bench.feed(.dutyOwed(false))
        #expect(bench.wishes.map(\.reason) == [.silence, .duty, .silence])
        #expect(bench.wishes.map(\.to) == [View(2), View(2), View(2)])
    }

    @Test func `a member whose wish names an old heartbeat is sent the newest`() {
        var bench = Bench.steady()
        let old = Order(incarnation: 1, sequence: bench.order(of: bench.leader).sequence - 9)
        bench.hearWish(bench.others[0], seen: old)
        let forwards = bench.actions.filter { if case .forwardHeartbeat = $0 { true } else { false } }
        #expect(forwards == [.forwardHeartbeat(of: bench.leader, to: bench.others[0])])
    }

    @Test func `a leader that announces its end is left at once, and not when it takes it back`() {
        var bench = Bench.steady()
        bench.beat(bench.leader, isDraining: true)
        #expect(bench.wishes.map(\.reason) == [.draining])
        bench.beat(bench.leader)
        #expect(bench.wishes.last?.isWithdrawal == true)
        bench.clear()
        bench.hearWish(bench.leader, .draining)
        #expect(bench.wishes.map(\.reason) == [.draining])
        bench.hearWish(bench.leader, to: View(1))
        #expect(bench.wishes.last?.isWithdrawal == true)
    }

    @Test func `the first certificate of a new key is awaited for ten seconds more`() {
        var bench = Bench.steady()
        bench.feed(.groupKeyActivated(SimGroupVerifier()))
        for _ in 0..<43 { bench.beatAll() }
        #expect(bench.wishes == [])
        for _ in 0..<2 { bench.beatAll() }
        #expect(bench.wishes.map(\.reason) == [.noCertificate])
    }

    @Test func `a certificate is awaited for one term, and longer after f views in vain`() {
        var bench = Bench.steady()
        bench.feed(.groupKeyActivated(SimGroupVerifier()))
        for _ in 0..<40 { bench.beatAll() }
        var terms: [Int] = []
        var view = View(1)
        for _ in 0..<12 {
            bench.clear()
            let start = bench.now
            let leader = bench.committee.leader(of: view)
            while bench.wishes.isEmpty {
                bench.advance(by: .milliseconds(50))
                let time = start.duration(to: bench.now) / .milliseconds(50)
                if Int(time) % 5 == 0 {
                    for member in bench.committee.indices where member != bench.me {
                        bench.beat(member, view: view, acknowledging: member != leader)
                    }
                }
            }
            #expect(bench.wishes.map(\.reason) == [.noCertificate])
            terms.append(Int(start.duration(to: bench.now) / .milliseconds(50)) * 50)
            view = view.advanced(by: 1)
            bench.move(to: view)
        }
        #expect(terms[0..<2] == [1_000, 1_000])
        #expect(terms[2..<5] == [1_500, 2_250, 3_400])
        #expect(terms[10] == terms[11])
    }
}
