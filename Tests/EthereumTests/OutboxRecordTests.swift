import Ethereum
import Primitives
import Testing

/// A stored record is read only in the form in which it was written.
@Suite struct OutboxRecordTests {
    /// The parts of a record with a nonce and one attempt.
    private func parts() throws -> [RLP] {
        var driver = OutboxDriver()
        driver.submit(1)
        driver.observe()
        let record = try #require(driver.stored[OutboxDriver.election(1).id])
        #expect(record.attempts.count == 1)
        return try RLP(decoding: record.encoded).elements("the record")
    }

    private func isRead(_ parts: [RLP]) -> Bool {
        (try? OutboxRecord(decoding: RLP.list(parts).encoded)) != nil
    }

    @Test func `a record with more than one nonce is refused`() throws {
        var parts = try parts()
        #expect(isRead(parts))
        parts[1] = .list([.number(7 as UInt64), .number(8 as UInt64)])
        #expect(!isRead(parts))
    }

    @Test func `an attempt with a mark other than 0 or 1 is refused`() throws {
        var parts = try parts()
        let attempt = try #require(try parts[2].elements("the attempts").first).elements("an attempt")
        parts[2] = .list([.list([attempt[0], .number(1 as UInt64)])])
        #expect(isRead(parts))
        parts[2] = .list([.list([attempt[0], .number(2 as UInt64)])])
        #expect(!isRead(parts))
    }
}
