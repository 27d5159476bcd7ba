import BLS12381
import Primitives

/// What final blocks say, and what is forgotten because of it.
extension OperatorMachine {
    mutating func take(_ news: [OperationFact], at _: Instant) {
        var touched: Set<RequestID> = []
        for fact in news {
            facts.take(fact)
            switch fact {
            case .created(let id, _, let validator), .reshared(let id, let validator):
                named[validator.publicKey] = validator.transcript
                touched.insert(id)
            case .cancelled(let id), .failed(let id, _), .exited(let id): touched.insert(id)
            case .operatorKnown, .requested, .closed: break
            }
        }
        for id in touched.sorted() {
            guard let request = facts.requests[id], !request.isOpen, concerns(id) else { continue }
            tell(.settled(id, request.state))
        }
        for (id, work) in inOrder(works) {
            guard let request = work.plan?.plan.request, isOver(request) else { continue }
            close(id)
        }
        sweep()
        for (id, _) in inOrder(works) { review(id) }
    }

    private func concerns(_ request: RequestID) -> Bool {
        kept.values.contains(request) || works.values.contains { $0.plan?.plan.request == request }
    }

    private func isOver(_ request: RequestID) -> Bool { facts.requests[request].map { !$0.isOpen } ?? false }

    /// Has all erased that the chain shows to be over for good.
    ///
    /// A request that the chain has not told of yet, as while its logs are read again from the start, keeps everything.
    mutating func sweep() {
        for (attempt, request) in inOrder(kept) where isOver(request) {
            kept[attempt] = nil
            act(.order(.forget(attempt: attempt)))
        }
        for share in held.sorted(by: { ($0.attempt, $0.position) < ($1.attempt, $1.position) })
        where isWorthless(share) {
            held.remove(share)
            act(.order(.erase(share)))
            tell(.erased(share.publicKey, transcript: share.transcript))
        }
    }

    /// Whether another ceremony has made the key's shares, or none has made the key, and its own can do so no more.
    ///
    /// The share of a validator that has left stays: that it is of no use is not for one log to say.
    private func isWorthless(_ share: HeldShare) -> Bool {
        isOver(share.request) && named[share.publicKey] != share.transcript
    }
}
