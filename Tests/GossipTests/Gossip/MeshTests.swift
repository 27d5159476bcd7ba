import Primitives
import Testing

@testable import Gossip

/// Whole meshes of machines in virtual time.
@Suite struct MeshTests {
    @Test func `a quiet mesh of four sends what its schedule says and no more`() {
        var mesh = VirtualMesh(size: 4, seed: 1)
        mesh.linkAll()
        mesh.run(for: .seconds(10))
        let (before, bytes) = (mesh.sent, mesh.sentBytes)
        mesh.run(for: .seconds(60))
        let sent = mesh.sent.merging(before) { $0 - $1 }
        // 12 directions; a heartbeat every 250 ms; a ping and a pong about every 5 s, on the tick.
        #expect(sent[.registers] == 12 * 4 * 60)
        #expect(sent[.ping] == 12 * 12)
        #expect(sent[.pong] == 12 * 12)
        let total = sent.values.reduce(0, +)
        #expect(total == 3_168)
        let pings = 12 * 24 * (8 + GossipSchedule.messageOverheadBytes)
        let schedule = GossipSchedule(leaderInterval: .milliseconds(250), size: 4)
        #expect(mesh.sentBytes - bytes - pings == 4 * 60 * schedule.quietNodeBytesPerSecond)
        #expect(mesh.nodes.allSatisfy { $0.penalties.isEmpty })
    }
}

/// What holds after any storm.
@Suite struct ConvergenceTests {
    @Test(arguments: 1...12)
    func `four nodes agree on everything after a storm`(seed: UInt64) {
        var storm = Storm(size: 4, seed: seed)
        storm.rage(steps: 60, pace: .milliseconds(100))
        storm.calm(for: .seconds(8))
        storm.expectConvergence()
    }

    @Test(arguments: 1...4)
    func `seven nodes agree on everything after a storm`(seed: UInt64) {
        var storm = Storm(size: 7, seed: seed)
        storm.rage(steps: 80, pace: .milliseconds(80))
        storm.calm(for: .seconds(8))
        storm.expectConvergence()
    }

    @Test func `thirty-one nodes agree on everything after a storm`() {
        var storm = Storm(size: 31, seed: 31)
        storm.rage(steps: 30, pace: .milliseconds(50))
        storm.calm(for: .milliseconds(3_500))
        storm.expectConvergence()
    }
}
