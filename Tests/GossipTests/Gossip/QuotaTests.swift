import Primitives
import Testing

@testable import Gossip

@Suite struct QuotaTests {
    private func schedule(_ size: Int) -> GossipSchedule {
        GossipSchedule(leaderInterval: .milliseconds(250), size: size)
    }

    @Test func `followers slow down when the committee grows`() {
        #expect(schedule(4).followerInterval == .milliseconds(250))
        #expect(schedule(25).followerInterval == .milliseconds(250))
        #expect(schedule(31).followerInterval == .milliseconds(310))
        #expect(schedule(100).followerInterval == .seconds(1))
        #expect(schedule(100).interval(isLeader: true) == .milliseconds(250))
    }

    @Test func `says what a quiet mesh costs in numbers a person can read`() {
        #expect(
            schedule(4).description
                == "n = 4, D = 0.25 seconds: a quiet node sends and receives 3 kB/s each, 928 B/s a link, "
                + "and verifies 12 signatures/s; a link that brings more than 1098 kB/s for long is closed"
        )
        #expect(
            schedule(31).description
                == "n = 31, D = 0.25 seconds: a quiet node sends and receives 22 kB/s each, 748 B/s a link, "
                + "and verifies 96 signatures/s; a link that brings more than 1430 kB/s for long is closed"
        )
    }

    @Test func `leaves what an honest member says well within what others take`() {
        for size in [4, 7, 31, 128] {
            let quotas = GossipQuotas(schedule: schedule(size), logBytesPerSecond: 1, logBurstBytes: 1)
            let heartbeats = quotas.objects(.heartbeat)
            #expect(heartbeats.interval * 4 <= quotas.schedule.interval(isLeader: true))
            #expect(quotas.linkBytesPerSecond > 4 * quotas.schedule.quietNodeBytesPerSecond)
            #expect(quotas.linkBurstBytes >= 30 * quotas.linkBytesPerSecond)
        }
    }

    @Test func `a bucket in debt gives nothing until the debt is paid`() {
        var bucket = TokenBucket(interval: .milliseconds(10), burst: 5)
        #expect(bucket.holds(5, at: .start) && !bucket.holds(6, at: .start))
        bucket.overdraw(8, at: .start)
        #expect(!bucket.holds(at: .start))
        let early = bucket.take(at: Instant.start.advanced(by: .milliseconds(39)))
        let later = bucket.take(at: Instant.start.advanced(by: .milliseconds(40)))
        #expect(!early && later)
    }
}
