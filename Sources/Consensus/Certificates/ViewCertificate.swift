package import Primitives

/// Proof that q members agreed to leave a view for this one or a higher: who holds it enters the view.
///
/// It carries the members' signed wishes, so it convinces anybody, for ever, whoever hands it over.
package struct ViewCertificate: SSZContainer {
    /// The epoch of the view.
    package var epoch: Epoch
    /// The view it leads into.
    package var view: View
    /// The wishes, by author in ascending order, at least q of them.
    package var wishes: SSZList<SignedObject, 128>

    /// Joins the parts; ``verify(in:domains:with:knowing:)`` checks them.
    package init(epoch: Epoch, view: View, wishes: SSZList<SignedObject, 128>) {
        self.epoch = epoch
        self.view = view
        self.wishes = wishes
    }

    package static let fields = [
        SSZField("epoch", Epoch.self),
        SSZField("view", View.self),
        SSZField("wishes", SSZList<SignedObject, 128>.self),
    ]

    package func visit(_ visitor: inout SSZFieldVisitor) {
        visitor.field(epoch)
        visitor.field(view)
        visitor.field(wishes)
    }

    package init(fields reader: inout SSZFieldReader) throws(SSZError) {
        epoch = try reader.field()
        view = try reader.field()
        wishes = try reader.field()
    }
}
