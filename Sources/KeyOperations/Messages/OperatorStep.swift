package import Primitives

/// The words of an operator in an attempt, in the order in which they are said.
package enum OperatorStep: UInt8, CaseIterable, Hashable, Sendable {
    /// ``Join``: takes part, and can be dealt to.
    case join = 1
    /// ``Deals``: gives everybody a share of each key.
    case deal = 2
    /// ``Complaints``: shows that dealers gave it bad shares.
    case complain = 3
    /// ``Confirmation``: has good shares, and has signed in part what each key is to sign.
    case confirm = 4
    /// ``ExitShare``: has signed an exit in part.
    case exit = 5
}

/// One word of an operator, read.
package enum OperatorWord: Hashable, Sendable {
    /// It takes part.
    case join(Join)
    /// It deals.
    case deal(Deals)
    /// It complains.
    case complain(Complaints)
    /// It confirms.
    case confirm(Confirmation)
    /// It signs an exit.
    case exit(ExitShare)

    /// Reads a message's body.
    ///
    /// - Throws: ``SSZError``, also for a step that is none.
    package init(_ message: OperatorMessage) throws(SSZError) {
        let bytes = message.body.bytes
        switch OperatorStep(rawValue: message.step) {
        case .join: self = .join(try Join(ssz: bytes))
        case .deal: self = .deal(try Deals(ssz: bytes))
        case .complain: self = .complain(try Complaints(ssz: bytes))
        case .confirm: self = .confirm(try Confirmation(ssz: bytes))
        case .exit: self = .exit(try ExitShare(ssz: bytes))
        case nil: throw .value(of: "OperatorMessage.step")
        }
    }

    /// Which it is.
    package var step: OperatorStep {
        switch self {
        case .join: .join
        case .deal: .deal
        case .complain: .complain
        case .confirm: .confirm
        case .exit: .exit
        }
    }

    /// The message that says it; `nil` when it has more bytes than a message may.
    package func message(in attempt: Digest, by author: OperatorID) -> OperatorMessage? {
        let bytes =
            switch self {
            case .join(let word): word.sszBytes
            case .deal(let word): word.sszBytes
            case .complain(let word): word.sszBytes
            case .confirm(let word): word.sszBytes
            case .exit(let word): word.sszBytes
            }
        guard let body = ByteList<32_512>(bytes) else { return nil }
        return OperatorMessage(attempt: attempt, author: author.rawValue, step: step.rawValue, body: body)
    }
}
