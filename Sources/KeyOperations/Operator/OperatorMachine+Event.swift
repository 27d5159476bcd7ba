package import BLS12381
package import Primitives

/// Something that is said in an operation, as the machine hears it: still bytes.
package struct OperatorItem: Hashable, Sendable {
    /// What an item is said to be.
    package enum Kind: UInt8, Sendable {
        /// A plan, for which whoever offers it vouches.
        case order = 1
        /// What an operator has signed.
        case message = 2
    }

    /// The operation.
    package var operation: Digest
    /// What it is said to be.
    package var kind: Kind
    /// The bytes.
    package var bytes: [UInt8]

    /// Joins the three.
    package init(operation: Digest, kind: Kind, bytes: [UInt8]) {
        self.operation = operation
        self.kind = kind
        self.bytes = bytes
    }
}

extension OperatorMachine {
    /// What happens to an operator.
    package enum Event: Sendable {
        /// The contract has said this in final blocks; whatever came before has been told.
        case facts([OperationFact])
        /// There is a committee of oracles, or a new one.
        case committee(Committee)
        /// An oracle offers an order of this operation, whose bytes have this digest.
        case vouched(operation: Digest, digest: Digest, by: Identity)
        /// An oracle has brought this.
        case came(OperatorItem, from: Identity)
        /// What has come of an order of this machine.
        case answered(OperatorAnswer)
        /// An operation that was to be opened could not be.
        case notOpened(Digest)
    }

    /// What an operator wants done.
    package enum Action: Sendable {
        /// Speak of an operation with these.
        case open(Digest, with: Set<Identity>)
        /// Speak of it no more.
        case close(Digest)
        /// Offer this to all who take part.
        case offer(OperatorItem)
        /// It can never have been what its name says.
        case convict(OperatorItem)
        /// Have the custodian do this, and tell what comes of it once the disk has it.
        case order(OperatorOrder)
        /// Tell people.
        case notice(OperatorNotice)
    }
}

/// What people are told of an operator's part.
package enum OperatorNotice: Hashable, Sendable {
    /// An order is vouched for, and is what the chain asks for.
    case taken(RequestID, attempt: UInt64, Digest)
    /// An order is vouched for and is not, or not yet, what the chain asks for.
    case waits(Digest, OrderObstacle)
    /// An order was not what the chain asks for in time.
    case given(up: Digest)
    /// This operator has said its word.
    case said(Digest, OperatorStep)
    /// This operator cannot say its word.
    case unable(Digest, OperatorStep, OperatorInability)
    /// An operator is at fault.
    case guilty(Digest, OperatorID, OperatorFault)
    /// An attempt is complete; the chain has to say so yet.
    case complete(Digest)
    /// An attempt can come to nothing any more.
    case failed(Digest)
    /// The chain has what has become of a request, for good.
    case settled(RequestID, RequestState)
    /// A share is worth nothing any more and was erased.
    case erased(G1Bytes, transcript: Digest)
}

/// Why an order is not followed, or not yet.
package enum OrderObstacle: Error, Hashable, Sendable, CustomStringConvertible {
    /// This operator takes no part in it, or under another identity.
    case notNamed
    /// The chain gives no such plan as it is read here.
    case noPlan(PlanObstacle)
    /// The chain gives another plan as it is read here.
    case otherPlan
    /// It takes a share that is not here.
    case shareMissing

    package var description: String {
        switch self {
        case .notNamed: "this operator takes no part in it"
        case .noPlan(let obstacle): "the chain gives no plan: \(obstacle)"
        case .otherPlan: "the chain gives another plan"
        case .shareMissing: "it takes a share that is not here"
        }
    }
}
