import Consensus
import Cryptography
import Peer
import Primitives
import Testing

@testable import Ethereum
@testable import Simulation

/// What a node remembers of the chain, and how it begins with that while the chain is silent.
@Suite struct ChainMemoryTests {
    private static let block = BlockReference(number: 20, hash: SHA256.hash([20]))

    private let cast: Cast
    private let own = MemberIndex(2)
    private let key: CompressedPoint
    private let otherKey: CompressedPoint
    private let transcript = SHA256.hash([1])

    init() throws {
        var scenario = Scenario(size: 4)
        scenario.chain = .client(Scenario.ChainAccess())
        cast = try #require(Cast(scenario, seed: 1))
        key = try #require(CompressedPoint([UInt8](repeating: 2, count: 33)))
        otherKey = try #require(CompressedPoint([2] + [UInt8](repeating: 7, count: 32)))
    }

    private var roster: Roster { cast.committee.roster }
    private var membersHash: Digest { RegistryMembers.hash(roster.members) }

    private func interpreter(_ remembered: RememberedEpoch? = nil) throws -> ChainInterpreter {
        ChainInterpreter(
            identity: try #require(cast.committee[own]).identity,
            deployment: cast.deployment,
            confirmations: 2,
            remembered: remembered
        )
    }

    private func remembered(_ change: (inout CommitteeRecord) -> Void = { _ in }) -> RememberedEpoch {
        var record = CommitteeRecord(
            deployment: cast.deployment,
            roster: roster,
            groupKey: key,
            membersHash: membersHash,
            transcript: transcript
        )
        change(&record)
        return RememberedEpoch(record: record, block: Self.block)
    }

    /// The contract's state after block 20, with a key of this block or with none.
    private func state(
        of roster: Roster? = nil,
        key: CompressedPoint? = nil,
        since number: UInt64 = 3,
        isEmpty: Bool = false
    ) throws -> ChainEvent {
        let roster = roster ?? self.roster
        let key = key ?? self.key
        let x = try #require(UInt256(bigEndian: Array(key.array.dropFirst())))
        let hash = RegistryMembers.hash(roster.members)
        let size = UInt64(roster.members.count)
        let installed =
            isEmpty
            ? [UInt8](repeating: 0, count: 32 * 8)
            : ABIValue.tuple([
                .number(roster.epoch.rawValue), .number(x), .number(UInt64(key.array[0] & 1)),
                .number(UInt64(RegistryMembers.threshold(of: roster.members.count))), .number(size),
                .word(hash), .word(transcript), .number(number),
            ]).encoded
        let state = try RegistryState(results: [
            ABIValue.tuple([.number(9 as UInt64)]).encoded, ABIValue.tuple([.address(Address())]).encoded,
            installed, [UInt8](repeating: 0, count: 32 * 7), [UInt8](repeating: 0, count: 32 * 2),
        ])
        return .state(RegistrySnapshot(block: Self.block, state: state, committee: isEmpty ? nil : roster))
    }

    private func rotation(_ number: UInt64 = 20) throws -> RegistryRecord {
        let registration = GroupKeyRegistration(
            epoch: roster.epoch,
            groupKey: key,
            transcript: transcript,
            members: roster.members,
            possession: RegistrySignature(rx: 1, ry: 2, s: 3)
        )
        let call = RegistryCall.registerGroupKey(registration, [])
        let log = LedgerLog.record(of: call, by: cast.deployment.registry, in: Digest()).placed(in: .genesis)
        return RegistryRecord(event: try RegistryEvent(log), block: Self.block, transaction: log.transaction)
    }

    private func memory(in conclusions: [ChainInterpreter.Conclusion]) -> RememberedEpoch?? {
        for case .remember(let epoch) in conclusions { return .some(epoch) }
        return nil
    }

    // MARK: What is remembered

    @Test func `a key that the state shows deep enough is remembered, once`() throws {
        var interpreter = try interpreter()
        #expect(memory(in: interpreter.conclusions(from: try state(since: 18))) == remembered())
        #expect(memory(in: interpreter.conclusions(from: try state(since: 18))) == nil)
    }

    @Test func `a key that may still be taken back is not remembered before it is confirmed`() throws {
        var interpreter = try interpreter()
        #expect(memory(in: interpreter.conclusions(from: try state(since: 19))) == nil)
        #expect(memory(in: interpreter.conclusions(from: .record(try rotation(), .seen))) == nil)
        let confirmed = interpreter.conclusions(from: .record(try rotation(), .confirmed))
        #expect(memory(in: confirmed) == remembered())
        #expect(memory(in: interpreter.conclusions(from: .record(try rotation(), .finalized))) == nil)
    }

    @Test func `a key that is taken back, or that the state does not name any more, is forgotten`() throws {
        var interpreter = try interpreter(remembered())
        #expect(memory(in: interpreter.conclusions(from: .takenBack(try rotation()))) == .some(nil))
        interpreter = try self.interpreter(remembered())
        #expect(memory(in: interpreter.conclusions(from: try state(isEmpty: true))) == .some(nil))
        interpreter = try self.interpreter(remembered())
        #expect(memory(in: interpreter.conclusions(from: try state(key: otherKey, since: 19))) == .some(nil))
    }

    @Test func `another registry's epoch, or one whose members are not its own, cannot be used`() throws {
        #expect(try remembered().isUsable(in: cast.deployment))
        for change: (inout Deployment) -> Void in [
            { $0.chainId += 1 }, { $0.genesis = SHA256.hash([9]) }, { $0.registry = Address() },
        ] {
            var other = cast.deployment
            change(&other)
            #expect(throws: RememberedEpochError.otherDeployment(cast.deployment)) {
                try remembered().isUsable(in: other)
            }
        }
        var newer = cast.deployment
        newer.protocolVersion += 1
        #expect(try !remembered().isUsable(in: newer))
        #expect(throws: RememberedEpochError.members) {
            try remembered { $0.membersHash = Digest() }.isUsable(in: cast.deployment)
        }
    }

    // MARK: Beginning with it

    @Test func `while the chain is silent the remembered epoch begins, with its key`() throws {
        var interpreter = try interpreter(remembered())
        let key = { (stage: ChainStage) in
            ChainInterpreter.Conclusion.tell(.groupKey(Epoch(1), transcript: transcript, stage))
        }
        #expect(
            interpreter.conclusions(from: .silent) == [
                .recall(remembered()), .enter(cast.committee, own: own, membersHash: membersHash),
                .tell(.namedKey(Epoch(1), remembered().record.groupKey)), key(.included), key(.confirmed),
            ]
        )
    }

    @Test func `nothing begins where nothing is remembered, or the chain has spoken`() throws {
        var interpreter = try interpreter()
        #expect(interpreter.conclusions(from: .silent) == [])
        interpreter = try self.interpreter(remembered())
        _ = interpreter.conclusions(from: try state(isEmpty: true))
        #expect(interpreter.conclusions(from: .silent) == [])
    }

    @Test func `who is no member of the remembered committee begins nothing`() throws {
        var interpreter = ChainInterpreter(
            identity: Identity(),
            deployment: cast.deployment,
            confirmations: 2,
            remembered: remembered()
        )
        #expect(interpreter.conclusions(from: .silent) == [.stranger(to: cast.committee)])
    }

    // MARK: When the chain speaks again

    private func begun() throws -> ChainInterpreter {
        var interpreter = try interpreter(remembered())
        _ = interpreter.conclusions(from: .silent)
        interpreter.entered(cast.committee)
        return interpreter
    }

    private func successor(without member: MemberIndex? = nil) throws -> Roster {
        let members = cast.committee.indices.compactMap { index -> Member? in
            guard var member = cast.committee[index] else { return nil }
            member.endpoint = ByteList<64>(Array("other:\(index)".utf8)) ?? member.endpoint
            return member
        }
        guard let member else {
            return Roster(epoch: Epoch(2), members: try #require(SSZList(members)))
        }
        let stranger = MemberKeys(seed: 99, hasCurveKeys: false).record(number: 9)
        let rest = members.enumerated().map { $0.offset == member.offset ? stranger : $0.element }
        return Roster(epoch: Epoch(2), members: try #require(SSZList(rest)))
    }

    @Test func `the chain confirms the epoch, and nothing begins anew`() throws {
        var interpreter = try begun()
        let conclusions = interpreter.conclusions(from: try state())
        #expect(conclusions.first == .recallEnded(in: Epoch(1)))
        #expect(!conclusions.contains { if case .enter = $0 { true } else { false } })
        #expect(conclusions.last == .tell(.beginning(View(9), .none)))
        #expect(!interpreter.conclusions(from: try state()).contains(.recallEnded(in: Epoch(1))))
    }

    @Test func `a later epoch takes the remembered one's place`() throws {
        var interpreter = try begun()
        let roster = try successor()
        let conclusions = interpreter.conclusions(from: try state(of: roster))
        #expect(conclusions.contains(.recallEnded(in: Epoch(2))))
        let committee = try Committee(roster)
        let hash = RegistryMembers.hash(roster.members)
        #expect(conclusions.contains(.enter(committee, own: own, membersHash: hash)))
        #expect(memory(in: conclusions)??.epoch == Epoch(2))
    }

    @Test func `another key for the epoch, no key, or a later committee without the node ends it`() throws {
        let words = [
            try state(key: otherKey), try state(isEmpty: true), try state(of: successor(without: own)),
        ]
        for word in words {
            var interpreter = try begun()
            #expect(interpreter.conclusions(from: word).last == .recalledWrongly(remembered()))
        }
    }
}
