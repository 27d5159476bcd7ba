package import BLS12381
package import Gossip
package import KeyOperations
package import Primitives

extension OverseerMachine {
    /// What happens to an overseer.
    package enum Event: Sendable {
        /// The contract has said this in final blocks; whatever came before has been told.
        case facts([OperationFact], through: UInt64)
        /// There is a committee, or a new one, that this oracle is a member of.
        case committee(Committee)
        /// This view is current.
        case view(View)
        /// A member's log has this, its own among them.
        case entry(author: Identity, LogTopic, body: [UInt8])
        /// The group has signed the statement of this hash.
        case signed(Digest)
        /// An operator has brought this.
        case item(OperationItem, from: Identity)
        /// What the beacon chain knows of a key.
        case beacon(G1Bytes, BeaconStanding)
        /// How a key is shared, kept from a ceremony with this transcript.
        case sharing(SharedPublicKey, transcript: Digest)
    }

    /// What an overseer wants done.
    package enum Action: Hashable, Sendable {
        /// Take links of these, the registered operators.
        case admit(Set<Identity>)
        /// Speak of an attempt with these operators.
        case open(Digest, with: Set<Identity>)
        /// Speak of it no more.
        case close(Digest)
        /// Offer these to all who take part.
        case offer([OperationItem])
        /// An item can never have been what its name says.
        case convict(ItemName)
        /// Say it in one's own log.
        case append(LogTopic, [UInt8])
        /// Have the group sign the statement of this hash; ``OverseerMachine/report(_:)`` tells what it is about.
        case endorse(Digest)
        /// Have it not signed any more.
        case retract(Digest)
        /// The chain has it, or something in its place, for good.
        case settled(Digest)
        /// Ask the beacon chain about a key, and answer.
        case askBeacon(G1Bytes)
        /// Keep what was signed in an attempt: it is complete, or shows who is at fault.
        case keep(Digest)
        /// Tell people.
        case notice(OverseerNotice)
    }
}

/// What the beacon chain knows of a key.
package enum BeaconStanding: Hashable, Sendable {
    /// No node could be asked.
    case unknown
    /// Nothing.
    case none
    /// A deposit for it waits.
    case waiting
    /// It is a validator's, which an exit may name from this epoch on; `nil` while it may not leave yet.
    case validator(index: UInt64, exitEpoch: UInt64?)
}

/// What people are told of operations.
package enum OverseerNotice: Hashable, Sendable {
    /// A request has come.
    case requested(RequestID, number: UInt64)
    /// A leader has ordered an attempt, and it is right.
    case ordered(RequestID, attempt: UInt64, Digest, operators: [OperatorID])
    /// A leader has ordered an attempt that is not what the chain asks for, in this oracle's view.
    case refused(RequestID, attempt: UInt64, author: Identity, OrderRefusal)
    /// An operator has said its word.
    case said(Digest, OperatorID, OperatorStep)
    /// An operator is at fault.
    case guilty(Digest, OperatorID, OperatorFault)
    /// Operators have been silent for too long.
    case absent(Digest, [OperatorID])
    /// All is signed and checked.
    case complete(RequestID, Digest)
    /// The group has signed a report about a request.
    case signed(RequestID)
    /// A request cannot go on, for the moment.
    case stuck(RequestID, PlanObstacle)
    /// This oracle holds that a request came to nothing.
    case failed(RequestID, FailureReason)
    /// The chain has what has become of a request, for good.
    case settled(RequestID, RequestState)
}

/// Why an order counts for nothing, or not yet.
package enum OrderRefusal: Error, Hashable, Sendable {
    /// The author did not lead in that view.
    case notLeader
    /// The plan makes no sense.
    case plan(PlanFault)
    /// It is not the plan that the chain asks for.
    case otherPlan
    /// It leaves out who has done nothing, or takes in who is at fault.
    case exclusion
    /// The attempt before it goes on still.
    case tooEarly
    /// There may be no further attempts.
    case tooMany
    /// It is not known here whether it is right.
    case unknown(PlanObstacle)
}
