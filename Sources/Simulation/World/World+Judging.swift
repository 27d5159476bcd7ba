import Consensus
import Peer
import Primitives

/// Whether the committee finds together once the world is kind, and stays so.
extension World {
    private static let pace = Span.milliseconds(50)

    func examine() {
        let patience = Span(nanoseconds: scenario.patience.nanosecondsRoundedUp)
        switch judge.phase {
        case .bad: return
        case .healing(let since):
            if let settled = settledView() {
                report.recovery = now - since
                trace.note(now, nil, "all agree on view \(settled)", .agreement(settled))
                judge.settle(settled, at: now)
                if scenario.isFlapping { later(.seconds(1), .flap) }
            } else if now - since > patience {
                invariants.fail(
                    .recovers,
                    "no certified leader after \(patience.seconds) s: \(standing())",
                    at: now
                )
                return finish()
            }
        case .settled(let view, let since):
            watch(view)
            if now - since > Span(nanoseconds: scenario.watch.nanosecondsRoundedUp) { return finish() }
        }
        later(Self.pace, .examine)
    }

    /// The members that keep to the protocol and live.
    private var living: [SimulatedNode] {
        nodes.filter { $0.isHonest && !plan.gone.contains($0.member) }
    }

    /// The view that all who live are in, whose certified leader leads and whom nobody suspects.
    private func settledView() -> View? {
        var common: View?
        for node in living {
            guard node.isUp, let snapshot = node.player?.snapshot(), let view = snapshot.view,
                common == nil || common == view, snapshot.suspicion == nil, snapshot.wishedView == view,
                snapshot.election?.view == view, let leader = snapshot.leader
            else { return nil }
            if plan.gone.contains(leader) || leader == node.member && !snapshot.isLeading { return nil }
            common = view
        }
        return common
    }

    /// A live leader that does its duty stays.
    private func watch(_ view: View) {
        let leader = nodes[committee.leader(of: view).offset]
        guard leader.isHonest, !judge.isReported, !conspiracy.hasStruck else { return }
        for node in living where node.member != judge.flapper {
            guard let entered = node.player?.snapshot()?.view, entered > view else { continue }
            judge.isReported = true
            invariants.fail(
                .sticky,
                "member \(node.member) left \(leader.member), the leader of view \(view), for view \(entered)",
                at: now
            )
            return
        }
    }

    /// One honest member that does not lead loses its links, again and again.
    func flap() {
        guard case .settled(let view, _) = judge.phase else { return }
        let leader = committee.leader(of: view)
        let candidates = living.filter { $0.member != leader }
        if judge.flapper == nil, !candidates.isEmpty { judge.flapper = random.pick(candidates).member }
        guard let flapper = judge.flapper else { return }
        if judge.isCut {
            heal()
            judge.isCut = false
            return later(random.span(.milliseconds(300)...Span.seconds(4)), .flap)
        }
        trace.note(now, flapper, "flaps")
        judge.isCut = true
        switch random.below(4) {
        case 0: network.cut(flapper.offset, leader.offset, at: now)
        case 1: network.cut(leader.offset, flapper.offset, at: now)
        case 2:
            network.cut(flapper.offset, leader.offset, at: now)
            network.cut(leader.offset, flapper.offset, at: now)
        default: reset(flapper.offset, leader.offset)
        }
        later(random.span(.milliseconds(300)...Span.seconds(4)), .flap)
    }

    private func finish() {
        isOver = true
        guard case .settled = judge.phase else { return }
        let holders = living.filter { $0.member != judge.flapper }
        invariants.compareLogs(holders.map { ($0.member, $0.disk.contents) }, at: now)
    }

    /// Where everybody stands, for people.
    private func standing() -> String {
        nodes.map { node in
            guard let snapshot = node.player?.snapshot() else { return "\(node.member) -" }
            let view = snapshot.view.map { "\($0)" } ?? "?"
            let certified = snapshot.election.map { "\($0.view)" } ?? "-"
            let reason = snapshot.suspicion.map { " \($0)" } ?? ""
            let key = snapshot.groupKey == nil ? " no key" : ""
            let links = snapshot.neighbours.filter(\.isLinked).count
            return "\(node.member)\(node.isHonest ? "" : "*") view \(view)>\(snapshot.wishedView) "
                + "certified \(certified)\(snapshot.isLeading ? " leads" : "")\(reason)\(key) \(links) links"
        }.joined(separator: "; ")
    }
}

/// Where the run is, as far as liveness goes.
struct LivenessJudge {
    enum Phase {
        case bad
        case healing(since: WorldTime)
        case settled(View, since: WorldTime)
    }

    private(set) var phase = Phase.bad
    var flapper: MemberIndex?
    var isCut = false
    var isReported = false
    private(set) var highest = View(0)

    mutating func begin(at now: WorldTime) { phase = .healing(since: now) }
    mutating func settle(_ view: View, at now: WorldTime) { phase = .settled(view, since: now) }
    mutating func entered(_ view: View, by member: MemberIndex) { highest = max(highest, view) }
}
