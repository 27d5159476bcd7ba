import Peer
import Primitives

/// What happens to the world.
extension World {
    func strike(_ fault: Fault) {
        trace.note(now, nil, "\(fault)", .fault)
        switch fault {
        case .kill(let member, let actions): doom(member, after: actions, takesPower: false)
        case .powerLoss(let member, let actions): doom(member, after: actions, takesPower: true)
        case .restart(let member): boot(nodes[member.offset])
        case .killAll: for node in nodes where node.isHonest { kill(node, takesPower: false) }
        case .restartAll: for node in nodes { boot(node) }
        case .pause(let member, let milliseconds):
            let node = nodes[member.offset]
            node.pausedUntil = max(node.pausedUntil, now + .milliseconds(Int64(milliseconds)))
        case .leap(let member, let milliseconds):
            nodes[member.offset].clock.leap(by: .milliseconds(Int64(milliseconds)))
        case .drift(let member, let billionths): drift(nodes[member.offset], Int64(billionths))
        case .cut(let from, let to): network.cut(from.offset, to.offset, at: now)
        case .partition(let groups): partition(groups)
        case .heal: heal()
        case .reset(let one, let other): reset(one.offset, other.offset)
        case .loss(let permille): network.loss = permille
        case .delay(let least, let most):
            network.delay = .microseconds(Int64(least))...Span.microseconds(Int64(most))
        case .slowDisk(let member, let microseconds):
            nodes[member.offset].diskLatency = .microseconds(Int64(microseconds))
        case .failingDisk(let member): nodes[member.offset].disk.health = .failing
        case .reorganise(let depth, let keeping):
            guard ledger == nil else { return reorganise(depth, keeping) }
            chain.reorganise(depth: depth, keeping: keeping, at: now, &random)
            tellOfBlocks()
        case .stuck(let seconds):
            chain.stuckUntil = max(chain.stuckUntil, now + .seconds(Int64(seconds)))
            ledger?.stuckUntil = chain.stuckUntil
        case .crowd(let blocks): ledger?.crowdedBlocks = blocks
        case .poolLoss(let permille): ledger?.forget(rate: permille, &random)
        case .endpoint(let member, let place, let mood): turn(place, of: nodes[member.offset], mood)
        case .stranger(let member): spendAsStranger(nodes[member.offset])
        case .chainLag(let member, let blocks): nodes[member.offset].eye.lag = blocks
        case .chainBlind(let member, let isBlind): blind(nodes[member.offset], isBlind)
        case .chainLie(let member, let view): lie(nodes[member.offset], view, [.included, .gone])
        case .chainForge(let member, let view):
            lie(nodes[member.offset], view, [.included, .confirmed, .final])
        case .drain(let member, let isDraining):
            let node = nodes[member.offset]
            later(.microseconds(1), .feed(node: node.offset, life: node.life, .drainRequested(isDraining)))
        }
    }

    private func doom(_ member: MemberIndex, after actions: Int, takesPower: Bool) {
        let node = nodes[member.offset]
        guard node.isUp else { return }
        if actions == 0 { kill(node, takesPower: takesPower) } else { node.doom = (actions, takesPower) }
    }

    func drift(_ node: SimulatedNode, _ billionths: Int64) {
        node.drift = billionths
        node.clock.setDrift(billionths, at: now)
    }

    private func partition(_ groups: [Int]) {
        guard groups.count == nodes.count else { return }
        for from in nodes.indices {
            for to in nodes.indices where groups[from] != groups[to] { network.cut(from, to, at: now) }
        }
    }

    func heal() {
        for from in nodes.indices {
            for to in nodes.indices {
                if let span = network.open(from, to, at: now) { release(from, to, after: span) }
            }
        }
    }

    func reset(_ one: Int, _ other: Int) {
        guard one != other, let connection = nodes[one].links[other] else { return }
        for side in [connection.side(of: one), connection.side(of: other)] {
            later(.microseconds(5), .parcel(connection, side, .end))
        }
    }

    /// Everything bad ends, but for the rule-breakers and members that stay dead; who stands still does so for the
    /// time it was to, since what waits for it comes in order then.
    func becomeKind() {
        trace.note(now, nil, "the world becomes kind", .kindness)
        network.loss = 0
        network.delay = .microseconds(300)...Span.microseconds(1_000)
        chain.stuckUntil = now
        calmLedger()
        heal()
        for node in nodes {
            let isGone = plan.gone.contains(node.member)
            node.doom = nil
            if node.disk.health == .failing, !node.isUp { node.disk.health = .sound }
            if node.disk.health == .failing { kill(node, takesPower: false) }
            node.diskLatency = .microseconds(200)
            node.eye.lag = 0
            blind(node, false)
            drift(node, 0)
            if isGone {
                kill(node, takesPower: random.permille(500))
            } else {
                if node.isHalted { kill(node, takesPower: false) }
                boot(node)
                later(.milliseconds(1), .feed(node: node.offset, life: node.life, .drainRequested(false)))
            }
        }
        judge.begin(at: now)
        later(.milliseconds(20), .examine)
    }
}
