import Cryptography
import Ethereum
import Primitives
import Testing

@Suite struct TransactionOutboxTests {
    private let election = OutboxDriver.election(1)

    @Test func `sends a call with the account's next nonce, stored before`() throws {
        var driver = OutboxDriver()
        driver.submit(1)
        #expect(driver.sent.isEmpty)
        driver.observe()
        let transaction = try #require(driver.sent.first)
        #expect(transaction.transaction.nonce == 7)
        #expect(transaction.transaction.data == election.data)
        #expect(transaction.transaction.to == driver.configuration.registry)
        #expect(transaction.sender == driver.key.address)
        #expect(driver.wasStored)
        #expect(driver.reports == [.sent(transaction.hash, nonce: 7)])
    }

    @Test func `sends nothing before its record is on disk`() throws {
        var driver = OutboxDriver()
        driver.storesAtOnce = false
        driver.submit(1)
        driver.observe()
        #expect(driver.sent.isEmpty)
        driver.feed(.persisted(try #require(driver.tickets.last)))
        driver.observe()
        #expect(driver.sent.isEmpty)
        driver.feed(.persisted(999))
        #expect(driver.sent.isEmpty)
        driver.feed(.persisted(try #require(driver.tickets.last)))
        #expect(driver.sent.count == 1)
    }

    @Test func `waits for its release, and takes a call once`() {
        var driver = OutboxDriver()
        driver.feed(.submitted(election))
        driver.feed(.submitted(election))
        driver.observe()
        #expect(driver.sent.isEmpty)
        #expect(driver.outbox.records.count == 1)
        driver.feed(.recalled(election.id))
        driver.feed(.released(election.id))
        driver.observe()
        #expect(driver.sent.count == 1)
    }

    @Test func `never gives away a nonce that it has settled`() {
        var driver = OutboxDriver()
        driver.submit(1)
        driver.observe()
        driver.mine(driver.sent[0])
        driver.observe()
        driver.feed(.finalized(driver.number))
        driver.nonce = 7
        driver.submit(2)
        driver.observe()
        #expect(driver.sent.map(\.transaction.nonce) == [7, 8])
    }

    @Test func `gives rising nonces, a few at a time`() {
        var driver = OutboxDriver { $0.greatestOpen = 2 }
        for view in 1...3 as ClosedRange<UInt64> { driver.submit(view) }
        driver.observe()
        #expect(driver.sent.map(\.transaction.nonce) == [7, 8])
        driver.mine(driver.sent[0])
        driver.block()
        #expect(Set(driver.sent.map(\.transaction.nonce)) == [7, 8, 9])
    }

    @Test func `sends again with each block, and offers more after three`() throws {
        var driver = OutboxDriver()
        driver.submit(1)
        driver.observe()
        driver.block()
        driver.block()
        #expect(Set(driver.sent.map(\.hash)).count == 1)
        #expect(driver.sent.count == 3)
        driver.block()
        let (first, raised) = (driver.sent[0].transaction, try #require(driver.sent.last).transaction)
        #expect(raised.nonce == 7)
        #expect(raised.maxFee >= first.maxFee * 1_125 / 1_000 + 1)
        #expect(raised.maxPriorityFee >= first.maxPriorityFee * 1_125 / 1_000 + 1)
        #expect(driver.reports.last == .raised(try #require(driver.sent.last).hash))
        #expect(driver.wasStored)
    }

    @Test func `counts any of its attempts as the call`() throws {
        var driver = OutboxDriver()
        driver.submit(1)
        driver.observe()
        for _ in 0..<4 { driver.block() }
        #expect(Set(driver.sent.map(\.hash)).count == 2)
        driver.mine(driver.sent[0])
        driver.block()
        guard case .included(let hash, _, .succeeded)? = driver.reports.last else {
            Issue.record("\(driver.reports)")
            return
        }
        #expect(hash == driver.sent[0].hash)
    }

    @Test func `offers more at once when a node finds it too little`() {
        var driver = OutboxDriver()
        driver.submit(1)
        driver.observe()
        let refusal = RPCRefusal(code: -32_000, message: "replacement transaction underpriced")
        driver.feed(.answered(election.id, [refusal]))
        driver.observe()
        #expect(Set(driver.sent.map(\.hash)).count == 2)
    }

    @Test func `frees the nonce when its limit does not suffice`() throws {
        var driver = OutboxDriver { $0.fees.limit = 3_000_000_000 }
        driver.submit(1)
        driver.observe()
        for _ in 0..<30 { driver.block(baseFee: 5_000_000_000) }
        let last = try #require(driver.sent.last).transaction
        #expect(last.to == driver.key.address)
        #expect(last.data.isEmpty && last.value == .zero && last.nonce == 7 && last.gasLimit == 21_000)
        driver.mine(try #require(driver.sent.last))
        driver.block()
        guard case .included(_, _, .cancelled)? = driver.reports.last else {
            Issue.record("\(driver.reports)")
            return
        }
    }

    @Test func `frees the nonce of a call that nobody wants any more`() throws {
        var driver = OutboxDriver()
        driver.submit(1)
        driver.observe()
        driver.feed(.recalled(election.id))
        for _ in 0..<3 { driver.block() }
        #expect(try #require(driver.sent.last).transaction.data.isEmpty)
        driver.feed(.released(election.id))
        for _ in 0..<3 { driver.block() }
        #expect(try #require(driver.sent.last).transaction.nonce == 7)
    }

    @Test func `frees the nonce of a withdrawn call after a restart too`() throws {
        var driver = OutboxDriver()
        driver.submit(1)
        driver.observe()
        driver.feed(.withdrawn(election.id))
        driver.restart()
        for _ in 0..<4 { driver.block() }
        let last = try #require(driver.sent.last)
        #expect(last.transaction.data.isEmpty && last.transaction.nonce == 7)
        #expect(driver.reports.last == .cancelling(last.hash))
        driver.mine(last)
        driver.block()
        driver.feed(.finalized(driver.number))
        #expect(driver.stored.isEmpty && driver.outbox.records.isEmpty)
    }

    @Test func `sends a withdrawn call after all when it is wanted again, after a restart too`() throws {
        var driver = OutboxDriver()
        driver.submit(1)
        driver.observe()
        driver.feed(.withdrawn(election.id))
        driver.submit(1)
        driver.restart()
        for _ in 0..<4 { driver.block() }
        #expect(driver.sent.allSatisfy { $0.transaction.data == election.data })
        #expect(driver.reports.last == .raised(try #require(driver.sent.last).hash))
    }

    @Test func `forgets a withdrawn call that has no nonce, or has lost it`() {
        var driver = OutboxDriver()
        driver.submit(1)
        driver.feed(.withdrawn(election.id))
        #expect(driver.stored.isEmpty && driver.outbox.records.isEmpty)
        driver.submit(1)
        driver.observe()
        driver.feed(.withdrawn(election.id))
        driver.nonce = 8
        for _ in 0..<2 { driver.block() }
        #expect(driver.stored.isEmpty && driver.outbox.records.isEmpty)
    }

    @Test func `keeps nothing of a call that was withdrawn before its first signature`() {
        var driver = OutboxDriver()
        driver.signsAtOnce = false
        driver.submit(1)
        driver.submit(2)
        driver.observe()
        driver.feed(.withdrawn(election.id))
        #expect(Array(driver.stored.keys) == [OutboxDriver.election(2).id])
        // Its nonce is in use all the same, since the next call has the one after it.
        driver.signAll()
        #expect(driver.stored[election.id]?.isWithdrawn == true)
        #expect(driver.sent.map(\.transaction.nonce) == [7, 8])
    }

    @Test func `takes a lost answer and "already known" for nothing`() {
        var driver = OutboxDriver()
        driver.submit(1)
        driver.observe()
        let reports = driver.reports
        driver.feed(.answered(election.id, []))
        driver.feed(.answered(election.id, [RPCRefusal(code: -32_000, message: "already known")]))
        driver.feed(.answered(election.id, [nil, RPCRefusal(code: -32_000, message: "nonce too low")]))
        #expect(driver.reports == reports)
    }

    @Test func `looks twice before it believes that its nonce was taken, then waits for another`() throws {
        var driver = OutboxDriver()
        driver.submit(1)
        driver.observe()
        driver.nonce = 8
        driver.block()
        driver.observe()
        #expect(driver.reports.count == 1)
        driver.block()
        #expect(driver.reports.last == .displaced(nonce: 7))
        let count = driver.sent.count
        driver.block()
        #expect(driver.sent.count == count)
        driver.feed(.released(election.id))
        driver.observe()
        #expect(try #require(driver.sent.last).transaction.nonce == 8)
    }

    @Test func `concludes nothing from an endpoint that is behind`() {
        var driver = OutboxDriver()
        driver.submit(1)
        driver.observe(isCurrent: false)
        #expect(driver.sent.isEmpty)
        driver.observe()
        driver.nonce = 8
        for _ in 0..<5 { driver.block(isCurrent: false) }
        #expect(driver.reports.count == 1)
    }

    @Test func `gives up what no node will ever take`() {
        var driver = OutboxDriver()
        driver.submit(1)
        driver.observe()
        let refusal = RPCRefusal(code: -32_000, message: "intrinsic gas too low")
        driver.feed(.answered(election.id, [refusal, refusal]))
        #expect(driver.reports.last == .rejected("intrinsic gas too low"))
        #expect(driver.stored.isEmpty && driver.outbox.records.isEmpty)
    }

    @Test func `tells that the account cannot pay, and goes on trying`() {
        var driver = OutboxDriver()
        driver.submit(1)
        driver.observe()
        driver.feed(.answered(election.id, [RPCRefusal(code: -32_000, message: "insufficient funds")]))
        #expect(driver.reports.last == .unaffordable("insufficient funds"))
        let count = driver.sent.count
        driver.block()
        #expect(driver.sent.count == count + 1)
    }

    @Test func `sends again what a reorganisation has undone, and settles what is final`() {
        var driver = OutboxDriver()
        driver.submit(1)
        driver.observe()
        driver.mine(driver.sent[0])
        driver.observe()
        let block = TestHeaders.main(100)
        #expect(driver.reports.last == .included(driver.sent[0].hash, block, .succeeded))
        driver.receipts = [:]
        driver.nonce = 7
        driver.feed(.undone(block))
        #expect(driver.reports.last == .reopened)
        #expect(driver.sent.count == 2 && driver.sent[1] == driver.sent[0])
        driver.block()
        driver.mine(driver.sent[0])
        driver.block()
        driver.feed(.finalized(100))
        #expect(!driver.stored.isEmpty)
        driver.feed(.finalized(101))
        #expect(driver.reports.last == .settled(driver.sent[0].hash, TestHeaders.main(101), .succeeded))
        #expect(driver.stored.isEmpty && driver.outbox.records.isEmpty)
    }

    @Test func `goes on after a crash at any moment without using a nonce twice`() throws {
        var driver = OutboxDriver()
        driver.feed(.submitted(election))
        driver.restart()
        driver.feed(.released(election.id))
        driver.observe()
        let first = try #require(driver.sent.first)
        driver.restart()
        driver.submit(2)
        driver.block()
        #expect(driver.sent.contains { $0 == first && $0 == driver.sent[0] })
        let views = driver.sent.map { ($0.transaction.nonce, $0.transaction.data) }
        #expect(views.filter { $0.0 == 7 }.allSatisfy { $0.1 == election.data })
        #expect(views.filter { $0.0 == 8 }.allSatisfy { $0.1 == OutboxDriver.election(2).data })
        #expect(driver.wasStored)
    }

    @Test func `keeps its records through their encoding`() throws {
        var driver = OutboxDriver()
        driver.submit(1)
        let empty = try #require(driver.stored[election.id])
        #expect(try OutboxRecord(decoding: empty.encoded) == empty)
        driver.observe()
        for _ in 0..<4 { driver.block() }
        let record = try #require(driver.stored[election.id])
        #expect(record.attempts.count == 2)
        #expect(try OutboxRecord(decoding: record.encoded) == record)
        #expect(throws: (any Error).self) { try OutboxRecord(decoding: record.encoded.dropLast()) }
        driver.feed(.withdrawn(election.id))
        let withdrawn = try #require(driver.stored[election.id])
        #expect(withdrawn.isWithdrawn && withdrawn.encoded != record.encoded)
        #expect(try OutboxRecord(decoding: withdrawn.encoded) == withdrawn)
    }
}
