import Primitives
import Testing

@Suite struct AttestedLogsTests {
    private let committee: Committee

    init() throws {
        let members = (1...4).map { number in
            Member(
                account: Address([UInt8](repeating: UInt8(number), count: 20))!,
                identity: Identity([UInt8](repeating: UInt8(number), count: 32))!,
                encryptionKey: CompressedPoint(),
                endpoint: ByteList()
            )
        }
        committee = try Committee(Roster(epoch: Epoch(3), members: SSZList(members)!))
    }

    private func checkpoint(_ author: Int, size: UInt64 = 5, epoch: Epoch = Epoch(3)) -> Checkpoint {
        Checkpoint(
            epoch: epoch,
            author: MemberIndex(author),
            size: size,
            root: SHA256.hash([UInt8(author)]),
            head: SHA256.hash([UInt8(author), 1])
        )
    }

    private func list(_ logs: [Checkpoint]? = nil, number: UInt64 = 2, previous: UInt8 = 9) -> AttestedLogs {
        AttestedLogs(
            epoch: Epoch(3),
            number: number,
            previous: previous == 0 ? Digest() : SHA256.hash([previous]),
            logs: SSZList(logs ?? [checkpoint(1), checkpoint(2), checkpoint(4)])!
        )
    }

    @Test func `is sound with logs of members in rising order`() throws {
        #expect(list().isSound(for: committee))
        #expect(list([checkpoint(3)]).isSound(for: committee))
        #expect(list(number: 1, previous: 0).isSound(for: committee))
        #expect(try AttestedLogs(ssz: list().sszBytes) == list())
    }

    @Test func `is not sound in another epoch than its committee's, as a whole or in part`() {
        var other = list()
        other.epoch = Epoch(4)
        #expect(!other.isSound(for: committee))
        #expect(!list([checkpoint(1), checkpoint(2, epoch: Epoch(2))]).isSound(for: committee))
    }

    @Test(arguments: [[2, 1], [1, 1], [1, 4, 3], [0, 1], [1, 5], []])
    func `is not sound with authors out of order, twice, unknown, or none`(_ authors: [Int]) {
        #expect(!list(authors.map { checkpoint($0) }).isSound(for: committee))
    }

    @Test func `is not sound with a log that has no entries`() {
        #expect(!list([checkpoint(1), checkpoint(2, size: 0)]).isSound(for: committee))
    }

    @Test func `names a list before it unless it is the first, and then none`() {
        #expect(!list(number: 0).isSound(for: committee))
        #expect(!list(number: 0, previous: 0).isSound(for: committee))
        #expect(!list(number: 1, previous: 9).isSound(for: committee))
        #expect(!list(number: 2, previous: 0).isSound(for: committee))
    }

    @Test func `finds what it says of a member`() {
        #expect(list()[MemberIndex(2)] == checkpoint(2))
        #expect(list()[MemberIndex(3)] == nil)
    }

    @Test func `fits into a log entry with the logs of 128 members`() {
        let logs = (1...128).map { checkpoint($0) }
        #expect(list(logs).sszBytes.count == 52 + 128 * 82)
        #expect(ByteList<32_704>(list(logs).sszBytes) != nil)
    }

    @Test func `has another root when anything in it is another`() throws {
        let whole = list()
        var roots: Set<Digest> = [whole.hashTreeRoot()]
        var count = 1
        for place in 0..<whole.sszBytes.count {
            var bytes = whole.sszBytes
            bytes[place] ^= 1
            guard let changed = try? AttestedLogs(ssz: bytes) else { continue }
            roots.insert(changed.hashTreeRoot())
            count += 1
        }
        #expect(roots.count == count)
        #expect(count > 52 - 4 + 3 * 82)
    }
}
