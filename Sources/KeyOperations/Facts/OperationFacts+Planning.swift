package import BLS12381
internal import Primitives

/// Why there is no plan for an attempt.
package enum PlanObstacle: Error, Hashable, Sendable {
    /// The request is not known or not open.
    case notOpen
    /// A plan is not needed: the contract does it by itself.
    case noCeremony
    /// Too few operators are left to choose from, or too few of those that hold the key.
    case tooFewOperators
    /// The chain does not know one of those that are named, or the validator.
    case unknown
    /// How the key is shared now is not known here.
    case sharingUnknown
    /// The validator's number on the beacon chain is not known here.
    case exitUnknown
}

extension OperationFacts {
    /// The plan of an attempt.
    ///
    /// - Parameters:
    ///   - id: The request.
    ///   - attempt: From 1.
    ///   - excluded: Who has failed before. Where the request names everybody, nobody can be replaced; of those that
    ///     hold a key to be reshared, some may be left out.
    ///   - sharing: How the key is shared now, for a reshare or an exit.
    ///   - exit: What is to be signed, for an exit.
    ///   - network: The beacon chain.
    /// - Returns: The one plan there is for the attempt, as the chain stands.
    /// - Throws: ``PlanObstacle``.
    package func plan(
        of id: RequestID,
        attempt: UInt64,
        excluding excluded: Set<OperatorID>,
        sharing: SharedPublicKey?,
        exit: VoluntaryExit?,
        on network: BeaconNetwork
    ) throws(PlanObstacle) -> OperationPlan {
        guard let request = requests[id], request.isOpen else { throw .notOpen }
        let group: [OperatorID]
        let task: OperationTask
        switch request.content {
        case .keygen(let keygen):
            if let named = keygen.operators {
                group = named.ids
            } else {
                group = request.candidates.filter { !excluded.contains($0) }.prefix(keygen.size).sorted()
                guard group.count == keygen.size else { throw .tooFewOperators }
            }
            let places = (0..<UInt16(clamping: keygen.count)).filter { !request.done.contains($0) }
            guard let places = SSZList<UInt16, 20>(places) else { throw .unknown }
            task = .keygen(
                KeygenTask(
                    places: places,
                    credentials: keygen.credentials.bytes,
                    amount: keygen.amount,
                    owner: keygen.owner,
                    ownerNonce: keygen.ownerNonce
                )
            )
        case .reshare(let reshare):
            try hold(reshare.publicKey, reshare.oldOperators)
            let (sharing, coefficients) = try coefficients(of: reshare.publicKey, sharing)
            group = reshare.newOperators.ids
            let dealers = reshare.oldOperators.ids.filter { !excluded.contains($0) }
            guard dealers.count >= sharing.threshold else { throw .tooFewOperators }
            guard let dealers = SSZList<PlannedOperator, 13>(try planned(dealers)) else { throw .unknown }
            task = .reshare(ReshareTask(sharing: coefficients, dealers: dealers))
        case .exit(let leaving):
            guard leaving.way == .signedExit else { throw .noCeremony }
            try hold(leaving.publicKey, leaving.operators)
            let (_, coefficients) = try coefficients(of: leaving.publicKey, sharing)
            guard let exit else { throw .exitUnknown }
            group = leaving.operators.ids
            task = .exit(ExitTask(sharing: coefficients, exit: exit))
        }
        guard let operators = SSZList<PlannedOperator, 13>(try planned(group)),
            let excluded = SSZList<OperatorID, 128>(excluded.sorted())
        else { throw .unknown }
        return OperationPlan(
            request: id,
            attempt: attempt,
            excluded: excluded,
            operators: operators,
            network: PlannedNetwork(network),
            task: task
        )
    }

    private func planned(_ ids: [OperatorID]) throws(PlanObstacle) -> [PlannedOperator] {
        var result: [PlannedOperator] = []
        for id in ids {
            guard let record = operators[id] else { throw .unknown }
            result.append(PlannedOperator(record))
        }
        return result
    }

    private func hold(_ key: G1Bytes, _ group: OperatorGroup) throws(PlanObstacle) {
        guard validators[key]?.operators == group else { throw .unknown }
    }

    private func coefficients(
        of key: G1Bytes,
        _ sharing: SharedPublicKey?
    ) throws(PlanObstacle) -> (SharedPublicKey, SSZList<G1Bytes, 13>) {
        guard let sharing, sharing.publicKey.bytes == key,
            let list = SSZList<G1Bytes, 13>(sharing.commitment.coefficients.map { $0.compressed })
        else { throw .sharingUnknown }
        return (sharing, list)
    }
}
