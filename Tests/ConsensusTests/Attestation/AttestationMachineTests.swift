import Cryptography
import Primitives
import Testing

@testable import Consensus

/// What the leader proposes, and when.
@Suite struct AttestationLeaderTests {
    private let interval = AttestationBench.interval

    @Test func `the leader proposes what all logs come to, once an interval is over`() throws {
        var bench = AttestationBench()
        for member in bench.others { bench.grow(member, by: 3) }
        bench.advance(by: interval - .seconds(1))
        #expect(bench.proposed.isEmpty)
        bench.advance(by: .seconds(1))
        let list = try #require(bench.proposed.first)
        #expect(list == bench.list())
        #expect(list.isSound(for: bench.committee))
        #expect(list.logs.map(\.size) == [3, 3, 3])
    }

    @Test func `nobody proposes without a key, a word of the chain, the lead, or anything new`() {
        let events: [AttestationMachine.Event] = [
            .entered(View(1)), .keyActivated, .anchored(number: 0, root: Digest()),
        ]
        for missing in events.indices {
            var bench = AttestationBench(isReady: false)
            for (place, event) in events.enumerated() where place != missing { bench.feed(event) }
            bench.grow(bench.others[0])
            bench.advance(by: interval * 4)
            #expect(bench.proposed.isEmpty && bench.machine.nextDeadline == nil)
        }
        var follower = AttestationBench.follower()
        follower.grow(follower.others[0])
        follower.advance(by: interval * 4)
        #expect(follower.proposed.isEmpty)
        var idle = AttestationBench()
        idle.advance(by: interval * 4)
        #expect(idle.proposed.isEmpty && idle.machine.nextDeadline == nil)
    }

    @Test func `a number that no contract comes to is not believed`() {
        var bench = AttestationBench()
        bench.grow(bench.others[0])
        bench.feed(.anchored(number: .max, root: Digest()))
        bench.advance(by: interval)
        #expect(bench.proposed.map(\.number) == [1])
    }

    @Test func `a list is nothing that has to be attested itself`() {
        var bench = AttestationBench()
        bench.grow(bench.others[0])
        bench.advance(by: interval)
        let list = bench.proposed[0]
        bench.grow(bench.member, isAttesting: true)
        bench.propose(list)
        bench.grow(bench.member, isAttesting: true)
        bench.feed(.anchored(number: 1, root: list.hashTreeRoot()))
        bench.advance(by: interval * 10)
        #expect(bench.proposed.count == 1)
        bench.grow(bench.others[1])
        #expect(bench.proposed.count == 2)
        #expect(bench.proposed[1].number == 2 && bench.proposed[1].previous == list.hashTreeRoot())
        #expect(bench.proposed[1].logs.count == 3)
    }

    @Test func `a list that comes to nothing is made anew, one that is signed waits for the chain`() {
        var bench = AttestationBench()
        bench.grow(bench.others[0])
        bench.advance(by: interval * 3)
        #expect(bench.proposed.count == 3)
        #expect(bench.proposed.allSatisfy { $0.number == 1 })
        bench.feed(.signed(number: 1, root: bench.proposed[2].hashTreeRoot()))
        bench.advance(by: interval * 3 - .seconds(1))
        #expect(bench.proposed.count == 3)
        bench.advance(by: .seconds(1))
        #expect(bench.proposed.count == 4)
    }

    @Test func `a convicted member's log is left out, and is no reason for a list`() {
        var bench = AttestationBench()
        bench.grow(bench.others[0])
        bench.feed(.convicted(bench.others[0]))
        bench.advance(by: interval * 2)
        #expect(bench.proposed.isEmpty)
        bench.grow(bench.others[1])
        bench.advance(by: interval * 2)
        #expect(bench.proposed.last?.logs.map(\.author) == [bench.others[1]])
    }
}

/// What members hold to be true.
@Suite struct AttestationMemberTests {
    private let interval = AttestationBench.interval

    @Test func `a list that says what the own copies come to is held to be true`() {
        var bench = AttestationBench.follower()
        for member in bench.committee.indices { bench.grow(member, by: 5) }
        let list = bench.list(bench.committee.indices.map { bench.logs.checkpoint($0, size: 4) })
        bench.propose(list)
        let statement = ProofAnchorStatement(epoch: Epoch(1), number: 1, root: list.hashTreeRoot())
        #expect(bench.endorsed == [statement])
        bench.feed(.signed(number: 1, root: list.hashTreeRoot()))
        #expect(bench.retracted == [statement])
    }

    @Test func `what a member has not yet it waits for`() {
        var bench = AttestationBench.follower()
        let author = bench.others[0]
        var ahead = bench.logs
        for _ in 0..<3 { ahead.append(author) }
        bench.grow(author)
        bench.propose(bench.list([ahead.checkpoint(author)]))
        bench.grow(author)
        #expect(bench.endorsed.isEmpty)
        bench.grow(author)
        #expect(bench.endorsed.count == 1)
    }

    @Test func `entries that never come are waited for without an end and without a sound`() {
        var bench = AttestationBench.follower()
        let author = bench.others[0]
        bench.grow(author)
        var log = bench.logs.checkpoint(author)
        log.size = .max
        bench.propose(bench.list([log]))
        bench.advance(by: interval * 100)
        bench.grow(author, by: 1_000)
        #expect(bench.endorsed.isEmpty && bench.penalties.isEmpty && bench.machine.nextDeadline == nil)
    }

    @Test func `a root, head or size that differs from the own copy's is never signed`() {
        for change in 0..<3 {
            var bench = AttestationBench.follower()
            let author = bench.others[0]
            bench.grow(author, by: 3)
            var log = bench.logs.checkpoint(author)
            switch change {
            case 0: log.root = SHA256.hash([1])
            case 1: log.head = SHA256.hash([1])
            default: log.size = 2
            }
            bench.propose(bench.list([log]))
            bench.grow(author, by: 3)
            #expect(bench.endorsed.isEmpty)
            #expect(bench.machine.refusals.otherLog == 1)
        }
    }

    @Test func `a list by who does not lead is not signed until it leads`() {
        var bench = AttestationBench.follower()
        bench.grow(bench.others[0])
        let next = bench.committee.leader(of: View(2))
        bench.propose(bench.list(), by: next)
        #expect(bench.endorsed.isEmpty)
        bench.feed(.entered(View(2)))
        #expect(bench.endorsed.count == 1)
        bench.feed(.entered(View(3)))
        #expect(bench.retracted.isEmpty)
    }

    @Test func `a list of another number, or after another list, is not signed`() {
        var bench = AttestationBench.follower()
        bench.grow(bench.others[0])
        let first = bench.list()
        bench.feed(.anchored(number: 1, root: first.hashTreeRoot()))
        bench.propose(first)
        bench.propose(bench.list(number: 2, previous: SHA256.hash([1])))
        #expect(bench.endorsed.isEmpty && bench.machine.refusals.otherPrevious == 1)
        // The leader has seen more of the chain.
        let third = bench.list(number: 3, previous: SHA256.hash([2]))
        bench.propose(third)
        #expect(bench.endorsed.isEmpty)
        bench.feed(.anchored(number: 2, root: SHA256.hash([2])))
        #expect(bench.endorsed.map(\.number) == [3])
    }

    @Test func `an unsound list is its author's offence`() {
        var bench = AttestationBench.follower()
        let (one, other) = (bench.committee.indices[0], bench.committee.indices[1])
        for member in [one, other] { bench.grow(member) }
        let logs = [bench.logs.checkpoint(one), bench.logs.checkpoint(other)]
        let unsorted = bench.list([logs[1], logs[0]])
        let twice = bench.list([logs[0], logs[0]])
        let empty = bench.list([])
        let first = bench.list(number: 1, previous: SHA256.hash([1]))
        for list in [unsorted, twice, empty, first] { bench.propose(list) }
        #expect(bench.penalties == Array(repeating: bench.leader, count: 4))
        #expect(bench.endorsed.isEmpty && bench.machine.proposals.isEmpty)
    }

    @Test func `a list with a convicted member's log is not signed, and no more when it was`() {
        var bench = AttestationBench.follower()
        for member in bench.others { bench.grow(member) }
        bench.propose(bench.list())
        #expect(bench.endorsed.count == 1)
        bench.feed(.convicted(bench.others[1]))
        #expect(bench.retracted == bench.endorsed)
        bench.propose(bench.list())
        #expect(bench.endorsed.count == 1 && bench.machine.refusals.convicted == 1)
        bench.propose(bench.list([bench.logs.checkpoint(bench.others[0])]))
        #expect(bench.endorsed.count == 2)
    }

    @Test func `a list goes back behind no anchored one`() {
        var bench = AttestationBench.follower()
        let (one, other) = (bench.committee.indices[0], bench.committee.indices[1])
        bench.grow(one, by: 3)
        bench.grow(other)
        let first = bench.list()
        bench.propose(first)
        bench.feed(.anchored(number: 1, root: first.hashTreeRoot()))
        let root = first.hashTreeRoot()
        let shorter = [bench.logs.checkpoint(one, size: 2), bench.logs.checkpoint(other)]
        bench.propose(bench.list(shorter, number: 2, previous: root))
        bench.propose(bench.list([bench.logs.checkpoint(one)], number: 2, previous: root))
        #expect(bench.endorsed.count == 1 && bench.machine.refusals.shorter == 2)
        bench.feed(.convicted(other))
        bench.propose(bench.list([bench.logs.checkpoint(one)], number: 2, previous: root))
        #expect(bench.endorsed.count == 2)
    }

    @Test func `of a leader's flood of true lists one is taken up each half interval`() {
        var bench = AttestationBench.follower()
        let author = bench.others[0]
        for _ in 0..<1_000 {
            bench.grow(author)
            bench.propose(bench.list())
            bench.advance(by: .milliseconds(29))
        }
        // 29 s, and half intervals of 15 s.
        #expect(bench.endorsed.count == 2)
        bench.advance(by: interval)
        #expect(bench.endorsed.count == 3)
        #expect(bench.retracted == Array(bench.endorsed.dropLast()))
        #expect(bench.machine.proposals.count == 1)
    }

    @Test func `lists of all members and views take bounded room`() {
        var bench = AttestationBench.follower(size: 7)
        for member in bench.committee.indices { bench.grow(member) }
        for view in 1...100 as ClosedRange<UInt64> {
            bench.feed(.entered(View(view)))
            for member in bench.committee.indices {
                bench.grow(member)
                bench.propose(bench.list(), by: member)
            }
            #expect(bench.endorsed.count - bench.retracted.count <= AttestationMachine.endorsedLimit)
            bench.advance(by: interval)
        }
        #expect(bench.machine.proposals.count == 7)
        for number in 1...100 as ClosedRange<UInt64> {
            bench.feed(.anchored(number: number, root: SHA256.hash([UInt8(number)])))
            bench.feed(.signed(number: number + 1 + number % 30, root: Digest()))
        }
        #expect(bench.machine.anchors.count == AttestationMachine.anchorLimit)
        #expect(bench.machine.signed.count <= AttestationMachine.anchorLimit)
    }

    @Test func `after a restart old lists are not signed again, and the next one is`() {
        var bench = AttestationBench.follower()
        let author = bench.others[0]
        bench.grow(author, by: 5)
        var again = AttestationBench.follower()
        again.logs = bench.logs
        // What is found is only what the log comes to now; the list is read again from the log.
        again.feed(.stands(bench.logs.checkpoint(author)))
        again.propose(bench.list([bench.logs.checkpoint(author, size: 4)]))
        #expect(again.endorsed.isEmpty && again.machine.refusals.forgotten == 1)
        again.propose(bench.list())
        #expect(again.endorsed.count == 1)
    }

    @Test func `after a reorganisation the list before counts again`() {
        var bench = AttestationBench.follower()
        bench.grow(bench.others[0])
        let first = bench.list()
        bench.propose(first)
        bench.feed(.anchored(number: 1, root: first.hashTreeRoot()))
        #expect(bench.machine.anchoredNumber == 1)
        bench.feed(.unanchored(number: 1))
        #expect(bench.machine.anchoredNumber == 0)
        bench.grow(bench.others[0])
        bench.advance(by: interval)
        bench.propose(bench.list())
        #expect(bench.endorsed.map(\.number) == [1, 1])
    }

    @Test func `another key has what is held to be true signed anew`() {
        var bench = AttestationBench.follower()
        bench.grow(bench.others[0])
        bench.propose(bench.list())
        bench.feed(.keyActivated)
        #expect(bench.endorsed.count == 2 && bench.endorsed[0] == bench.endorsed[1])
    }
}

@Suite struct LogCopyTests {
    @Test func `knows each of its last sizes, and nothing else`() {
        let author = MemberIndex(1)
        var logs = TestLogs(size: 1)
        var copy = LogCopy()
        for _ in 0..<1_000 {
            logs.append(author)
            copy.note(logs.checkpoint(author))
        }
        for size in (1_000 - UInt64(LogCopy.memory))...1_000 {
            #expect(copy.compare(logs.checkpoint(author, size: size)) == .same)
        }
        #expect(copy.compare(logs.checkpoint(author, size: 1)) == .forgotten)
        var more = logs.checkpoint(author)
        more.size += 1
        #expect(copy.compare(more) == .ahead)
        var other = logs.checkpoint(author)
        other.root = Digest()
        #expect(copy.compare(other) == .other)
        // A jump, as to what was found after a restart, leaves nothing to count from.
        for _ in 0..<5 { logs.append(author) }
        copy.note(logs.checkpoint(author))
        #expect(copy.compare(logs.checkpoint(author)) == .same)
        #expect(copy.compare(logs.checkpoint(author, size: 1_004)) == .forgotten)
    }
}
