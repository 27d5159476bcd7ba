import Consensus
import Peer
import Primitives

/// Whether the committee finds together once the world is kind, and stays so.
extension World {
    private static let pace = Span.milliseconds(50)
    /// How long the last flapping may echo: transports back off for up to 10 s.
    private static let rest = Span.seconds(20)

    func examine() {
        let patience = Span(nanoseconds: scenario.patience.nanosecondsRoundedUp)
        switch judge.phase {
        case .bad: return
        case .healing(let since):
            let settled = settledView()
            judge.note(settled, at: now)
            if let settled, isTransportCalm {
                report.recovery = judge.agreedSince.map { $0 - since }
                trace.note(now, nil, "all agree on view \(settled)", .agreement(settled))
                judge.settle(settled, at: now, mayBeLeft: invariants.mayBeLeft(settled))
                judge.unattested = unattested()
                if scenario.isFlapping { later(.seconds(1), .flap) }
            } else if now - since > patience {
                invariants.fail(
                    .recovers,
                    "no certified leader after \(patience.seconds) s: \(standing())",
                    at: now
                )
                isOver = true
            }
        case .settled(let view, let since):
            watch(view)
            guard now - since > Span(nanoseconds: scenario.watch.nanosecondsRoundedUp) else { break }
            let isAnchored = isAnchored(view, for: living)
            if isAnchored, isAttested(under: committee.leader(of: view)) {
                finish()
            } else if isAnchored, now - since > patience {
                invariants.fail(.attests, "no anchor of the logs after \(patience.seconds) s", at: now)
                isOver = true
            } else if now - since > patience {
                invariants.fail(
                    .anchors,
                    "no election on chain after \(patience.seconds) s: \(standing())",
                    at: now
                )
                isOver = true
            }
        case .resting(let since):
            if let view = settledView(), isTransportCalm {
                end(committee.leader(of: view), of: view)
            } else if now - since > Self.rest {
                isOver = true
            }
        case .leaderless(let view, let since, _):
            if now - since > patience {
                invariants.fail(.recovers, "no leader after \(view)'s died: \(standing())", at: now)
                isOver = true
            }
        }
        later(Self.pace, .examine)
    }

    /// The members that keep to the protocol and live.
    private var living: [SimulatedNode] {
        nodes.filter { $0.isHonest && !plan.gone.contains($0.member) }
    }

    /// The view that all who live are in, whose certified leader leads and whom nobody suspects.
    ///
    /// A leader that breaks the rules can give f members reason to suspect it for ever, by what it tells them alone: they
    /// are too few to depose it, and need not be told from the others.
    private func settledView() -> View? {
        var common: View?
        var suspicious = 0
        for node in living {
            guard node.isUp, node.pausedUntil <= now, let standing = node.player?.standing(),
                let view = standing.view, common == nil || common == view, standing.electedView == view
            else { return nil }
            let leader = committee.leader(of: view)
            if plan.gone.contains(leader) || leader == node.member && !standing.isLeading { return nil }
            if standing.suspicion != nil || standing.wishedView != view { suspicious += 1 }
            common = view
        }
        guard let common else { return nil }
        let mayBeSuspected = !nodes[committee.leader(of: common).offset].isHonest
        return suspicious <= (mayBeSuspected ? committee.faultLimit : 0) ? common : nil
    }

    /// How many entries of each honest member's log an anchor has to cover, by offset: up to the last one that is about
    /// something else than attesting.
    private func unattested() -> [UInt64] {
        nodes.map { author in
            guard author.isHonest else { return 0 }
            let copies = living.map { $0.disk.contents.logs[author.offset] }
            let last = copies.compactMap { $0.lastIndex { !$0.isAboutAttesting } }.max()
            return last.map { UInt64($0) + 1 } ?? 0
        }
    }

    /// Whether what the honest members' logs held when all agreed is anchored; a leader that breaks the rules need not
    /// propose it.
    private func isAttested(under leader: MemberIndex) -> Bool {
        guard nodes[leader.offset].isHonest, !conspiracy.hasStruck else { return true }
        let list = invariants.anchoredList
        return committee.indices.allSatisfy { author in
            let size = judge.unattested.isEmpty ? 0 : judge.unattested[author.offset]
            return size == 0 || list?[author].map { $0.size >= size } ?? false
        }
    }

    /// Whether all who live have the links that they want, and nothing is held up any more by transports that back off
    /// after the bad times: who reaches the leader by one relay alone must leave it when that one flaps.
    private var isTransportCalm: Bool {
        let soon = now + network.delay.upperBound
        return living.allSatisfy { node in
            living.allSatisfy { peer in
                guard node.offset != peer.offset else { return true }
                guard let connection = node.links[peer.offset] else { return !node.isDialed[peer.offset] }
                let end = connection[connection.side(of: node.offset)]
                return end.held.isEmpty && end.lastArrival <= soon
            }
        }
    }

    /// A live leader that does its duty stays.
    private func watch(_ view: View) {
        let leader = nodes[committee.leader(of: view).offset]
        guard leader.isHonest, !judge.isReported, !judge.mayBeLeft, !conspiracy.hasStruck else { return }
        for node in living where node.member != judge.flapper {
            guard let entered = node.player?.standing()?.view, entered > view else { continue }
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

    /// Ends the watch: if a quorum of honest members is left without the leader, it dies now.
    private func finish() {
        let holders = living.filter { $0.member != judge.flapper }
        invariants.compareLogs(holders.map { ($0.member, $0.disk.contents) }, at: now)
        guard living.count > committee.quorum, !judge.isReported, !conspiracy.hasStruck else {
            isOver = true
            return
        }
        heal()
        judge.rest(at: now)
    }

    private func end(_ leader: MemberIndex, of view: View) {
        let node = nodes[leader.offset]
        guard node.isHonest else {
            isOver = true
            return
        }
        let isSilent = random.permille(500)
        judge.lose(view, at: now, inSilence: isSilent)
        kill(node, takesPower: isSilent)
    }

    /// An election is certified for the first time.
    func noteElection(_ view: View) {
        guard case .leaderless(let last, let since, let isSilent) = judge.phase else {
            if !judge.isFailingOver { report.elections += 1 }
            return
        }
        guard view > last else { return }
        if isSilent { report.silentFailover = now - since } else { report.failover = now - since }
        isOver = true
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

extension SignedObject {
    /// Whether it is a log entry that proposes or brings an anchor.
    fileprivate var isAboutAttesting: Bool {
        guard let entry = try? LogEntry(ssz: object.payload.bytes) else { return false }
        return [.attestedLogs, .proofAnchor].contains(LogTopic(rawValue: entry.topic))
    }
}

/// Where the run is, as far as liveness goes.
struct LivenessJudge {
    enum Phase {
        case bad
        case healing(since: WorldTime)
        case settled(View, since: WorldTime)
        /// The last flapping echoes.
        case resting(since: WorldTime)
        /// The leader of the view has died, with its host or alone.
        case leaderless(View, since: WorldTime, inSilence: Bool)
    }

    private(set) var phase = Phase.bad
    var flapper: MemberIndex?
    var isCut = false
    var isReported = false
    /// Whether the settled view may rightly be left, for what was wished before all agreed on it.
    private(set) var mayBeLeft = false
    private(set) var highest = View(0)
    /// How many entries of each log were to be anchored when all agreed, by offset.
    var unattested: [UInt64] = []
    /// Since when all agree on one view.
    private(set) var agreedSince: WorldTime?
    private var agreed: View?

    mutating func note(_ view: View?, at now: WorldTime) {
        if view == nil || view != agreed { agreedSince = view.map { _ in now } }
        agreed = view
    }

    /// Whether what happens now is done to measure a failover.
    var isFailingOver: Bool {
        switch phase {
        case .bad, .healing, .settled: false
        case .resting, .leaderless: true
        }
    }

    mutating func rest(at now: WorldTime) { phase = .resting(since: now) }
    mutating func lose(_ view: View, at now: WorldTime, inSilence isSilent: Bool) {
        phase = .leaderless(view, since: now, inSilence: isSilent)
    }
    mutating func begin(at now: WorldTime) { phase = .healing(since: now) }
    mutating func settle(_ view: View, at now: WorldTime, mayBeLeft: Bool) {
        phase = .settled(view, since: now)
        self.mayBeLeft = mayBeLeft
    }

    mutating func entered(_ view: View, by member: MemberIndex) { highest = max(highest, view) }
}
