package import Primitives

extension ViewCertificate {
    /// Checks every rule, the dear signatures last and only those not known already.
    ///
    /// - Parameters:
    ///   - committee: the committee of the epoch.
    ///   - domains: the signing domains of the deployment.
    ///   - authenticator: verifies the identities' signatures.
    ///   - isKnown: whether exactly this object was found validly signed before.
    /// - Throws: ``ViewCertificateError``, which names the wish at fault. To blame is whoever handed the
    ///   certificate over, not the author named: an honest author's words may have been altered.
    /// - Complexity: at most one signature check per wish.
    package func verify(
        in committee: Committee,
        domains: SigningDomains,
        with authenticator: some Authenticator,
        knowing isKnown: (SignedObject) -> Bool = { _ in false }
    ) throws(ViewCertificateError) {
        try checkForm(in: committee)
        for signed in wishes where !isKnown(signed) {
            let author = signed.object.author
            guard let member = committee[author],
                authenticator.isValid(signed, in: domains, by: member.identity)
            else { throw .signature(of: author) }
        }
    }

    /// Everything but the signatures.
    private func checkForm(in committee: Committee) throws(ViewCertificateError) {
        guard epoch == committee.epoch else { throw .epoch(is: epoch, shouldBe: committee.epoch) }
        guard wishes.count >= committee.quorum else {
            throw .tooFew(wishes.count, quorum: committee.quorum)
        }
        var contents: [Wish] = []
        var last: MemberIndex?
        for signed in wishes {
            let author = signed.object.author
            guard committee[author] != nil else { throw .stranger(author) }
            guard last.map({ $0 < author }) ?? true else { throw .order(author) }
            last = author
            contents.append(try wish(in: signed, from: contents.first?.from))
        }
        guard WishBinding.holds(contents) else { throw .unbound }
    }

    /// The wish that an object holds, if it speaks for this certificate's view.
    private func wish(in signed: SignedObject, from: View?) throws(ViewCertificateError) -> Wish {
        let author = signed.object.author
        guard signed.object.kind == .wish, signed.object.epoch == epoch,
            let wish = try? Wish(ssz: signed.object.payload.bytes)
        else { throw .noWish(of: author) }
        guard wish.from == from ?? wish.from else { throw .origins(author) }
        guard wish.from < view, view <= wish.to else { throw .target(of: author) }
        return wish
    }
}

/// Why a view certificate does not count.
package enum ViewCertificateError: Error, Hashable, Sendable, CustomStringConvertible {
    /// It is of another epoch than the committee's.
    case epoch(is: Epoch, shouldBe: Epoch)
    /// It holds fewer wishes than a quorum.
    case tooFew(Int, quorum: Int)
    /// A wish comes from somebody who is no member.
    case stranger(MemberIndex)
    /// A wish stands twice or out of its author's place.
    case order(MemberIndex)
    /// An object is no wish of the epoch, or its payload does not decode.
    case noWish(of: MemberIndex)
    /// A wish leads from another view than the wishes before it.
    case origins(MemberIndex)
    /// A wish does not lead from below the view to it or beyond it.
    case target(of: MemberIndex)
    /// The soft wishes were given at different times.
    case unbound
    /// The signature under a wish is not its author's.
    case signature(of: MemberIndex)

    package var description: String {
        switch self {
        case .epoch(let epoch, let expected):
            "the certificate is of epoch \(epoch), the committee of epoch \(expected)"
        case .tooFew(let count, let quorum):
            "\(count) wishes are no quorum of \(quorum)"
        case .stranger(let author):
            "\(author) is no member of the committee"
        case .order(let author):
            "the wish of member \(author) stands twice or out of order"
        case .noWish(let author):
            "the object of member \(author) is no wish of the epoch"
        case .origins(let author):
            "the wish of member \(author) leads from another view than those before it"
        case .target(let author):
            "the wish of member \(author) does not lead to the certificate's view"
        case .unbound:
            "the soft wishes were given at different times and do not count together"
        case .signature(let author):
            "the wish that is said to be member \(author)'s was not signed by it"
        }
    }
}
