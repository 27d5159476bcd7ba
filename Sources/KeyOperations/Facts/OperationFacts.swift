package import BLS12381
internal import Primitives

/// All that final blocks of the chain say about operators, requests and validators.
///
/// A fold over the contract's logs in their order: whoever has read the same blocks has the same facts.
package struct OperationFacts: Sendable {
    /// A request and what has become of it.
    package struct Request: Hashable, Sendable {
        /// Its id.
        package let id: RequestID
        /// What is asked.
        package let content: OperationRequest
        /// Who could serve when it was asked, the first to be chosen first; for a keygen that names nobody.
        package let candidates: [OperatorID]
        /// What has become of it.
        package internal(set) var state: RequestState

        /// Whether something is left to do.
        package var isOpen: Bool { if case .open = state { true } else { false } }

        /// Which places of a keygen are done already.
        package var done: Set<UInt16> { if case .open(let done) = state { done } else { [] } }
    }

    /// The operators.
    package private(set) var operators: [OperatorID: OperatorRecord] = [:]
    /// The requests.
    package private(set) var requests: [RequestID: Request] = [:]
    /// The validators that have not left.
    package private(set) var validators: [G1Bytes: ValidatorRecord] = [:]
    /// Of how many validators each operator holds shares.
    package private(set) var validatorCounts: [OperatorID: Int] = [:]

    /// Nothing yet.
    package init() {}

    /// The requests that are not done, in the order in which they were made.
    package var open: [Request] {
        requests.values.filter { $0.isOpen }.sorted { $0.content.number < $1.content.number }
    }

    /// Takes the next fact.
    package mutating func take(_ fact: OperationFact) {
        switch fact {
        case .operatorKnown(let record): operators[record.id] = record
        case .requested(let content, let id):
            guard requests[id] == nil else { return }
            let request = Request(
                id: id,
                content: content,
                candidates: candidates(content),
                state: .open(done: [])
            )
            requests[id] = request
        case .cancelled(let id): requests[id]?.state = .cancelled
        case .failed(let id, let reason): requests[id]?.state = .failed(reason)
        case .created(let id, let place, let validator):
            hold(validator)
            guard let request = requests[id], request.isOpen, case .keygen(let keygen) = request.content
            else { return }
            let done = request.done.union([place])
            requests[id]?.state = done.count == keygen.count ? .done : .open(done: done)
        case .reshared(let id, let validator):
            hold(validator)
            requests[id]?.state = .done
        case .exited(let id): requests[id]?.state = .done
        case .closed(let key):
            guard let validator = validators.removeValue(forKey: key) else { return }
            for id in validator.operators.ids { validatorCounts[id, default: 1] -= 1 }
        }
    }

    private mutating func hold(_ validator: ValidatorRecord) {
        if let before = validators.updateValue(validator, forKey: validator.publicKey) {
            for id in before.operators.ids { validatorCounts[id, default: 1] -= 1 }
        }
        for id in validator.operators.ids { validatorCounts[id, default: 0] += 1 }
    }

    /// Who may be chosen now: nobody who takes part in a reshare meanwhile.
    private func candidates(_ content: OperationRequest) -> [OperatorID] {
        guard case .keygen(let keygen) = content, keygen.operators == nil else { return [] }
        var busy: Set<OperatorID> = []
        for request in requests.values where request.isOpen {
            guard case .reshare(let reshare) = request.content else { continue }
            busy.formUnion(reshare.oldOperators.ids)
            busy.formUnion(reshare.newOperators.ids)
        }
        return OperatorSelection.eligible(Array(operators.values), validatorCounts, except: busy)
    }
}
