package import Primitives

/// The first message in each direction: what the sender runs and how far it has come.
package struct Hello: SSZContainer {
    /// Name and version of the sender's program in UTF-8, for people only.
    package var software: ByteList<64>
    /// The protocol version of what is said on the link.
    package var protocolVersion: UInt16
    /// The epoch whose committee the sender acts for.
    package var epoch: Epoch
    /// That committee's ``Committee/configDigest``.
    package var configDigest: Digest
    /// The sender's view.
    package var view: View
    /// The sender's boot counter.
    package var incarnation: UInt64
    /// The view of the highest election certificate that the sender holds; 0 for none.
    package var electionView: View
    /// The root of the frontiers of the logs that the sender holds: equal roots have nothing to repair.
    package var frontierDigest: Digest

    /// Joins the fields.
    package init(
        software: ByteList<64>,
        protocolVersion: UInt16,
        epoch: Epoch,
        configDigest: Digest,
        view: View,
        incarnation: UInt64,
        electionView: View,
        frontierDigest: Digest
    ) {
        self.software = software
        self.protocolVersion = protocolVersion
        self.epoch = epoch
        self.configDigest = configDigest
        self.view = view
        self.incarnation = incarnation
        self.electionView = electionView
        self.frontierDigest = frontierDigest
    }

    package static let fields = [
        SSZField("software", ByteList<64>.self),
        SSZField("protocol_version", UInt16.self),
        SSZField("epoch", Epoch.self),
        SSZField("config_digest", Digest.self),
        SSZField("view", View.self),
        SSZField("incarnation", UInt64.self),
        SSZField("election_view", View.self),
        SSZField("frontier_digest", Digest.self),
    ]

    package func visit(_ visitor: inout SSZFieldVisitor) {
        visitor.field(software)
        visitor.field(protocolVersion)
        visitor.field(epoch)
        visitor.field(configDigest)
        visitor.field(view)
        visitor.field(incarnation)
        visitor.field(electionView)
        visitor.field(frontierDigest)
    }

    package init(fields reader: inout SSZFieldReader) throws(SSZError) {
        software = try reader.field()
        protocolVersion = try reader.field()
        epoch = try reader.field()
        configDigest = try reader.field()
        view = try reader.field()
        incarnation = try reader.field()
        electionView = try reader.field()
        frontierDigest = try reader.field()
    }
}
