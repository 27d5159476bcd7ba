package import Cryptography
package import Primitives

/// The body of a log entry of topic ``LogTopic/complaint``: a complaint, and the very deal that it is about.
///
/// The deal's digest protects the accuser. Without it a dealer that made two deals could have the complaint about one
/// judged by the other, where it looks false.
package struct Grievance: SSZContainer {
    /// ``Deal/digest`` of the deal with the bad share.
    package var deal: Digest
    /// The complaint, which opens that one share to everyone.
    package var complaint: Complaint

    /// A complaint about a deal.
    package init(deal: Digest, complaint: Complaint) {
        self.deal = deal
        self.complaint = complaint
    }

    package static let fields = [
        SSZField("deal", Digest.self),
        SSZField("complaint", Complaint.self),
    ]

    package func visit(_ visitor: inout SSZFieldVisitor) {
        visitor.field(deal)
        visitor.field(complaint)
    }

    package init(fields reader: inout SSZFieldReader) throws(SSZError) {
        deal = try reader.field()
        complaint = try reader.field()
    }
}
