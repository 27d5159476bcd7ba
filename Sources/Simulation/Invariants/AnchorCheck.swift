import Peer
import Primitives

/// `agreement-on-anchored`: whoever sees a view anchored sees the same leader, the one that it is due.
struct AnchorCheck {
    private var leaders: [View: Address] = [:]

    mutating func anchored(_ record: ElectionRecord, _ committee: Committee) -> String? {
        if let other = leaders.updateValue(record.leader, forKey: record.view), other != record.leader {
            return "sees \(record.leader) anchored for view \(record.view), another has seen \(other)"
        }
        let due = committee[committee.leader(of: record.view)]?.account
        return due == record.leader
            ? nil : "sees \(record.leader) anchored for view \(record.view), which is not its"
    }
}
