import BLS12381
import Cryptography
import KeyOperations
import Primitives

/// What the chain says, and what follows from that about how keys are shared.
extension OverseerMachine {
    mutating func take(_ news: [OperationFact], at now: Instant) {
        for fact in news {
            facts.take(fact)
            switch fact {
            case .operatorKnown: act(.admit(Set(facts.operators.values.map { $0.identity })))
            case .requested(let request, let id):
                works[id] = OverseerWork()
                tell(.requested(id, number: request.number))
            case .created(let id, let place, let validator):
                recall(validator)
                settle(id, place)
            case .reshared(let id, let validator):
                recall(validator)
                settle(id, nil)
            case .cancelled(let id), .failed(let id, _), .exited(let id): settle(id, nil)
            case .closed(let key):
                sharings[key] = nil
                beacon[key] = nil
            }
        }
        // Orders of requests that the chain had not told of.
        let waiting = unknownOrders
        unknownOrders = []
        for (author, order) in waiting { hear(order, from: author, at: now) }
    }

    /// What was reported of a request is final; if all of it is, it is forgotten.
    private mutating func settle(_ id: RequestID, _ place: UInt16?) {
        guard let request = facts.requests[id] else { return }
        for (hash, report) in reports.sorted(by: { $0.key < $1.key }) {
            guard report.request == id, !request.isOpen || report.place == place else { continue }
            reports[hash] = nil
            signed.remove(hash)
            act(.settled(hash))
        }
        guard !request.isOpen, let work = works.removeValue(forKey: id) else { return }
        for attempt in work.attempts.values {
            let plan = attempt.fold.plan.id
            if let result = attempt.fold.result { note(result, plan) }
            places[plan] = nil
            // How keys are shared is found in the logs when everything else is lost.
            var makesKeys = false
            if case .keys? = attempt.fold.result { makesKeys = true }
            carriage.forget(attempt.fold.messages.map { SHA256.hash($0.sszBytes) }, keepsWaiting: makesKeys)
            strays.end(plan)
            act(.close(plan))
        }
        tell(.settled(id, request.state))
    }

    // MARK: How keys are shared

    /// Whether the keys that the chain knows lack what a complete attempt has shown.
    func lacksSharing(madeBy request: RequestID) -> Bool {
        guard let content = facts.requests[request]?.content else { return false }
        if case .exit = content { return false }
        return facts.validators.values.contains { sharings[$0.publicKey]?.transcript != $0.transcript }
    }

    /// Notes the keys of a complete attempt, for when the chain tells which attempt counts.
    mutating func note(_ result: OperationResult, _ plan: Digest) {
        guard case .keys(let transcript, let keys) = result else { return }
        results[transcript] = keys
        for key in keys {
            let bytes = key.sharing.publicKey.bytes
            guard facts.validators[bytes]?.transcript == transcript else { continue }
            sharings[bytes] = KnownSharing(sharing: key.sharing, transcript: transcript)
        }
        if recalls.removeValue(forKey: plan) != nil { strays.end(plan) }
    }

    private mutating func recall(_ validator: ValidatorRecord) {
        guard
            let key = results[validator.transcript]?.first(where: {
                $0.sharing.publicKey.bytes == validator.publicKey
            })
        else { return }
        sharings[validator.publicKey] = KnownSharing(sharing: key.sharing, transcript: validator.transcript)
    }

    /// Takes what the owner has kept on disk; the chain says whether it is how the key is shared now.
    mutating func learn(_ sharing: SharedPublicKey, _ transcript: Digest) {
        results[transcript, default: []].append(
            MadeKey(place: 0, sharing: sharing, depositSignature: nil, ownershipSignature: nil)
        )
        guard let validator = facts.validators[sharing.publicKey.bytes], validator.transcript == transcript
        else {
            return
        }
        recall(validator)
    }
}

extension OperationReport {
    /// The request it is about.
    var request: RequestID {
        let id =
            switch self {
            case .created(_, let statement, _): statement.requestId
            case .reshared(_, let statement): statement.requestId
            case .exitSigned(_, let statement): statement.requestId
            case .exitTriggered(_, let statement): statement.requestId
            case .exitCall(_, let statement): statement.requestId
            case .failed(let statement): statement.requestId
            }
        return RequestID(id.storage)
    }

    /// The place of a keygen that it fills.
    var place: UInt16? {
        if case .created(_, let statement, _) = self { statement.index } else { nil }
    }
}
