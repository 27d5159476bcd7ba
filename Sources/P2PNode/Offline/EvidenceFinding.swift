package import Consensus
internal import Cryptography
package import Primitives

/// What a proof convicts a member of, for people and for programs.
///
/// Field names are part of the interface for programs. Byte strings are in hexadecimal with `0x`, but for the id.
package struct EvidenceFinding: Codable, Hashable, Sendable {
    /// What tells the proof from others: 16 hexadecimal digits.
    package var id: String
    /// The epoch in whose committee the member has its position.
    package var epoch: UInt64
    /// Its position, from 1.
    package var member: Int
    /// Its account.
    package var account: String
    /// Its Ed25519 identity.
    package var identity: String
    /// What it is convicted of: the name of a ``Crime``.
    package var crime: String
    /// What it did, and where in its own counting, as the rest of a sentence that begins with the member.
    package var deed: String

    /// The finding of a proof that convicts; `nil` when the committee has no such member.
    package init?(_ conviction: Conviction, _ evidence: Evidence, in committee: Committee) {
        guard let culprit = committee[conviction.member] else { return nil }
        id = Self.id(of: evidence)
        epoch = conviction.epoch.rawValue
        member = Int(conviction.member.rawValue)
        account = culprit.account.checksummed
        identity = "\(culprit.identity)"
        crime = "\(conviction.crime)"
        deed = Deed(evidence, conviction.crime, committee).words
    }

    /// The id of a proof: the first digits of its digest.
    package static func id(of evidence: Evidence) -> String {
        String(evidence.digest.hex.prefix(idLength))
    }

    /// Whether a text has the form of an id.
    package static func isID(_ text: String) -> Bool {
        text.utf8.count == idLength && text.utf8.allSatisfy { "0123456789abcdef".utf8.contains($0) }
    }

    private static let idLength = 16
}

/// What a member did, in words.
private struct Deed {
    let words: String

    init(_ evidence: Evidence, _ crime: Crime, _ committee: Committee) {
        words =
            switch evidence {
            case .twoObjects(let proof): Self.words(proof.first.summary)
            case .brokenLog(let proof):
                """
                signed an entry for place \(proof.successor.object.order.sequence) of its log that does not follow the \
                entry it signed for the place before
                """
            case .twoVotes(let proof):
                """
                gave its share of the group's signature to two leaders of view \(proof.view): \
                \(Self.name(proof.firstLeader, committee)) and \(Self.name(proof.secondLeader, committee))
                """
            case .badShare(let proof):
                """
                answered the request of session \(proof.request.session) for the group's signature in view \
                \(proof.request.view) with a share that does not verify
                """
            case .badDeal(let proof):
                """
                put a deal of the group key into place \(proof.deal.object.order.sequence) of its log that everyone can \
                see to be invalid
                """
            case .twoDeals(let proof):
                "made two different deals for one attempt at the group key, \(Self.places(proof))"
            case .dispute(let proof): Self.words(proof, crime)
            case .twoConfirms(let proof):
                "confirmed two different outcomes of one attempt at the group key, \(Self.places(proof))"
            }
    }

    private static func words(_ summary: ObjectSummary) -> String {
        let place = "as number \(summary.order.sequence) since its start number \(summary.order.incarnation)"
        return switch summary.kind {
        case .heartbeat: "signed two different heartbeats \(place)"
        case .wish: "signed two different wishes for another view \(place)"
        case .linkLost: "signed two different reports of a lost link \(place)"
        case .logEntry: "signed two different entries for place \(summary.order.sequence) of its log"
        case .ready, .signRequest, .signShare: "signed two different statements \(place)"
        }
    }

    private static func words(_ proof: Dispute, _ crime: Crime) -> String {
        let (dealer, accuser) = (proof.deal.object.author, proof.complaint.object.author)
        return crime == .falseComplaint
            ? "accused member \(dealer) of a bad share in attempt \(proof.plan.attempt) at the group key, and the share is good"
            : """
            dealt member \(accuser) a share in attempt \(proof.plan.attempt) at the group key that does not match the \
            deal's own commitments
            """
    }

    private static func places(_ proof: TwoEntries) -> String {
        let places = [proof.first, proof.second].map(\.object.order.sequence)
        return "in places \(places[0]) and \(places[1]) of its log"
    }

    private static func name(_ account: Address, _ committee: Committee) -> String {
        let member = committee.indices.first { committee[$0]?.account == account }
        return member.map { "member \($0)" } ?? "account \(account.checksummed)"
    }
}
