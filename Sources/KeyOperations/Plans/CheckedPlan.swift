package import BLS12381
package import Primitives

/// A plan that makes sense in itself; whether it is what the chain asks for is another question.
package struct CheckedPlan: Sendable {
    /// The plan.
    package let plan: OperationPlan
    /// Its root, which names the attempt.
    package let id: Digest
    /// What is to be done.
    package let task: OperationTask
    /// Who holds shares at the end, or signs an exit.
    package let group: OperatorGroup
    /// The beacon chain that it is for.
    package let network: BeaconNetwork
    /// The key as it is shared now; `nil` for a keygen.
    package let sharing: SharedPublicKey?
    /// Who deals, rising; nobody for an exit.
    package let dealers: [OperatorID]
    /// All who take part, by number.
    package let operators: [OperatorID: PlannedOperator]

    /// Checks a plan.
    ///
    /// - Throws: ``PlanFault``.
    /// - Complexity: for a reshare or an exit, up to 13 point decodings.
    package init(_ plan: OperationPlan) throws(PlanFault) {
        self.plan = plan
        id = plan.id
        let ids = plan.operators.elements.map { $0.id }
        guard let group = OperatorGroup(ids) else { throw .operators }
        let excluded = plan.excluded.elements
        guard plan.attempt >= 1, zip(excluded, excluded.dropFirst()).allSatisfy({ $0 < $1 }) else {
            throw .attempt
        }
        self.group = group
        network = plan.network.network
        do { task = try OperationTask(kind: plan.kind, plan.task.bytes) } catch { throw .task }
        var all = plan.operators.elements
        switch task {
        case .keygen(let task):
            let places = task.places.elements
            guard !places.isEmpty, zip(places, places.dropFirst()).allSatisfy({ $0 < $1 }),
                WithdrawalCredentials(task.credentials) != nil
            else { throw .task }
            sharing = nil
            dealers = ids
        case .reshare(let task):
            let sharing = try Self.key(task.sharing)
            self.sharing = sharing
            dealers = task.dealers.elements.map { $0.id }
            guard dealers.count >= sharing.threshold, dealers.first.map({ $0 != OperatorID(0) }) == true,
                zip(dealers, dealers.dropFirst()).allSatisfy({ $0 < $1 })
            else { throw .dealers }
            all += task.dealers.elements
        case .exit(let task):
            let sharing = try Self.key(task.sharing)
            guard sharing.threshold <= ids.count else { throw .sharing }
            self.sharing = sharing
            dealers = []
        }
        var operators: [OperatorID: PlannedOperator] = [:]
        for one in all {
            guard operators[one.id, default: one] == one else { throw .operators }
            operators[one.id] = one
        }
        guard Set(operators.values.map { $0.identity }).count == operators.count else { throw .operators }
        self.operators = operators
    }

    private static func key(_ sharing: SSZList<G1Bytes, 13>) throws(PlanFault) -> SharedPublicKey {
        let coefficients = sharing.elements.compactMap { G1($0) }
        guard coefficients.count == sharing.elements.count,
            let key = SharedPublicKey(coefficients: coefficients)
        else { throw .sharing }
        return key
    }

    /// How many of the group sign as the validator.
    package var threshold: Int { group.threshold }

    /// The places that a keygen fills; one for other tasks.
    package var count: Int {
        if case .keygen(let task) = task { task.places.elements.count } else { 1 }
    }

    /// Who signs under an identity.
    package func author(_ number: UInt64) -> PlannedOperator? { operators[OperatorID(number)] }
}

/// What is wrong with a plan.
package enum PlanFault: Error, Hashable, Sendable, CustomStringConvertible {
    /// Those who take part are too few or many, out of order, or have one identity twice.
    case operators
    /// It is attempt 0, or those left out are out of order.
    case attempt
    /// What is to be done cannot be read or makes no sense.
    case task
    /// Those who deal are too few or out of order.
    case dealers
    /// What the key is said to be shared by is no sharing.
    case sharing

    package var description: String {
        switch self {
        case .operators: "the operators are too few or many, out of order, or share an identity"
        case .attempt: "the attempt has no number, or those left out are out of order"
        case .task: "what is to be done makes no sense"
        case .dealers: "the dealers are too few or out of order"
        case .sharing: "what the key is shared by is not a sharing of a key"
        }
    }
}
