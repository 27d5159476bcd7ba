package import BLS12381
internal import Cryptography
package import KeyOperations
package import Primitives

/// What another manager's contracts ask for, in our requests.
///
/// Casimir's manager and registry of operators announce no more than a number; all else follows from the configuration
/// and from what the caller knows of the chain then. Pools are contracts that the manager creates, one a validator.
package struct CasimirAdapter: Hashable, Sendable {
    /// Creates pools, and owns their validators in SSV.
    package var manager: Address
    /// Where operators want out.
    package var registry: Address
    /// How many operators a validator has.
    package var size: Int
    /// What becomes of rewards.
    package var kind: WithdrawalCredentials.Kind
    /// What each validator deposits.
    package var amount: Gwei
    /// How validators leave.
    package var way: ExitRequest.Way
    /// What a withdrawal request may cost, in wei; 0 for other ways.
    package var feeCap: UInt64

    /// Joins the parts, or answers `nil` when the contract would refuse such requests.
    package init?(
        manager: Address,
        registry: Address,
        size: Int = 4,
        kind: WithdrawalCredentials.Kind = .regular,
        amount: Gwei = DepositData.leastAmount,
        way: ExitRequest.Way = .ownerCall,
        feeCap: UInt64 = 0
    ) {
        let most = kind == .regular ? DepositData.leastAmount : DepositData.mostAmount
        guard OperatorGroup.sizes.contains(size), DepositData.leastAmount <= amount, amount <= most,
            (way == .withdrawalRequest) == (feeCap != 0), !manager.isZero, !registry.isZero
        else { return nil }
        self.manager = manager
        self.registry = registry
        self.size = size
        self.kind = kind
        self.amount = amount
        self.way = way
        self.feeCap = feeCap
    }

    /// What a log asks for.
    package enum Wish: Hashable, Sendable {
        /// A validator for a pool.
        case initiation(pool: UInt32)
        /// An operator wants out of all its validators.
        case deactivation(OperatorID)
        /// A pool's validator is to leave.
        case exit(pool: UInt32)
    }

    private static let initiation = ABISignature("InitiationRequested", [.uint(32)]).topic
    private static let deactivation = ABISignature("DeactivationRequested", [.uint(64)]).topic
    private static let exit = ABISignature("ExitRequested", [.uint(32)]).topic
    /// The first topics of the events that are understood.
    package static let topics = [initiation, deactivation, exit]

    /// Reads a log of the manager or the registry.
    ///
    /// - Throws: ``ABIError`` when it is of another contract or event, or more than a number is in it.
    package func wish(_ log: Log) throws(ABIError) -> Wish {
        guard log.topics.count == 2, log.data.isEmpty else { throw .unexpected("a log of another shape") }
        let number = log.topics[1].array
        switch (log.topics[0], log.address) {
        case (Self.initiation, manager): return .initiation(pool: try Self.pool(number))
        case (Self.exit, manager): return .exit(pool: try Self.pool(number))
        case (Self.deactivation, registry):
            let id = try ABIDecoder.decode([.uint(64)], from: number)[0].asUInt64("operatorId")
            guard id != 0 else { throw .unexpected("operator 0") }
            return .deactivation(OperatorID(id))
        default: throw .unexpected("a log of another event or contract")
        }
    }

    private static func pool(_ bytes: [UInt8]) throws(ABIError) -> UInt32 {
        UInt32(truncatingIfNeeded: try ABIDecoder.decode([.uint(32)], from: bytes)[0].asUInt64("poolId"))
    }

    /// A validator and who holds its key.
    package struct Validator: Hashable, Sendable {
        /// Its key.
        package var publicKey: G1Bytes
        /// Who hold shares of it.
        package var operators: OperatorGroup

        /// Joins the two.
        package init(publicKey: G1Bytes, operators: OperatorGroup) {
            self.publicKey = publicKey
            self.operators = operators
        }
    }

    /// What the chain says besides, in the block of the log.
    package struct Surroundings: Hashable, Sendable {
        /// The number that the next request gets; further ones follow.
        package var nextNumber: UInt64
        /// The manager's nonce: its next contract is the pool.
        package var managerNonce: UInt64
        /// How many validators the manager has registered in SSV.
        package var ownerNonce: UInt64
        /// The validators by their pools.
        package var pools: [UInt32: Validator]
        /// All operators.
        package var operators: [OperatorRecord]
        /// Who is not free.
        package var busy: Set<OperatorID>

        /// Joins the parts.
        package init(
            nextNumber: UInt64,
            managerNonce: UInt64,
            ownerNonce: UInt64,
            pools: [UInt32: Validator],
            operators: [OperatorRecord],
            busy: Set<OperatorID> = []
        ) {
            self.nextNumber = nextNumber
            self.managerNonce = managerNonce
            self.ownerNonce = ownerNonce
            self.pools = pools
            self.operators = operators
            self.busy = busy
        }

        /// How many validators each operator has.
        var counts: [OperatorID: Int] {
            var counts: [OperatorID: Int] = [:]
            for id in pools.values.flatMap(\.operators.ids) { counts[id, default: 0] += 1 }
            return counts
        }
    }

    /// The requests that fulfil a wish, by rising pool; none where the pool is unknown or nobody can step in.
    ///
    /// Of initiations only one may be under way: the pool's address is that of the manager's next contract.
    package func requests(for wish: Wish, in surroundings: Surroundings) -> [OperationRequest] {
        switch wish {
        case .initiation:
            let pool = Address(creator: manager, nonce: surroundings.managerNonce)
            return [
                .keygen(
                    KeygenRequest(
                        number: surroundings.nextNumber,
                        operators: nil,
                        size: size,
                        count: 1,
                        credentials: WithdrawalCredentials(pool, kind: kind),
                        amount: amount,
                        owner: manager,
                        ownerNonce: surroundings.ownerNonce
                    )
                )
            ]
        case .exit(let pool):
            guard let validator = surroundings.pools[pool] else { return [] }
            return [
                .exit(
                    ExitRequest(
                        number: surroundings.nextNumber,
                        publicKey: validator.publicKey,
                        operators: validator.operators,
                        way: way,
                        feeCap: feeCap
                    )
                )
            ]
        case .deactivation(let leaver): return reshares(without: leaver, in: surroundings)
        }
    }

    private func reshares(without leaver: OperatorID, in surroundings: Surroundings) -> [OperationRequest] {
        var counts = surroundings.counts
        var number = surroundings.nextNumber
        var requests: [OperationRequest] = []
        for (_, validator) in surroundings.pools.sorted(by: { $0.key < $1.key })
        where validator.operators.contains(leaver) {
            guard
                let renewed = OperatorSelection.replacing(
                    [leaver],
                    in: validator.operators,
                    among: surroundings.operators,
                    validators: counts,
                    busy: surroundings.busy
                )
            else { continue }
            // Who steps in here has one more when the next is looked for.
            for id in renewed.ids where !validator.operators.contains(id) { counts[id, default: 0] += 1 }
            requests.append(
                .reshare(
                    ReshareRequest(
                        number: number,
                        publicKey: validator.publicKey,
                        oldOperators: validator.operators,
                        newOperators: renewed
                    )
                )
            )
            number += 1
        }
        return requests
    }
}

extension Address {
    /// The address of the contract that an account or contract creates with this nonce.
    package init(creator: Address, nonce: UInt64) {
        let hash = Keccak256.hash(RLP.list([.bytes(creator.array), .number(nonce)]).encoded)
        self.init()
        for index in 0..<20 { self[index] = hash[12 + index] }
    }
}
