package import Primitives

/// The first message in each direction between an oracle and an operator.
package struct OperationHello: SSZContainer {
    /// Name and version of the sender's program in UTF-8, for people only.
    package var software: ByteList<64>
    /// The protocol version of what is said on the link.
    package var protocolVersion: UInt16
    /// The epoch of the newest committee that the sender knows.
    package var epoch: Epoch
    /// That committee's ``Committee/configDigest``.
    package var configDigest: Digest

    /// Joins the fields.
    package init(software: ByteList<64>, protocolVersion: UInt16, epoch: Epoch, configDigest: Digest) {
        self.software = software
        self.protocolVersion = protocolVersion
        self.epoch = epoch
        self.configDigest = configDigest
    }

    package static let fields = [
        SSZField("software", ByteList<64>.self),
        SSZField("protocol_version", UInt16.self),
        SSZField("epoch", Epoch.self),
        SSZField("config_digest", Digest.self),
    ]

    package func visit(_ visitor: inout SSZFieldVisitor) {
        visitor.field(software)
        visitor.field(protocolVersion)
        visitor.field(epoch)
        visitor.field(configDigest)
    }

    package init(fields reader: inout SSZFieldReader) throws(SSZError) {
        software = try reader.field()
        protocolVersion = try reader.field()
        epoch = try reader.field()
        configDigest = try reader.field()
    }
}
