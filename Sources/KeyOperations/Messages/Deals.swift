package import BLS12381
package import Primitives

/// An operator's deals, one for each key of the attempt.
///
/// With 13 operators and 20 keys these are 21 KiB.
package struct Deals: SSZContainer {
    /// The deals, in the order of the plan's places.
    package var deals: SSZList<G1Deal, 20>

    /// Deals these.
    package init(_ deals: SSZList<G1Deal, 20>) {
        self.deals = deals
    }

    package static let fields = [SSZField("deals", SSZList<G1Deal, 20>.self)]

    package func visit(_ visitor: inout SSZFieldVisitor) {
        visitor.field(deals)
    }

    package init(fields reader: inout SSZFieldReader) throws(SSZError) {
        deals = try reader.field()
    }
}

/// An operator's complaints about dealers that gave it bad shares.
package struct Complaints: SSZContainer {
    /// A complaint about the deal for one key.
    package struct Item: SSZContainer {
        /// Which deal of the dealer, from 0.
        package var place: UInt16
        /// The digest of the deal, ``Cryptography/SharingDeal/digest``: against another one that a dealer has signed as
        /// well, a just complaint would look false.
        package var deal: Digest
        /// The complaint.
        package var complaint: G1Complaint

        /// Joins the three; nothing is checked.
        package init(place: UInt16, deal: Digest, complaint: G1Complaint) {
            self.place = place
            self.deal = deal
            self.complaint = complaint
        }

        package static var sszTypeName: String { "ComplaintAtPlace" }

        package static let fields = [
            SSZField("place", UInt16.self),
            SSZField("deal", Digest.self),
            SSZField("complaint", G1Complaint.self),
        ]

        package func visit(_ visitor: inout SSZFieldVisitor) {
            visitor.field(place)
            visitor.field(deal)
            visitor.field(complaint)
        }

        package init(fields reader: inout SSZFieldReader) throws(SSZError) {
            place = try reader.field()
            deal = try reader.field()
            complaint = try reader.field()
        }
    }

    /// One complaint about each dealer at fault is enough.
    package var items: SSZList<Item, 13>

    /// Complains of these.
    package init(_ items: SSZList<Item, 13>) {
        self.items = items
    }

    package static let fields = [SSZField("items", SSZList<Item, 13>.self)]

    package func visit(_ visitor: inout SSZFieldVisitor) {
        visitor.field(items)
    }

    package init(fields reader: inout SSZFieldReader) throws(SSZError) {
        items = try reader.field()
    }
}
