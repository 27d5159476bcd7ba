import Consensus
import Gossip
import Primitives

/// What this member writes down of the leader.
extension PeerMachine {
    mutating func perform(_ actions: [TermMonitor.Action]) {
        for case .report(let report) in actions {
            steps.append(.gossip(.entryComposed(.termReport, body: report.sszBytes)))
        }
    }

    /// Counts against the leader what was found of it in this turn, once.
    mutating func noteOffences(at now: Instant) {
        for action in out[noted...] {
            guard case .penalize(let member, _) = action else { continue }
            perform(epoch?.monitor.handle(.offence(by: member), at: now) ?? [])
        }
        noted = out.count
    }
}
