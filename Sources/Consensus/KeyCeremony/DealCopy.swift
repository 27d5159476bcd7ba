package import Cryptography
package import Primitives

/// The body of a log entry of topic ``LogTopic/dealCopy``: a deal of the registered key whose dealer has forked its
/// log, for who has not read it there and never will.
///
/// It rests on no word of anybody: the key's transcript names the digest of every deal, so who knows the transcript
/// from the chain sees by the copy alone that this deal, and no other of that dealer, is part of the key.
package struct DealCopy: SSZContainer {
    /// The attempt that made the key; its proposal may stand in a forked log too.
    package var plan: AttemptPlan
    /// What the key's transcript is the digest of.
    package var transcript: KeyTranscript
    /// The deal.
    package var deal: Deal

    /// Joins the parts; nothing is checked.
    package init(plan: AttemptPlan, transcript: KeyTranscript, deal: Deal) {
        self.plan = plan
        self.transcript = transcript
        self.deal = deal
    }

    /// Whose deal of the transcript it is, as far as the copy agrees with itself; else `nil`.
    ///
    /// That the plan is that of the session is left to who can compute it.
    func dealer(in committee: Committee) -> MemberIndex? {
        guard
            plan.isSound(for: committee), transcript.deals.count == plan.dealers.count,
            transcript.session == deal.session,
            let place = transcript.deals.elements.firstIndex(of: deal.digest)
        else { return nil }
        return plan.dealers[place]
    }

    package static let fields = [
        SSZField("plan", AttemptPlan.self),
        SSZField("transcript", KeyTranscript.self),
        SSZField("deal", Deal.self),
    ]

    package func visit(_ visitor: inout SSZFieldVisitor) {
        visitor.field(plan)
        visitor.field(transcript)
        visitor.field(deal)
    }

    package init(fields reader: inout SSZFieldReader) throws(SSZError) {
        plan = try reader.field()
        transcript = try reader.field()
        deal = try reader.field()
    }
}
