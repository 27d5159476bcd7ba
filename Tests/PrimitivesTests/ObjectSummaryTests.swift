import Primitives
import Testing

@Suite struct ObjectSummaryTests {
    private func object(payload: [UInt8]) -> Object {
        Object(
            epoch: Epoch(3),
            author: MemberIndex(2),
            kind: .logEntry,
            order: Order(incarnation: 0, sequence: 9),
            payload: ByteList(payload)!
        )
    }

    private let domains = SigningDomains(
        Deployment(chainId: 7, genesis: Digest(), registry: Address())
    )

    @Test(arguments: [0, 1, 31, 32, 33, 5000, 32_768])
    func `a summary has the root of its object`(count: Int) {
        let object = object(payload: (0..<count).map { UInt8(truncatingIfNeeded: $0) })
        let summary = ObjectSummary(of: object)
        #expect(summary.hashTreeRoot() == object.hashTreeRoot())
        #expect(SigningRoot(of: summary, in: domains) == SigningRoot(of: object, in: domains))
    }

    @Test func `summaries of different objects differ`() {
        let summary = ObjectSummary(of: object(payload: [1]))
        #expect(summary != ObjectSummary(of: object(payload: [1, 0])))
        #expect(summary.hashTreeRoot() != ObjectSummary(of: object(payload: [1, 0])).hashTreeRoot())
    }

    @Test func `a log entry decodes to what was encoded`() throws {
        let entry = LogEntry(previous: Digest(), topic: 200, body: ByteList([1, 2, 3])!)
        #expect(try LogEntry(ssz: entry.sszBytes) == entry)
    }
}
