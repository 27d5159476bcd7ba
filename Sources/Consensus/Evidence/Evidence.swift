package import Primitives

/// A proof that a member has broken the protocol, which convinces everyone without trust in whoever shows it.
///
/// Each kind rests on the accused's own signatures, and on something that an honest member never does, whatever
/// others do and whenever it crashes. Absence and slowness prove nothing and are no evidence.
package indirect enum Evidence: Hashable, Sendable {
    /// Two different registers of one kind, or log entries, in one place of the author's order.
    case twoObjects(TwoObjects)
    /// A log entry and one in the place after it that names another predecessor.
    case brokenLog(BrokenLog)
    /// Two shares for different elections of one view.
    case twoVotes(TwoVotes)
    /// A signature share that does not verify.
    case badShare(BadShare)
    /// A deal that everyone can see to be invalid.
    case badDeal(BadDeal)
    /// Two different deals of one dealer for one attempt.
    case twoDeals(TwoEntries)
    /// A complaint about a deal: one of the two is guilty.
    case dispute(Dispute)
    /// Two confirmations of one attempt with different outcomes.
    case twoConfirms(TwoEntries)

    /// The proof that two signed objects of one author make together, or `nil` when they make none.
    ///
    /// Two objects in one place, or log entries of which the second, one place further, does not follow the first.
    package init?(contradiction first: SignedObject, _ second: SignedObject) {
        if let proof = TwoObjects(first, second) {
            self = .twoObjects(proof)
        } else if let proof = BrokenLog(first, successor: second) {
            self = .brokenLog(proof)
        } else {
            return nil
        }
    }

    /// In whose logs a dispute stands; nobody for other proofs.
    var parties: [MemberIndex] {
        guard case .dispute(let dispute) = self else { return [] }
        return [dispute.deal.object.author, dispute.complaint.object.author]
    }

    /// Whether everyone finds the proof in the logs by itself, so that nobody has to publish it; a dispute only while
    /// neither party's log is forked.
    package var isInLogs: Bool {
        switch self {
        case .twoObjects, .brokenLog, .twoVotes, .badShare: false
        case .badDeal, .twoDeals, .dispute, .twoConfirms: true
        }
    }
}

/// What a member has been convicted of.
package enum Crime: UInt8, CaseIterable, Hashable, Sendable, Comparable {
    /// It signed two registers with one order.
    case twoRegisters = 1
    /// It signed two log entries with one position, or shows that it has.
    case forkedLog = 2
    /// It gave its share for two elections of one view.
    case twoVotes = 3
    /// It gave a signature share that does not verify.
    case badShare = 4
    /// It made a deal that is visibly invalid.
    case badDeal = 5
    /// It made two deals for one attempt.
    case twoDeals = 6
    /// It dealt a share that does not match its commitments.
    case badDealtShare = 7
    /// It complained about a good share.
    case falseComplaint = 8
    /// It confirmed two outcomes of one attempt.
    case twoConfirms = 9

    package static func < (left: Crime, right: Crime) -> Bool {
        left.rawValue < right.rawValue
    }
}

/// Who has been convicted of what.
package struct Conviction: Hashable, Sendable {
    /// The epoch in whose committee the member has its position.
    package let epoch: Epoch
    /// The guilty member.
    package let member: MemberIndex
    /// What it did.
    package let crime: Crime

    /// Joins the three.
    package init(epoch: Epoch, member: MemberIndex, crime: Crime) {
        self.epoch = epoch
        self.member = member
        self.crime = crime
    }
}

/// What became of a proof.
package enum EvidenceVerdict: Hashable, Sendable {
    /// It convicts.
    case guilty(Conviction)
    /// It proves nothing; no honest member passes such a thing on.
    case unfounded
    /// It is about another epoch, or about a group key that is not known here yet.
    case undecided
}
