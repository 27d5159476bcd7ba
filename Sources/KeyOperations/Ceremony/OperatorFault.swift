package import BLS12381
internal import Primitives

/// What convicts an operator: all of it follows from what it has signed, so anybody can come to the same.
package enum OperatorFault: Hashable, Sendable, CustomStringConvertible {
    /// It has signed two different words where one belongs.
    case equivocated(OperatorStep)
    /// A word of it cannot be read, or has no place in the attempt.
    case malformed(step: UInt8)
    /// It has not shown that it knows the secret to its encryption key.
    case badJoin
    /// A deal of it is wrong, as everybody can see.
    case badDeal(place: Int, G1DealFault)
    /// It has dealt as many keys as were not asked for.
    case dealCount(Int)
    /// The share that it dealt to this operator is wrong, as that one has shown.
    case badShare(to: OperatorID, place: Int)
    /// It has accused this operator falsely.
    case falseComplaint(about: OperatorID)
    /// Its confirmation does not fit the attempt: too many or few shares or signatures, or another RSA key.
    case badConfirmation
    /// A signature of its share is wrong.
    case badPartial(place: Int)

    package var description: String {
        switch self {
        case .equivocated(let step): "said two different things where one belongs (\(step))"
        case .malformed(let step): "said something that cannot be read or has no place here (step \(step))"
        case .badJoin: "has not shown that it knows the secret to its encryption key"
        case .badDeal(let place, let fault): "dealt wrongly for key \(place): \(fault)"
        case .dealCount(let count): "dealt \(count) keys, which is not what was asked for"
        case .badShare(let victim, let place): "gave operator \(victim) a wrong share of key \(place)"
        case .falseComplaint(let accused): "accused operator \(accused) falsely"
        case .badConfirmation: "confirmed what does not fit the attempt"
        case .badPartial(let place): "signed wrongly with its share of key \(place)"
        }
    }
}

/// What an attempt makes of a message.
package enum OperatorMessageReception: Hashable, Sendable {
    /// It is new and counts.
    case fresh
    /// It is known.
    case known
    /// It is of another attempt, of somebody who takes no part, or not signed by whom it names.
    case foreign
}
