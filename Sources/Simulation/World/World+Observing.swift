import Consensus
import Gossip
import Peer
import Primitives

/// What the invariants, the report and the trace are shown of each step.
extension World {
    func observe(_ order: SecretOrder, by node: SimulatedNode) {
        guard node.isHonest, case .signShare(let order) = order else { return }
        trace.note(now, node.member, "signs for view \(order.request.view)")
        invariants.signs(order, node.member, node.disk.contents, at: now)
    }

    func observe(_ answer: SecretAnswer, by node: SimulatedNode) {
        guard node.isHonest, case .signer(.shareSigned(let order, let share)) = answer else { return }
        invariants.signed(order, share, node.member, at: now)
    }

    func observe(_ action: PeerMachine.Action, by node: SimulatedNode) {
        switch action {
        case .notice(let notice): observe(notice, by: node)
        case .persist(.view(let record), _): invariants.persists(record, node.member, at: now)
        case .send(let messages, _):
            for message in messages where message.type == .objects {
                invariants.says(message, node.member, node.disk.contents, at: now)
            }
        case .penalize(let culprit, let offence):
            trace.note(now, node.member, "accuses \(culprit): \(offence)")
            invariants.penalizes(culprit, offence, node.member, at: now)
        case .submit(let submission): trace.note(now, node.member, "submits \(submission.key)")
        default: break
        }
    }

    private func observe(_ notice: Notice, by node: SimulatedNode) {
        switch notice {
        case .viewEntered(let view, let leader, let entrance):
            trace.note(
                now,
                node.member,
                "enters view \(view), led by \(leader), by \(entrance.rawValue)",
                .view(view, leader: leader)
            )
            trace.mix(view.rawValue << 8 ^ UInt64(leader.rawValue))
            if invariants.enters(view, leader, node.member, node.disk.contents, at: now) {
                if !judge.isFailingOver { report.viewChanges += 1 }
            }
            judge.entered(view, by: node.member)
        case .leadership(let isLeading):
            trace.note(now, node.member, isLeading ? "leads" : "leads no more", .leads(isLeading))
            if isLeading { invariants.leads(node.member, at: now) }
        case .certified(let certificate):
            trace.note(
                now,
                node.member,
                "holds the certificate of view \(certificate.view)",
                .certified(certificate.view)
            )
            if invariants.certified(certificate, node.member, at: now) {
                noteElection(certificate.view)
            }
        case .anchored(let record, let stage):
            trace.note(
                now,
                node.member,
                "sees view \(record.view) \(stage) in block \(record.block)",
                .anchored(record.view, stage)
            )
            if stage == .confirmed || stage == .final { invariants.anchored(record, node.member, at: now) }
        case .convicted(let conviction):
            trace.note(now, node.member, "convicts \(conviction.member) of \(conviction.crime)")
            invariants.convicts(conviction, node.member, at: now)
        case .suspicion(let view, let leader, let reason):
            trace.note(
                now,
                node.member,
                "in \(view), \(leader): \(reason.map { "suspects, \($0)" } ?? "trusts")",
                .suspects(reason != nil)
            )
        case .ceremony(let notice): trace.note(now, node.member, "\(notice)")
        case .halted: trace.note(now, node.member, "halts")
        default: break
        }
    }
}
