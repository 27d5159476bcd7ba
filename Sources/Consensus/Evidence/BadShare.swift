package import Primitives

/// A signature share that does not verify for the request that it claims to answer.
///
/// The share names the request by its root, so the coordinator's signature is not needed and no other request can
/// be laid beside the share. An honest signer has checked the request's list, found its own commitment in it and
/// built the statement itself, so whatever the coordinator did, its share verifies.
package struct BadShare: SSZContainer {
    /// The hash of the statement that is signed, from which and the domain its digest follows.
    package var structHash: Digest
    /// The request.
    package var request: SignRequest
    /// The share: an object of kind ``ObjectKind/signShare``.
    package var share: SignedObject

    /// Joins the parts; nothing is checked.
    package init(structHash: Digest, request: SignRequest, share: SignedObject) {
        self.structHash = structHash
        self.request = request
        self.share = share
    }

    package static let fields = [
        SSZField("struct_hash", Digest.self),
        SSZField("request", SignRequest.self),
        SSZField("share", SignedObject.self),
    ]

    package func visit(_ visitor: inout SSZFieldVisitor) {
        visitor.field(structHash)
        visitor.field(request)
        visitor.field(share)
    }

    package init(fields reader: inout SSZFieldReader) throws(SSZError) {
        structHash = try reader.field()
        request = try reader.field()
        share = try reader.field()
    }
}
