import Primitives
import Testing

@Suite struct CommitteeTests {
    static func member(_ number: Int) -> Member {
        Member(
            account: Address([UInt8](repeating: UInt8(number), count: 20))!,
            identity: Identity([UInt8](repeating: UInt8(number), count: 32))!,
            encryptionKey: CompressedPoint([2] + [UInt8](repeating: UInt8(number), count: 32))!,
            endpoint: ByteList(Array("host-\(number):9000".utf8))!
        )
    }

    static func committee(_ size: Int) throws -> Committee {
        try Committee(Roster(epoch: Epoch(1), members: SSZList((1...size).map(member))!))
    }

    @Test(arguments: [(4, 1, 3), (5, 1, 4), (6, 1, 5), (7, 2, 5), (10, 3, 7), (31, 10, 21), (100, 33, 67)])
    func `two quorums always share an honest member`(size: Int, faults: Int, quorum: Int) throws {
        let committee = try Self.committee(size)
        #expect(committee.faultLimit == faults)
        #expect(committee.quorum == quorum)
        #expect(2 * quorum - size > faults)
    }

    @Test func `committees are equal when their rosters are`() throws {
        let committee = try Self.committee(7)
        #expect(committee == (try Self.committee(7)))
        #expect(committee != (try Self.committee(8)))
        let later = try Committee(Roster(epoch: Epoch(2), members: committee.roster.members))
        #expect(committee != later)
        #expect(Set([committee, try Self.committee(7), later]).count == 2)
    }

    @Test func `positions outside the roster are nobody's`() throws {
        let committee = try Self.committee(4)
        #expect(
            (0...6).map { committee.contains(MemberIndex($0)) } == [
                false, true, true, true, true, false, false,
            ]
        )
        #expect(committee.identity(of: MemberIndex(4)) == committee[MemberIndex(4)]?.identity)
        #expect(committee.identity(of: MemberIndex(5)) == nil)
    }

    @Test func `any f + 1 consecutive views have f + 1 different leaders`() throws {
        let committee = try Self.committee(31)
        for start in 0..<200 {
            let leaders = Set(
                (0...committee.faultLimit).map { committee.leader(of: View(UInt64(start + $0))) }
            )
            #expect(leaders.count == committee.faultLimit + 1)
        }
    }

    @Test func `ranks follow the succession from the leader on`() throws {
        let committee = try Self.committee(7)
        for number in 0..<20 {
            let view = View(UInt64(number))
            for rank in 0..<7 {
                #expect(
                    committee.rank(of: committee.leader(of: view.advanced(by: UInt64(rank))), in: view)
                        == rank
                )
            }
        }
    }

    @Test func `refuses too few members, shared identities and shared accounts`() {
        #expect(throws: CommitteeError.tooFewMembers(3)) { try Self.committee(3) }
        var members = (1...4).map(Self.member)
        members[3].identity = members[0].identity
        #expect(throws: CommitteeError.sharedIdentity(MemberIndex(1), MemberIndex(4))) {
            try Committee(Roster(epoch: Epoch(1), members: SSZList(members)!))
        }
        members = (1...4).map(Self.member)
        members[2].account = members[1].account
        #expect(throws: CommitteeError.sharedAccount(MemberIndex(3))) {
            try Committee(Roster(epoch: Epoch(1), members: SSZList(members)!))
        }
    }

    @Test func `knows its members by position and identity and nobody else`() throws {
        let committee = try Self.committee(4)
        for index in committee.indices {
            let member = try #require(committee[index])
            #expect(committee.index(of: member.identity) == index)
        }
        #expect(committee[MemberIndex(0)] == nil)
        #expect(committee[MemberIndex(5)] == nil)
        #expect(committee.index(of: Identity()) == nil)
    }

    @Test func `views stop at the greatest number instead of wrapping around`() {
        #expect(View(.max).advanced(by: 1) == View(.max))
    }
}
