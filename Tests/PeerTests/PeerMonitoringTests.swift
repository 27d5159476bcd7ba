import Consensus
import Gossip
import Peer
import Primitives
import Testing

/// What followers write down of their leaders.
@Suite struct PeerMonitoringTests {
    /// The reports about a leader that stand in all logs at a member.
    private func reports(of leader: MemberIndex, at member: MemberIndex, _ world: World)
        -> [MemberIndex: TermReport]
    {
        var reports: [MemberIndex: TermReport] = [:]
        for object in world.nodes[member.offset].disk.entries {
            guard let entry = try? LogEntry(ssz: object.object.payload.bytes),
                entry.topic == LogTopic.termReport.rawValue,
                let report = try? TermReport(ssz: entry.body.bytes), report.leader == leader
            else { continue }
            reports[object.object.author] = report
        }
        return reports
    }

    @Test func `when a leader dies each follower reports its term, and all have the reports`() throws {
        var world = try World(size: 4, seed: 7)
        world.startAll()
        let elected = world.run(for: .seconds(10)) { !$0.chain.elections.isEmpty }
        try #require(elected != nil)
        world.run(until: world.now.advanced(by: .seconds(5)))
        let election = try #require(world.chain.elections.last)
        let leader = world.committee.leader(of: election.view)
        world.crash(leader)
        world.run(until: world.now.advanced(by: .seconds(3)))
        let followers = world.committee.indices.filter { $0 != leader }
        for member in followers {
            let reports = reports(of: leader, at: member, world)
            #expect(Set(reports.keys) == Set(followers))
            for report in reports.values {
                #expect(report.view == election.view)
                #expect(report.isOver)
                #expect(report.reason == .linkLost)
                #expect(report.certified > 0 && report.certified <= report.lasted)
                #expect(report.anchored > report.certified)
                #expect(report.served > 0, "it had the key proven")
                #expect(report.overdue == 0)
                #expect(report.entries > 0)
            }
        }
    }

    @Test func `an epoch begins with what its mesh costs`() throws {
        var world = try World(size: 7, seed: 8)
        world.startAll()
        let budgets = world.notices.compactMap { notice -> GossipSchedule? in
            if case .budget(let schedule) = notice.notice { schedule } else { nil }
        }
        #expect(
            budgets == Array(repeating: GossipSchedule(leaderInterval: .milliseconds(250), size: 7), count: 7)
        )
    }
}
