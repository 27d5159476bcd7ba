package import Cryptography
package import Primitives

/// A signer's share of one session, with its commitment for the next.
///
/// ``request`` ties the share to the one request that it answers: with it a share that does not verify is a
/// proof against its signer, and a coordinator cannot lay another request beside an honest share.
package struct SignShare: SSZContainer {
    /// The view of the request.
    package var view: View
    /// The statement of the request.
    package var statement: Digest
    /// The session of the request.
    package var session: UInt16
    /// The hash-tree-root of the ``SignRequest`` that is answered.
    package var request: Digest
    /// The signature share, a scalar, most significant byte first.
    package var share: Scalar
    /// The commitment of the nonce pair for the signer's next session.
    package var next: NonceCommitment

    /// An answer to a request.
    package init(to request: SignRequest, share: Scalar, next: NonceCommitment) {
        view = request.view
        statement = request.statement
        session = request.session
        self.request = request.hashTreeRoot()
        self.share = share
        self.next = next
    }

    package static let fields = [
        SSZField("view", View.self),
        SSZField("statement", Digest.self),
        SSZField("session", UInt16.self),
        SSZField("request", Digest.self),
        SSZField("share", Scalar.self),
        SSZField("next", NonceCommitment.self),
    ]

    package func visit(_ visitor: inout SSZFieldVisitor) {
        visitor.field(view)
        visitor.field(statement)
        visitor.field(session)
        visitor.field(request)
        visitor.field(share)
        visitor.field(next)
    }

    package init(fields reader: inout SSZFieldReader) throws(SSZError) {
        view = try reader.field()
        statement = try reader.field()
        session = try reader.field()
        request = try reader.field()
        share = try reader.field()
        next = try reader.field()
    }
}
