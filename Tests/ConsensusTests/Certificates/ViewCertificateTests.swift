import Consensus
import Primitives
import Testing

/// Every rule that makes a view certificate count, each broken alone.
@Suite struct ViewCertificateTests {
    private static let committee = SimCommittee.make(size: 4)
    private static let seen = Order(incarnation: 3, sequence: 100)

    private static func wish(
        _ author: Int,
        from: UInt64 = 5,
        to: UInt64 = 7,
        _ reason: WishReason = .silence,
        seen: Order = seen,
        epoch: Epoch = Epoch(1),
        kind: ObjectKind = .wish
    ) -> SignedObject {
        let wish =
            to > from
            ? Wish(from: View(from), to: View(to), reason: reason, leaderSeen: seen)
            : Wish(withdrawingIn: View(from), leaderSeen: seen)
        let object = Object(
            epoch: epoch,
            author: MemberIndex(author),
            kind: kind,
            order: Order(incarnation: 1, sequence: 1),
            payload: ByteList(wish.sszBytes)!
        )
        let identity = committee[MemberIndex(author)]?.identity ?? Identity()
        let root = SigningRoot(of: object, in: SimCommittee.domains)
        return SignedObject(object: object, signature: SimAuthenticator(identity: identity).sign(root))
    }

    private static func certificate(_ wishes: [SignedObject], view: UInt64 = 7) -> ViewCertificate {
        ViewCertificate(epoch: Epoch(1), view: View(view), wishes: SSZList(wishes)!)
    }

    private func verdict(
        _ certificate: ViewCertificate,
        knowing isKnown: (SignedObject) -> Bool = { _ in false }
    ) -> ViewCertificateError? {
        do throws(ViewCertificateError) {
            try certificate.verify(
                in: Self.committee,
                domains: SimCommittee.domains,
                with: SimAuthenticator(identity: Identity()),
                knowing: isKnown
            )
            return nil
        } catch { return error }
    }

    @Test func `q good wishes convince, for every view up to the least they ask for`() throws {
        let wishes = [Self.wish(1), Self.wish(3, to: 9), Self.wish(4, to: 8)]
        for view in UInt64(6)...7 { #expect(verdict(Self.certificate(wishes, view: view)) == nil) }
        let certificate = Self.certificate(wishes)
        #expect(try ViewCertificate(ssz: certificate.sszBytes) == certificate)
    }

    @Test func `a certificate of another epoch does not count`() {
        var certificate = Self.certificate([Self.wish(1), Self.wish(2), Self.wish(3)])
        certificate.epoch = Epoch(2)
        #expect(verdict(certificate) == .epoch(is: Epoch(2), shouldBe: Epoch(1)))
    }

    @Test func `fewer than q do not count, nor one twice, nor a stranger`() {
        let (one, two, three) = (Self.wish(1), Self.wish(2), Self.wish(3))
        #expect(verdict(Self.certificate([one, two])) == .tooFew(2, quorum: 3))
        #expect(verdict(Self.certificate([one, two, two])) == .order(MemberIndex(2)))
        #expect(verdict(Self.certificate([one, three, two])) == .order(MemberIndex(2)))
        #expect(verdict(Self.certificate([one, two, Self.wish(5)])) == .stranger(MemberIndex(5)))
        #expect(verdict(Self.certificate([Self.wish(0), one, two])) == .stranger(MemberIndex(0)))
    }

    @Test func `objects that are no wishes of the epoch do not count`() {
        let others = [Self.wish(1), Self.wish(2)]
        let foreign = Self.wish(3, epoch: Epoch(2))
        #expect(verdict(Self.certificate(others + [foreign])) == .noWish(of: MemberIndex(3)))
        let report = Self.wish(3, kind: .linkLost)
        #expect(verdict(Self.certificate(others + [report])) == .noWish(of: MemberIndex(3)))
        var broken = Self.wish(3)
        broken.object.payload = ByteList([1, 2, 3])!
        #expect(verdict(Self.certificate(others + [broken])) == .noWish(of: MemberIndex(3)))
    }

    @Test func `wishes that lead from different views, or not to the view, do not count`() {
        let others = [Self.wish(1), Self.wish(2)]
        let elsewhere = Self.wish(3, from: 4)
        #expect(verdict(Self.certificate(others + [elsewhere])) == .origins(MemberIndex(3)))
        let short = Self.wish(3, to: 6)
        #expect(verdict(Self.certificate(others + [short])) == .target(of: MemberIndex(3)))
        let withdrawn = Self.wish(3, to: 5)
        #expect(verdict(Self.certificate(others + [withdrawn])) == .target(of: MemberIndex(3)))
        let same = Self.certificate([Self.wish(1), Self.wish(2), Self.wish(3)], view: 5)
        #expect(verdict(same) == .target(of: MemberIndex(1)))
    }

    @Test func `soft wishes count within sixteen heartbeats of one incarnation, hard ones always`() {
        func check(_ seen: [Order], _ reasons: [WishReason]) -> ViewCertificateError? {
            let wishes = (0..<3).map { Self.wish($0 + 1, reasons[$0], seen: seen[$0]) }
            return verdict(Self.certificate(wishes))
        }
        func order(_ sequence: UInt64, _ incarnation: UInt64 = 3) -> Order {
            Order(incarnation: incarnation, sequence: sequence)
        }
        let soft: [WishReason] = [.silence, .linkLost, .joined]
        #expect(check([order(100), order(116), order(108)], soft) == nil)
        #expect(check([order(100), order(117), order(108)], soft) == .unbound)
        #expect(check([order(100), order(101, 4), order(100)], soft) == .unbound)
        #expect(check([order(100), order(900), order(108)], [.silence, .duty, .joined]) == nil)
        #expect(check([order(1), order(900, 9), .zero], [.joinedHard, .evidence, .noQuorum]) == nil)
    }

    @Test func `every wish must be signed by its author`() {
        for broken in 0..<3 {
            var wishes = [Self.wish(1), Self.wish(2), Self.wish(3)]
            wishes[broken].signature[5] ^= 1
            #expect(verdict(Self.certificate(wishes)) == .signature(of: MemberIndex(broken + 1)))
        }
    }

    @Test func `wishes known to be signed are not checked again, all others are`() {
        var wishes = [Self.wish(1), Self.wish(2), Self.wish(3)]
        let known = Set(wishes)
        #expect(verdict(Self.certificate(wishes)) { known.contains($0) } == nil)
        wishes[1].signature[0] ^= 1
        #expect(verdict(Self.certificate(wishes)) { known.contains($0) } == .signature(of: MemberIndex(2)))
    }
}
