import Cryptography
import Ethereum
import Primitives
import TestSupport
import Testing

/// The machines that bring calls onto the chain, with a chain, a key and a disk that answer as they like.
@Suite struct SubmissionOrdealTests {
    private static let driver = OutboxDriver()

    /// An outbox with stored records, some of them changed on the disk.
    private static func restored(_ ordeal: inout Ordeal<TransactionOutbox>) -> TransactionOutbox {
        var driver = OutboxDriver()
        for view in 1...4 as ClosedRange<UInt64> {
            driver.submit(view)
            driver.block()
        }
        let records = driver.stored.values.sorted { $0.id < $1.id }.compactMap { record in
            try? OutboxRecord(decoding: ordeal.spoilt(record.encoded))
        }
        return TransactionOutbox(driver.configuration, restoring: records)
    }

    @Test(arguments: 1...8)
    func `no state of the account, in any order, stops the outbox or makes it grow`(seed: UInt64) {
        var ordeal = Ordeal(TransactionOutbox(Self.driver.configuration), seed: seed)
        let restored = Self.restored(&ordeal)
        if !seed.isMultiple(of: 2) { ordeal = Ordeal(restored, seed: seed) }
        var answers: [TransactionOutbox.Event] = []
        var hashes: [Digest] = []
        var height: UInt64 = 30
        var heaviest = 0
        for step in 0..<3_000 {
            let id = OutboxDriver.election(ordeal.number(below: 6)).id
            if ordeal.once(in: 3) { height += 1 }
            let event: TransactionOutbox.Event
            switch ordeal.random.next() % 14 {
            case 0, 1: event = .submitted(OutboxDriver.election(ordeal.number(below: 6)))
            case 2, 3: event = .released(id)
            case 4: event = ordeal.once(in: 2) ? .recalled(id) : .withdrawn(id)
            case 5, 6:
                var receipts: [Digest: Receipt] = [:]
                for hash in ordeal.machine.watchedHashes where ordeal.once(in: 3) {
                    receipts[hash] = Receipt(
                        transaction: hash,
                        block: TestHeaders.main(height),
                        succeeded: ordeal.once(in: 2),
                        gasUsed: ordeal.number(),
                        effectiveGasPrice: 1
                    )
                }
                let fee: UInt256 = ordeal.once(in: 5) ? .max : 1_000
                event = .observed(
                    AccountObservation(
                        header: TestHeaders.header(
                            ordeal.once(in: 9) ? ordeal.number() : height,
                            baseFee: fee
                        ),
                        nonce: ordeal.number(below: 12),
                        balance: UInt256(ordeal.number()),
                        fees: ordeal.once(in: 3) ? nil : FeeHistory(tips: [fee, 3], nextBaseFee: fee),
                        receipts: receipts,
                        isCurrent: !ordeal.once(in: 6)
                    )
                )
            case 7:
                let words = [
                    "already known", "nonce too low", "underpriced", "insufficient funds", "oversized", "?",
                ]
                event = .answered(id, [RPCRefusal(code: -1, message: ordeal.one(of: words))])
            case 8: event = ordeal.once(in: 3) ? .undone(TestHeaders.main(height)) : .finalized(height - 5)
            default:
                guard !answers.isEmpty else { continue }
                event = answers.remove(at: Int(ordeal.random.next() % UInt64(answers.count)))
            }
            for action in ordeal.feed(event) {
                switch action {
                case .persist(_, let ticket): answers.append(.persisted(ticket))
                case .sign(let id, let transaction):
                    let signature = Self.driver.key.sign(transaction.digest)
                    answers.append(.signed(id, SignedTransaction(transaction, signature)))
                case .send(_, let transaction): hashes.append(transaction.hash)
                case .forget, .observe, .report: break
                }
            }
            answers = answers.suffix(16)
            if step.isMultiple(of: 300) { heaviest = max(heaviest, ordeal.weight) }
        }
        #expect(!hashes.isEmpty)
        #expect(heaviest < 80_000)
    }

    @Test func `an account's last nonce is not followed by another`() {
        var driver = OutboxDriver()
        driver.nonce = UInt64.max - 1
        driver.submit(1)
        driver.block()
        driver.submit(2)
        driver.block()
        #expect(driver.sent.map(\.transaction.nonce).max() == UInt64.max - 1)
        let mined = driver.sent.first
        if let mined { driver.mine(mined) }
        driver.block()
        driver.feed(.finalized(driver.number))
        #expect(driver.sent.allSatisfy { $0.transaction.nonce == UInt64.max - 1 })
    }

    private static func state(_ ordeal: inout Ordeal<RegistrySubmitter>) -> RegistryState? {
        let leader = Address([UInt8](repeating: UInt8(ordeal.random.next() % 2), count: 20)) ?? Address()
        let numbers: [UInt64] = [ordeal.number(below: 3), 1, 0, 3, 4, 0, 0, 1]
        return try? RegistryState(results: [
            UInt256(ordeal.number(below: 8)).bigEndian.array, ABIValue.address(leader).encoded,
            numbers.flatMap { UInt256($0).bigEndian.array }, [UInt8](repeating: 0, count: 32 * 7),
            UInt256(ordeal.number(below: 8)).bigEndian.array + [UInt8](repeating: 0, count: 32),
        ])
    }

    @Test(arguments: 1...6)
    func `no order of verdicts and reports stops the submitter; what is settled or refused is told so once`(
        seed: UInt64
    ) {
        var ordeal = Ordeal(RegistrySubmitter(), seed: seed)
        var told = 0
        for _ in 0..<4_000 {
            let call = OutboxDriver.election(ordeal.number(below: 8))
            let block = TestHeaders.main(ordeal.number(below: 40))
            let event: RegistrySubmitter.Event
            switch ordeal.random.next() % 12 {
            case 0, 1, 2: event = .wanted(call)
            case 3: event = ordeal.once(in: 3) ? .unwanted(call.id) : .elected(View(ordeal.number(below: 8)))
            case 4, 5:
                let reverts: [RegistryRevert?] = [
                    nil, nil, .staleView, .wrongEpoch, .badSignature, .other("x"),
                ]
                let revert = ordeal.one(of: reverts)
                let state = Self.state(&ordeal)
                let check = state.map { SubmissionCheck(block: block, revert: revert, state: $0) }
                event = .checked(call.id, ordeal.once(in: 6) ? nil : check)
            case 6: event = .tipMoved
            case 7: event = .undone(block)
            case 8: event = .finalized(ordeal.number(below: 40))
            default:
                let inclusion = ordeal.one(of: [Inclusion.succeeded, .reverted, .cancelled])
                let reports: [OutboxReport] = [
                    .sent(Digest(), nonce: ordeal.number()), .raised(Digest()), .cancelling(Digest()),
                    .included(Digest(), block, inclusion), .reopened, .displaced(nonce: ordeal.number()),
                    .rejected("no"), .unaffordable("no"), .settled(Digest(), block, inclusion),
                ]
                event = .reported(call.id, ordeal.one(of: reports))
            }
            let before = Set(ordeal.machine.calls.map(\.id))
            for case .tell(let call, .settled) in ordeal.feed(event) {
                told += 1
                if !before.contains(call.id) { Issue.record("settles what it does not know") }
            }
            let calls = ordeal.machine.calls.map(\.id)
            if Set(calls).count != calls.count { Issue.record("holds a call twice") }
        }
        #expect(told > 10)
        #expect(ordeal.weight < 3_000)
    }

    @Test(arguments: 1...6)
    func `no order of records, blocks and states stops the tracker; it takes back only what it told`(
        seed: UInt64
    ) throws {
        let history = try #require(try JSONFixture.load("ethereum/abi.json").list("histories").first)
        let domain = StatementDomain(
            chainId: try history.number("chainId"),
            registry: try #require(history["registry"]).fixed("registry")
        )
        let logs = try history.list("logs").map {
            try Log(json: try $0.member("log", of: "entry"), at: "log")
        }
        let known = logs.filter { RegistryEvent.topics.contains($0.topics[0]) }
        let records = try RecordJudge(domain: domain).records(of: known, knowing: KnownKeys())
        let states = try records.map { try RegistryState.after($0) }
        var ordeal = Ordeal(RegistryTracker(domain: domain, confirmations: 2), seed: seed)
        var orders: [BlockReference] = []
        var told: [RegistryRecord: RecordStage] = [:]
        for _ in 0..<4_000 {
            let event: RegistryTracker.Event
            var record = ordeal.one(of: records)
            if ordeal.once(in: 3) { record.block = TestHeaders.main(ordeal.number(below: 30)) }
            switch ordeal.random.next() % 10 {
            case 0, 1: event = .delivered([record], upTo: ordeal.once(in: 5) ? nil : record.block)
            case 2: event = .retracted(record.block)
            case 3: event = .tipMoved(ordeal.number(below: 60))
            case 4:
                event =
                    ordeal.once(in: 5)
                    ? .began(ordeal.one(of: states)) : .finalized(TestHeaders.main(ordeal.number(below: 30)))
            case 5:
                _ = ordeal.rest()
                continue
            default:
                guard let block = orders.popLast() else { continue }
                event = ordeal.once(in: 3) ? .stateFailed(block) : .stateRead(block, ordeal.one(of: states))
            }
            for action in ordeal.feed(event) {
                switch action {
                case .readState(let block): orders.append(block)
                case .tell(let record, let stage):
                    if stage != .seen, told[record] == nil { Issue.record("a stage of what was not told") }
                    told[record] = stage
                case .takeBack(let record):
                    if told[record] == nil { Issue.record("takes back what was not told") }
                case .pass, .conflict: break
                }
            }
        }
        #expect(ordeal.problems.isEmpty)
        #expect(!told.isEmpty)
    }
}
