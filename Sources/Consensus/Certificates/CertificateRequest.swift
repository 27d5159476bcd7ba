package import Primitives

/// Asks a peer for the certificates it holds of a view or of any above it.
///
/// Answered, at most once per peer and heartbeat interval, by the view certificate of the answerer's view and
/// its highest election certificate.
package struct CertificateRequest: SSZContainer {
    /// The epoch of the views.
    package var epoch: Epoch
    /// The least view that would help.
    package var view: View

    /// A request for what leads to `view` or beyond.
    package init(epoch: Epoch, view: View) {
        self.epoch = epoch
        self.view = view
    }

    package static let fields = [
        SSZField("epoch", Epoch.self),
        SSZField("view", View.self),
    ]

    package func visit(_ visitor: inout SSZFieldVisitor) {
        visitor.field(epoch)
        visitor.field(view)
    }

    package init(fields reader: inout SSZFieldReader) throws(SSZError) {
        epoch = try reader.field()
        view = try reader.field()
    }
}
