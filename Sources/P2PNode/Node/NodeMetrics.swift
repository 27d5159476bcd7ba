internal import Gossip
internal import Metrics
internal import Peer
internal import Primitives

/// The counters of a node's protocol logic.
struct NodeMetrics: Sendable {
    /// Adds to the counter that a gossip metric names.
    func count(_ metric: GossipMetric, _ amount: Int) {
        guard amount > 0 else { return }
        counter(of: metric)?.increment(by: amount)
        if metric == .heartbeatLateness {
            Metrics.Timer(label: "oracle_gossip_heartbeat_lateness").recordMicroseconds(amount)
        }
    }

    /// Shows what the mesh costs while all is quiet, and what is borne of each link.
    func show(_ schedule: GossipSchedule) {
        Gauge(label: "oracle_gossip_quiet_bytes_per_second").record(schedule.quietNodeBytesPerSecond)
        Gauge(label: "oracle_gossip_quiet_verifications_per_second")
            .record(schedule.quietVerificationsPerSecond)
        Gauge(label: "oracle_gossip_link_limit_bytes_per_second")
            .record(schedule.linkLimitBytesPerSecond)
    }

    private func counter(of metric: GossipMetric) -> Counter? {
        switch metric {
        case .dropped(let reason):
            Counter(label: "oracle_gossip_dropped_total", dimensions: [("reason", "\(reason)")])
        case .verified: Counter(label: "oracle_gossip_signatures_verified_total")
        case .relayed: Counter(label: "oracle_gossip_registers_relayed_total")
        case .heartbeat: Counter(label: "oracle_gossip_heartbeats_total")
        case .heartbeatLateness: nil
        case .pull: Counter(label: "oracle_gossip_pulls_total")
        case .pullFailed: Counter(label: "oracle_gossip_pulls_failed_total")
        case .served: Counter(label: "oracle_gossip_pulls_served_total")
        case .entryRefused(let refusal):
            Counter(label: "oracle_gossip_own_entries_refused_total", dimensions: [("reason", "\(refusal)")])
        }
    }

    /// The entries that this node has of a member's log.
    func note(_ length: UInt64, ofLogOf member: MemberIndex) {
        Gauge(label: "oracle_log_entries", dimensions: [("member", "\(member)")]).record(Double(length))
    }

    /// The newest anchor of the members' logs that the chain shows.
    func note(_ proof: ProofStanding) {
        Gauge(label: "oracle_proof_anchor_number").record(Double(proof.newest.number))
    }

    /// Shows where a log begins whose earlier entries are not kept.
    func note(_ notice: Notice) {
        guard case .logBegins(let member, let first, _) = notice else { return }
        Gauge(label: "oracle_log_first_entry", dimensions: [("member", "\(member)")]).record(Double(first))
    }

    /// Counts what a member did against the rules.
    func count(_ offence: PeerOffence) {
        let part =
            switch offence {
            case .gossip: "gossip"
            case .view: "view"
            case .signing: "signing"
            case .ceremony: "ceremony"
            case .attestation: "attestation"
            case .greeting: "greeting"
            case .unfoundedEvidence: "evidence"
            }
        Counter(label: "oracle_offences_total", dimensions: [("part", part)]).increment()
    }
}
