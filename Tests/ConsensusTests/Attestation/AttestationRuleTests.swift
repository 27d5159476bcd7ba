import Cryptography
import Primitives
import Testing

@testable import Consensus

/// Rules of attesting that show only when something comes late, twice, or out of its order.
@Suite struct AttestationRuleTests {
    private let interval = AttestationBench.interval

    @Test func `a view that is over does not come back`() {
        var bench = AttestationBench.follower()
        bench.grow(bench.others[0])
        let former = bench.leader
        bench.feed(.entered(View(2)))
        bench.feed(.entered(View(1)))
        bench.propose(bench.list(), by: former)
        #expect(bench.endorsed.isEmpty)
        bench.propose(bench.list(), by: bench.committee.leader(of: View(2)))
        #expect(bench.endorsed.count == 1)
    }

    @Test func `an entry that is told of late hides no later one`() {
        var bench = AttestationBench()
        let author = bench.others[0]
        bench.grow(author, by: 2)
        let first = bench.list()
        bench.propose(first)
        bench.feed(.anchored(number: 1, root: first.hashTreeRoot()))
        bench.grow(author)
        bench.feed(.said(author, sequence: 1))
        bench.advance(by: interval)
        #expect(bench.proposed.map(\.number) == [2])
    }

    @Test func `an anchor below the newest changes nothing, another of its number takes its place`() {
        var bench = AttestationBench()
        bench.feed(.anchored(number: 2, root: SHA256.hash([2])))
        bench.feed(.anchored(number: 1, root: SHA256.hash([1])))
        #expect(bench.machine.anchoredNumber == 2)
        bench.feed(.anchored(number: 2, root: SHA256.hash([3])))
        #expect(bench.machine.anchors.map(\.number) == [0, 2])
        #expect(bench.machine.anchors.last?.root == SHA256.hash([3]))
    }

    @Test func `after an anchor, whoever made it, the leader waits for an interval`() {
        var bench = AttestationBench()
        bench.grow(bench.others[0])
        bench.advance(by: .seconds(20))
        bench.feed(.anchored(number: 1, root: SHA256.hash([1])))
        bench.advance(by: interval - .seconds(1))
        #expect(bench.proposed.isEmpty)
        bench.advance(by: .seconds(1))
        #expect(bench.proposed.map(\.number) == [2])
    }

    @Test func `after a list that it holds to be true a new leader waits for an interval`() throws {
        var bench = AttestationBench.follower()
        bench.grow(bench.others[0])
        bench.advance(by: .seconds(20))
        bench.propose(bench.list())
        #expect(bench.endorsed.count == 1)
        let views = (2...40 as ClosedRange<UInt64>).map { View($0) }
        let own = try #require(views.first { bench.committee.leader(of: $0) == bench.member })
        bench.feed(.entered(own))
        bench.advance(by: interval - .seconds(1))
        #expect(bench.proposed.isEmpty)
        bench.advance(by: .seconds(1))
        #expect(bench.proposed.count == 1)
    }

    @Test func `when the only known anchor is taken back its list names the one before`() {
        var bench = AttestationBench(isReady: false)
        bench.feed(.entered(View(1)))
        bench.feed(.keyActivated)
        bench.grow(bench.others[0])
        let third = bench.list(number: 3, previous: SHA256.hash([2]))
        bench.propose(third)
        bench.feed(.anchored(number: 3, root: third.hashTreeRoot()))
        bench.feed(.unanchored(number: 3))
        #expect(bench.machine.anchors.map(\.number) == [2])
        #expect(bench.machine.anchors.last?.root == SHA256.hash([2]))
    }

    @Test func `a signature over what is on the chain already is not waited for`() {
        var bench = AttestationBench()
        bench.feed(.anchored(number: 1, root: SHA256.hash([1])))
        bench.feed(.signed(number: 1, root: SHA256.hash([1])))
        #expect(bench.machine.signed.isEmpty)
    }

    @Test func `what a log came to in the words of another epoch is not listed`() {
        var bench = AttestationBench()
        let author = bench.others[0]
        bench.grow(author)
        var foreign = bench.logs.checkpoint(author)
        foreign.epoch = Epoch(2)
        foreign.size = 2
        bench.feed(.stands(foreign))
        bench.advance(by: interval)
        #expect(bench.proposed == [bench.list()])
    }

    @Test func `a list that is anchored is known though its author has proposed another since`() {
        var bench = AttestationBench.follower()
        bench.grow(bench.others[0])
        let first = bench.list()
        bench.propose(first)
        bench.grow(bench.others[0])
        bench.propose(bench.list())
        #expect(bench.endorsed.count == 1)
        bench.feed(.anchored(number: 1, root: first.hashTreeRoot()))
        #expect(bench.machine.anchors.last?.list == first)
    }

    @Test func `of signatures nothing is kept once the chain has them, and a second one gives no more time`()
    {
        var bench = AttestationBench()
        for number in 1...20 as ClosedRange<UInt64> {
            bench.feed(.signed(number: number, root: SHA256.hash([1])))
            bench.feed(.anchored(number: number, root: SHA256.hash([1])))
        }
        #expect(bench.machine.signed.isEmpty)
        bench.grow(bench.others[0])
        bench.feed(.signed(number: 21, root: SHA256.hash([2])))
        bench.advance(by: interval * 2)
        bench.feed(.signed(number: 21, root: SHA256.hash([3])))
        bench.advance(by: interval)
        #expect(bench.proposed.map(\.number) == [21])
    }

    @Test func `what a log came to earlier, told again, takes nothing back`() {
        var bench = AttestationBench.follower()
        let author = bench.others[0]
        bench.grow(author, by: 3)
        bench.feed(.stands(bench.logs.checkpoint(author, size: 1)))
        bench.propose(bench.list())
        #expect(bench.endorsed.count == 1)
    }

    @Test func `the next leader's list need not wait for the one of the leader before`() {
        var bench = AttestationBench.follower()
        bench.grow(bench.others[0])
        bench.propose(bench.list())
        bench.grow(bench.others[0])
        bench.feed(.entered(View(2)))
        bench.propose(bench.list())
        #expect(bench.endorsed.count == 2)
    }

    @Test func `without a key nothing is held to be true, with it what waits is`() {
        var bench = AttestationBench(AttestationBench.follower().member, isReady: false)
        bench.feed(.entered(View(1)))
        bench.feed(.anchored(number: 0, root: Digest()))
        bench.grow(bench.others[0])
        bench.propose(bench.list())
        #expect(bench.endorsed.isEmpty)
        bench.feed(.keyActivated)
        #expect(!bench.endorsed.isEmpty)
    }
}
