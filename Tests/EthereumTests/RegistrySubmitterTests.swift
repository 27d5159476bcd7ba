import Cryptography
import Ethereum
import Primitives
import Testing

@Suite struct RegistrySubmitterTests {
    private let call = OutboxDriver.election(5)
    private let now = Instant.start

    private func state(
        view: UInt64,
        leader: Address = Address(),
        epoch: UInt64 = 1,
        proof: LatestProof = .none
    ) throws -> RegistryState {
        let numbers: [UInt64] = [epoch, 1, 0, 3, 4, 0, 0, 1]
        let committee = numbers.flatMap { UInt256($0).bigEndian.array }
        return try RegistryState(results: [
            UInt256(view).bigEndian.array, ABIValue.address(leader).encoded, committee,
            [UInt8](repeating: 0, count: 32 * 7), UInt256(proof.number).bigEndian.array + proof.root.array,
        ])
    }

    private func check(
        _ revert: RegistryRevert?,
        view: UInt64 = 4,
        leader: Address = Address(),
        epoch: UInt64 = 1,
        proof: LatestProof = .none,
        at number: UInt64 = 10
    ) throws -> SubmissionCheck {
        SubmissionCheck(
            block: TestHeaders.main(number),
            revert: revert,
            state: try state(view: view, leader: leader, epoch: epoch, proof: proof)
        )
    }

    @Test func `understands what the contract would do`() throws {
        let other = Address([UInt8](repeating: 9, count: 20))!
        let block = TestHeaders.main(10)
        let table: [(SubmissionCheck, SubmissionCheck.Verdict)] = [
            (try check(nil), .send),
            (try check(.staleView, view: 5), .leave(.doneByOther(block))),
            (try check(.staleView, view: 5, leader: other), .leave(.conflict(elected: other, block))),
            (try check(.staleView, view: 6), .leave(.superseded(block))),
            (try check(.wrongEpoch, epoch: 2), .leave(.superseded(block))),
            (try check(.wrongEpoch, epoch: 0), .wait(.wrongEpoch)),
            (try check(.badSignature), .drop(.badSignature)),
            (try check(.viewJump), .drop(.viewJump)),
            (try check(.noLeader), .drop(.noLeader)),
            (try check(.other("x")), .wait(.other("x"))),
        ]
        for (check, verdict) in table { #expect(check.verdict(on: call) == verdict) }
    }

    private static let root = Keccak256.hash([1])

    private func anchor(_ number: UInt64) -> ChainCall {
        let statement = ProofAnchorStatement(epoch: Epoch(1), number: number, root: Self.root)
        return .registry(.anchorProof(statement, RegistrySignature(rx: 1, ry: 2, s: 3)))
    }

    @Test func `understands what the contract would do with an anchor of the logs`() throws {
        let block = TestHeaders.main(10)
        func newest(_ number: UInt64, _ root: Digest = Self.root) -> LatestProof {
            LatestProof(number: number, root: root)
        }
        let table: [(SubmissionCheck, SubmissionCheck.Verdict)] = [
            (try check(nil, proof: newest(4)), .send),
            (try check(.wrongNumber, proof: newest(5)), .leave(.doneByOther(block))),
            (try check(.wrongNumber, proof: newest(5, Digest())), .leave(.superseded(block))),
            (try check(.wrongNumber, proof: newest(6)), .leave(.superseded(block))),
            (try check(.wrongNumber, proof: newest(3)), .wait(.wrongNumber)),
            (try check(.wrongEpoch, epoch: 2, proof: newest(4)), .leave(.superseded(block))),
            (try check(.wrongEpoch, epoch: 0, proof: newest(4)), .wait(.wrongEpoch)),
            (try check(.badSignature, proof: newest(4)), .drop(.badSignature)),
            (try check(.other("x"), proof: newest(4)), .wait(.other("x"))),
        ]
        for (check, verdict) in table { #expect(check.verdict(on: anchor(5)) == verdict) }
    }

    @Test
    func `a lost race for an anchor's number ends in contentment or supersession, by whose root has won`()
        throws
    {
        let call = anchor(5)
        for (winner, outcome) in [
            (Self.root, SubmissionOutcome.doneByOther(TestHeaders.main(11))),
            (Digest(), .superseded(TestHeaders.main(11))),
        ] {
            var submitter = RegistrySubmitter()
            _ = submitter.handle(.wanted(call), at: now)
            _ = submitter.handle(
                .checked(call.id, try check(nil, proof: LatestProof(number: 4, root: winner))),
                at: now
            )
            let reverted = OutboxReport.included(Digest(), TestHeaders.main(11), .reverted)
            #expect(submitter.handle(.reported(call.id, reverted), at: now).last == .check(call))
            let late = try check(.wrongNumber, proof: LatestProof(number: 5, root: winner), at: 11)
            let told = submitter.handle(.checked(call.id, late), at: now)
            #expect(told == [.recall(call.id), .tell(call, outcome)])
        }
    }

    @Test func `stops offering more for an anchor whose number is taken`() throws {
        var submitter = RegistrySubmitter()
        let call = anchor(5)
        _ = submitter.handle(.wanted(call), at: now)
        let ready = try check(nil, proof: LatestProof(number: 4, root: Digest()))
        _ = submitter.handle(.checked(call.id, ready), at: now)
        #expect(submitter.handle(.anchored(4), at: now) == [])
        #expect(submitter.handle(.elected(View(99)), at: now) == [])
        #expect(submitter.handle(.anchored(5), at: now) == [.recall(call.id)])
        #expect(submitter.handle(.undone(TestHeaders.main(3)), at: now) == [.release(call.id)])
    }

    @Test func `stores at once, checks, then sends`() throws {
        var submitter = RegistrySubmitter()
        #expect(submitter.handle(.wanted(call), at: now) == [.submit(call), .check(call)])
        #expect(submitter.handle(.wanted(call), at: now) == [])
        #expect(submitter.handle(.checked(call.id, try check(nil)), at: now) == [.release(call.id)])
        #expect(submitter.handle(.checked(call.id, try check(nil)), at: now) == [])
    }

    @Test func `checks with each block what it cannot send yet`() throws {
        var submitter = RegistrySubmitter()
        _ = submitter.handle(.wanted(call), at: now)
        #expect(submitter.handle(.checked(call.id, nil), at: now) == [])
        #expect(submitter.handle(.tipMoved, at: now) == [.check(call)])
        let waiting = submitter.handle(.checked(call.id, try check(.wrongEpoch, epoch: 0)), at: now)
        #expect(waiting == [.tell(call, .postponed(.wrongEpoch))])
        #expect(submitter.handle(.tipMoved, at: now) == [.check(call)])
        #expect(submitter.handle(.checked(call.id, try check(.wrongEpoch, epoch: 0)), at: now) == [])
    }

    @Test func `keeps what another has done until that is final`() throws {
        var submitter = RegistrySubmitter()
        _ = submitter.handle(.wanted(call), at: now)
        let done = SubmissionOutcome.doneByOther(TestHeaders.main(10))
        let left = submitter.handle(.checked(call.id, try check(.staleView, view: 5)), at: now)
        #expect(left == [.recall(call.id), .tell(call, done)])
        #expect(submitter.handle(.finalized(9), at: now) == [])
        #expect(submitter.handle(.undone(TestHeaders.main(11)), at: now) == [])
        #expect(submitter.handle(.undone(TestHeaders.main(10)), at: now) == [.check(call)])
        _ = submitter.handle(.checked(call.id, try check(.staleView, view: 5, at: 12)), at: now)
        let end = submitter.handle(.finalized(12), at: now)
        #expect(end == [.withdraw(call.id), .tell(call, .settled)])
        #expect(submitter.calls.isEmpty)
    }

    @Test func `drops what the contract will never take`() throws {
        var submitter = RegistrySubmitter()
        _ = submitter.handle(.wanted(call), at: now)
        let dropped = submitter.handle(.checked(call.id, try check(.badSignature)), at: now)
        #expect(dropped == [.withdraw(call.id), .tell(call, .refused(.badSignature))])
        #expect(submitter.calls.isEmpty)
    }

    @Test func `finds out why its transaction was reverted`() throws {
        var submitter = RegistrySubmitter()
        _ = submitter.handle(.wanted(call), at: now)
        _ = submitter.handle(.checked(call.id, try check(nil)), at: now)
        let block = TestHeaders.main(11)
        let reverted = OutboxReport.included(Digest(), block, .reverted)
        let asked = submitter.handle(.reported(call.id, reverted), at: now)
        #expect(asked == [.tell(call, .progress(reverted)), .check(call)])
        let lost = submitter.handle(.checked(call.id, try check(.staleView, view: 5, at: 11)), at: now)
        #expect(lost.contains(.tell(call, .doneByOther(block))))
        let settled = OutboxReport.settled(Digest(), block, .reverted)
        #expect(submitter.handle(.reported(call.id, settled), at: now).contains(.tell(call, .settled)))
        #expect(submitter.calls.isEmpty)
    }

    @Test func `tries again when its transaction was reverted for nothing`() throws {
        var submitter = RegistrySubmitter()
        _ = submitter.handle(.wanted(call), at: now)
        _ = submitter.handle(.checked(call.id, try check(nil)), at: now)
        let block = TestHeaders.main(11)
        _ = submitter.handle(.reported(call.id, .included(Digest(), block, .reverted)), at: now)
        #expect(submitter.handle(.checked(call.id, try check(nil, at: 11)), at: now) == [])
        let settled = OutboxReport.settled(Digest(), block, .reverted)
        let again = submitter.handle(.reported(call.id, settled), at: now)
        #expect(again == [.tell(call, .progress(settled)), .submit(call), .check(call)])
    }

    @Test func `checks anew when a stranger took its nonce`() throws {
        var submitter = RegistrySubmitter()
        _ = submitter.handle(.wanted(call), at: now)
        _ = submitter.handle(.checked(call.id, try check(nil)), at: now)
        let actions = submitter.handle(.reported(call.id, .displaced(nonce: 3)), at: now)
        #expect(actions.contains(.check(call)))
        #expect(submitter.handle(.checked(call.id, try check(nil)), at: now) == [.release(call.id)])
    }

    @Test func `stops offering more for a view that is elected`() throws {
        var submitter = RegistrySubmitter()
        _ = submitter.handle(.wanted(call), at: now)
        _ = submitter.handle(.checked(call.id, try check(nil)), at: now)
        #expect(submitter.handle(.elected(View(4)), at: now) == [])
        #expect(submitter.handle(.elected(View(5)), at: now) == [.recall(call.id)])
        let undone = submitter.handle(.undone(TestHeaders.main(3)), at: now)
        #expect(undone == [.release(call.id)])
    }
}
