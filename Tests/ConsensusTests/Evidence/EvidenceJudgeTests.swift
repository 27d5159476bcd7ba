import Consensus
import Cryptography
import Primitives
import Testing

@Suite struct EvidenceJudgeTests {
    private let bench = EvidenceBench()
    private var author: MemberIndex { MemberIndex(2) }

    @Test(arguments: [ObjectKind.heartbeat, .wish, .linkLost, .logEntry])
    func `two objects of one kind in one place convict their author`(kind: ObjectKind) throws {
        let first = bench.cast.object(by: author, kind, [1])
        let second = bench.cast.object(by: author, kind, [2])
        let proof = Evidence.twoObjects(try #require(TwoObjects(first, second)))
        let crime = kind == .logEntry ? Crime.forkedLog : .twoRegisters
        bench.expectGuilty(proof, author, crime)
        bench.expectFragile(proof)
    }

    @Test(arguments: [ObjectKind.ready, .signRequest, .signShare])
    func `direct objects in one place convict nobody`(kind: ObjectKind) {
        let first = bench.cast.object(by: author, kind, [1])
        let second = bench.cast.object(by: author, kind, [2])
        #expect(TwoObjects(first, second) == nil)
    }

    @Test func `objects that differ in author, epoch, kind or place, or not at all, make no proof`() {
        let first = bench.cast.object(by: author, .wish, [1])
        var other = bench.cast.object(by: author, .wish, [2])
        other.object.epoch = Epoch(4)
        let others = [
            first, other, bench.cast.object(by: MemberIndex(1), .wish, [2]),
            bench.cast.object(by: author, .heartbeat, [2]),
            bench.cast.object(by: author, .wish, [2], order: Order(incarnation: 1, sequence: 2)),
            bench.cast.object(by: author, .wish, [2], order: Order(incarnation: 2, sequence: 1)),
        ]
        for other in others { #expect(TwoObjects(first, other) == nil) }
    }

    @Test func `a log entry that does not follow the one before convicts its author`() throws {
        let first = bench.cast.entry(by: author, .absent, [1], at: 7)
        let stray = bench.cast.entry(by: author, .absent, [2], at: 8)
        let proof = Evidence.brokenLog(try #require(BrokenLog(first, successor: stray)))
        bench.expectGuilty(proof, author, .forkedLog)
        bench.expectFragile(proof)
        #expect(Evidence(contradiction: first, stray) == proof)
    }

    @Test func `a log entry that follows the one before convicts nobody`() {
        let first = bench.cast.entry(by: author, .absent, [1], at: 7)
        let entry = LogEntry(previous: first.hashTreeRoot(), topic: 4, body: ByteList([2])!)
        let next = bench.cast.object(
            by: author,
            .logEntry,
            entry.sszBytes,
            order: Order(incarnation: 0, sequence: 8)
        )
        #expect(BrokenLog(first, successor: next) == nil)
        #expect(Evidence(contradiction: first, next) == nil)
        let further = bench.cast.entry(by: author, .absent, [2], at: 9)
        #expect(BrokenLog(first, successor: further) == nil)
    }

    @Test func `shares for two elections of one view convict their signer`() {
        let (one, other) = bench.leaders
        let proof = TwoVotes(
            view: View(9),
            first: bench.vote(for: one, in: View(9), by: author),
            firstLeader: bench.account(one),
            second: bench.vote(for: other, in: View(9), by: author),
            secondLeader: bench.account(other)
        )
        bench.expectGuilty(.twoVotes(proof), author, .twoVotes)
        bench.expectFragile(.twoVotes(proof))
    }

    @Test func `shares for two views, of two members, or for one election convict nobody`() {
        let (one, other) = bench.leaders
        func proof(_ first: SignedObject, _ second: SignedObject, _ leader: MemberIndex) -> Evidence {
            .twoVotes(
                TwoVotes(
                    view: View(9),
                    first: first,
                    firstLeader: bench.account(one),
                    second: second,
                    secondLeader: bench.account(leader)
                )
            )
        }
        let vote = bench.vote(for: one, in: View(9), by: author)
        bench.expectUnfounded(proof(vote, bench.vote(for: other, in: View(10), by: author), other))
        bench.expectUnfounded(proof(vote, bench.vote(for: other, in: View(9), by: MemberIndex(1)), other))
        bench.expectUnfounded(proof(vote, vote, one))
        bench.expectUnfounded(proof(vote, vote, other))
    }

    @Test func `a share that does not verify for the request it names convicts its signer`() {
        let proof = bench.badShare(by: author, error: 1)
        bench.expectGuilty(.badShare(proof), author, .badShare)
        bench.expectFragile(.badShare(proof))
    }

    @Test func `a good share convicts nobody, whatever request a coordinator lays beside it`() {
        let good = bench.badShare(by: author, error: 0)
        bench.expectUnfounded(.badShare(good))
        var other = good
        other.request.session += 1
        bench.expectUnfounded(.badShare(other))
        other = good
        let signers = good.request.signers.elements
        let moved = [
            signers[0], signers[1], SignerCommitment(signer: MemberIndex(4), nonces: signers[2].nonces),
        ]
        other.request.signers = SSZList(moved)!
        bench.expectUnfounded(.badShare(other))
        other = good
        other.structHash = Digest()
        bench.expectUnfounded(.badShare(other))
    }

    @Test func `a share for a request that asks others convicts nobody`() {
        let bad = bench.badShare(by: author, error: 1)
        var request = bad.request
        let others = bench.cast.committee.indices.filter { $0 != author }.prefix(request.signers.count)
        let signers = others.map { SignerCommitment(signer: $0, nonces: HashWorld.commitment($0, 1)) }
        request.signers = SSZList(signers)!
        let share = SignShare(to: request, share: Scalar(1), next: HashWorld.commitment(author, 2))
        let object = bench.cast.object(by: author, .signShare(share))
        bench.expectUnfounded(
            .badShare(BadShare(structHash: bad.structHash, request: request, share: object))
        )
    }

    @Test func `a bad share for a key that is not known waits`() {
        let proof = Evidence.badShare(bench.badShare(by: author, error: 1))
        #expect(bench.judge.judge(proof) { _ in nil } == .undecided)
    }

    @Test func `a share for a list that makes no round proves nothing`() {
        let proof = bench.badShare(by: author, error: 1, brokenList: true)
        bench.expectUnfounded(.badShare(proof))
    }
}
