import Primitives

/// What is said in attempts that were taken.
extension OperatorMachine {
    mutating func take(_ item: OperatorItem, from peer: Identity, at _: Instant) {
        guard let work = works[item.operation] else { return }
        guard item.kind == .message else { return take(order: item) }
        if work.fold != nil {
            take(message: item)
            proceed(item.operation)
        } else if work.early[peer, default: []].count < Self.earlyLimit {
            works[item.operation]?.early[peer, default: []].append(item)
        }
    }

    mutating func take(message item: OperatorItem) {
        guard let signed = try? SignedOperatorMessage(ssz: item.bytes),
            signed.message.attempt == item.operation
        else { return act(.convict(item)) }
        switch works[item.operation]?.fold?.take(signed, with: verifier) {
        case .fresh: act(.offer(item))
        case .foreign: act(.convict(item))
        case .known, nil: break
        }
    }

    mutating func take(_ answer: OperatorAnswer) {
        switch answer {
        case .said(let signed, let shares):
            let id = signed.message.attempt
            held.formUnion(shares)
            // It may be over by now; what was kept is then forgotten as after a restart.
            guard let plan = works[id]?.fold?.plan.plan else { return sweep() }
            kept[id] = plan.request
            works[id]?.isBusy = false
            let reception = works[id]?.fold?.take(signed, with: verifier)
            if reception == .foreign { works[id]?.isStuck = true }
            if reception == .fresh, let step = OperatorStep(rawValue: signed.message.step) {
                tell(.said(id, step))
            }
            act(.offer(OperatorItem(operation: id, kind: .message, bytes: signed.sszBytes)))
            proceed(id)
        case .unable(let id, let step, let why):
            works[id]?.isBusy = false
            works[id]?.isStuck = true
            tell(.unable(id, step, why))
        }
    }

    /// Has the next word said, and tells what has become of the attempt.
    mutating func proceed(_ id: Digest) {
        guard let work = works[id], let fold = work.fold else { return }
        for (guilty, fault) in fold.guilty.sorted(by: { $0.key < $1.key })
        where works[id]?.toldGuilty.insert(guilty).inserted == true {
            tell(.guilty(id, guilty, fault))
        }
        if !work.toldEnd, fold.result != nil || fold.hasFailed {
            works[id]?.toldEnd = true
            tell(fold.hasFailed ? .failed(id) : .complete(id))
        }
        guard !work.isBusy, !work.isStuck, let step = fold.duty(of: setting.id) else { return }
        works[id]?.isBusy = true
        act(.order(.say(step, in: fold)))
    }
}
