import Consensus
import Cryptography
import Ethereum
import Peer
import Primitives
import Testing

@testable import Simulation

/// What the chain client's events mean for a member, with the logs of the played registry.
@Suite struct ChainInterpreterTests {
    private let committee: Committee
    private let own: MemberIndex = MemberIndex(2)
    private var interpreter: ChainInterpreter
    private let proposal: RegistryRecord
    private let election: RegistryRecord
    private let deployment: Deployment

    init() throws {
        var scenario = Scenario(size: 4)
        scenario.chain = .client(Scenario.ChainAccess())
        let cast = try #require(Cast(scenario, seed: 1))
        committee = cast.committee
        deployment = cast.deployment
        interpreter = ChainInterpreter(
            identity: try #require(committee[own]).identity,
            deployment: deployment,
            confirmations: 2
        )
        let registry = Address()
        func record(_ log: LedgerLog) throws -> RegistryRecord {
            let log = log.placed(in: .genesis)
            return RegistryRecord(
                event: try RegistryEvent(log),
                block: log.block,
                transaction: log.transaction
            )
        }
        proposal = try record(.proposal(of: committee.roster, by: registry))
        let statement = ElectionStatement(epoch: Epoch(1), view: View(7), leader: Address())
        let call = RegistryCall.elect(statement, RegistrySignature(rx: 1, ry: 2, s: 3))
        election = try record(.record(of: call, by: registry, in: Digest()))
    }

    @Test mutating func `a proposal begins its epoch when it is confirmed, and once`() {
        #expect(interpreter.conclusions(from: .record(proposal, .seen)) == [])
        let hash = RegistryMembers.hash(committee.roster.members)
        let entered = [ChainInterpreter.Conclusion.enter(committee, own: own, membersHash: hash)]
        #expect(interpreter.conclusions(from: .record(proposal, .confirmed)) == entered)
        interpreter.entered(committee)
        #expect(interpreter.conclusions(from: .record(proposal, .confirmed)) == [])
    }

    @Test mutating func `a record of an epoch that is over begins nothing`() throws {
        var roster = committee.roster
        roster.epoch = Epoch(2)
        interpreter.entered(try Committee(roster))
        #expect(interpreter.conclusions(from: .record(proposal, .confirmed)) == [])
    }

    @Test func `who is named by no proposal enters nothing`() {
        var stranger = ChainInterpreter(
            identity: Identity(),
            deployment: deployment,
            confirmations: 2
        )
        #expect(stranger.conclusions(from: .record(proposal, .confirmed)) == [.stranger(to: committee)])
    }

    @Test mutating func `an election is told at each stage, and moves the contract's view when seen`() {
        let record = ElectionRecord(
            epoch: Epoch(1),
            view: View(7),
            leader: Address(),
            signature: RegistrySignature(rx: 1, ry: 2, s: 3).compressed,
            block: 0,
            transaction: Digest()
        )
        let seen = interpreter.conclusions(from: .record(election, .seen))
        #expect(seen == [.tell(.contractView(View(7))), .tell(.election(record, .included))])
        let final = interpreter.conclusions(from: .record(election, .finalized))
        #expect(final == [.tell(.election(record, .final))])
        #expect(interpreter.conclusions(from: .takenBack(election)) == [.tell(.election(record, .gone))])
    }

    @Test mutating func `an anchor of the logs is told at each stage, and goes to the contract as it came`()
        throws
    {
        let anchor = ProofAnchor(
            epoch: Epoch(1),
            number: 3,
            root: SHA256.hash([1]),
            signature: RegistrySignature(rx: 1, ry: 2, s: 3).compressed
        )
        let call = RegistryCall.anchorProof(anchor.statement, RegistrySignature(rx: 1, ry: 2, s: 3))
        #expect(call.statementKey == ChainStatement.proofAnchor(anchor).key)
        #expect(Submission(call) == .proofAnchor(anchor))
        let log = LedgerLog.record(of: call, by: Address(), in: Digest()).placed(in: .genesis)
        let record = RegistryRecord(
            event: try RegistryEvent(log),
            block: log.block,
            transaction: log.transaction
        )
        let seen = ProofAnchorRecord(anchor: anchor, block: 0, transaction: Digest())
        let stages: [(RecordStage, ChainStage)] = [
            (.seen, .included), (.confirmed, .confirmed), (.finalized, .final),
        ]
        for (stage, told) in stages {
            #expect(
                interpreter.conclusions(from: .record(record, stage)) == [.tell(.proofAnchor(seen, told))]
            )
        }
        #expect(interpreter.conclusions(from: .takenBack(record)) == [.tell(.proofAnchor(seen, .gone))])
    }
}
