package import Primitives

/// All that a node must not forget about its view: what it has said before a crash still stands after it.
package struct ViewRecord: SSZContainer {
    /// The epoch of the views.
    package var epoch: Epoch
    /// The view the node is in.
    package var view: View
    /// The least view it wished for; equal to ``view`` when no wish stands.
    package var wishedView: View
    /// Why it wished.
    package var reason: WishReason
    /// The certificate by which it entered ``view``, if it has one.
    package var viewCertificate: SSZList<ViewCertificate, 1>
    /// The highest election certificate it holds.
    package var electionCertificate: SSZList<ElectionCertificate, 1>

    /// The record of a node that has just come to `view`.
    package init(epoch: Epoch, view: View) {
        self.epoch = epoch
        self.view = view
        wishedView = view
        reason = .none
        viewCertificate = SSZList()
        electionCertificate = SSZList()
    }

    package static let fields = [
        SSZField("epoch", Epoch.self),
        SSZField("view", View.self),
        SSZField("wished_view", View.self),
        SSZField("reason", WishReason.self),
        SSZField("view_certificate", SSZList<ViewCertificate, 1>.self),
        SSZField("election_certificate", SSZList<ElectionCertificate, 1>.self),
    ]

    package func visit(_ visitor: inout SSZFieldVisitor) {
        visitor.field(epoch)
        visitor.field(view)
        visitor.field(wishedView)
        visitor.field(reason)
        visitor.field(viewCertificate)
        visitor.field(electionCertificate)
    }

    package init(fields reader: inout SSZFieldReader) throws(SSZError) {
        epoch = try reader.field()
        view = try reader.field()
        wishedView = try reader.field()
        reason = try reader.field()
        viewCertificate = try reader.field()
        electionCertificate = try reader.field()
        guard wishedView >= view, (wishedView == view) == (reason == .none) else {
            throw .value(of: Self.sszTypeName)
        }
    }
}
