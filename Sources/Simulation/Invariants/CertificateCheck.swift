import Consensus
import Cryptography
import Primitives

/// `certificate-needs-q`: whoever enters a view by wishes holds those of a quorum, each honest one of which its
/// author has made durable; and no election is certified without the shares of enough honest members.
struct CertificateCheck {
    private struct Vote: Hashable {
        let member: MemberIndex
        let from: View
        let to: View
    }

    private let committee: Committee
    private let isHonest: [Bool]
    private let domain: StatementDomain
    /// How many shares must be those of honest members.
    private let honestShares: Int
    /// The wishes that honest members have given to their disks.
    private var wishes: Set<Vote> = []
    /// The honest members that have signed a statement.
    private var signers: [Digest: Set<MemberIndex>] = [:]
    private var certified: Set<View> = []
    private var isLastNew = false

    init(committee: Committee, honest: [Bool], domain: StatementDomain) {
        self.committee = committee
        isHonest = honest
        self.domain = domain
        honestShares = committee.quorum - honest.count { !$0 }
    }

    mutating func persists(_ record: ViewRecord, _ member: MemberIndex) -> String? {
        if record.wishedView > record.view {
            wishes.insert(Vote(member: member, from: record.view, to: record.wishedView))
        }
        guard let certificate = record.viewCertificate.first, certificate.view == record.view else {
            return nil
        }
        var authors: Set<MemberIndex> = []
        for signed in certificate.wishes {
            let author = signed.object.author
            guard committee[author] != nil, let wish = try? Wish(ssz: signed.object.payload.bytes) else {
                return "holds a certificate of view \(record.view) with what is no wish"
            }
            guard wish.to >= certificate.view, wish.from < certificate.view else { continue }
            if isHonest[author.offset], !wishes.contains(Vote(member: author, from: wish.from, to: wish.to)) {
                return "holds a wish of \(author) for view \(wish.to) that \(author) never had"
            }
            authors.insert(author)
        }
        guard authors.count >= committee.quorum else {
            return "enters view \(record.view) by \(authors.count) wishes of \(committee.quorum)"
        }
        return nil
    }

    /// How many honest members have ever asked to leave a view.
    func wishers(leaving view: View) -> Int {
        Set(wishes.filter { $0.from == view }.map(\.member)).count
    }

    mutating func signs(_ order: ShareOrder, _ member: MemberIndex) {
        signers[order.context.statement.digest, default: []].insert(member)
    }

    mutating func certified(_ certificate: ElectionCertificate) -> String? {
        isLastNew = certified.insert(certificate.view).inserted
        let leader = committee[committee.leader(of: certificate.view)]?.account ?? Address()
        let statement = ElectionStatement(epoch: certificate.epoch, view: certificate.view, leader: leader)
        let count = signers[domain.digest(of: statement).digest]?.count ?? 0
        guard count >= honestShares else {
            return
                "holds a certificate of view \(certificate.view) with \(count) honest shares of \(honestShares)"
        }
        return nil
    }

    func isNew(_ view: View) -> Bool { isLastNew }
}
