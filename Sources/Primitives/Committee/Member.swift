/// A member's public record, as the registry contract announces it.
package struct Member: SSZContainer {
    /// The account that pays for the member's transactions.
    package var account: Address
    /// The Ed25519 key that signs its words and proves itself on its links.
    package var identity: Identity
    /// The secp256k1 key to which dealers encrypt its shares; fresh for each epoch.
    package var encryptionKey: CompressedPoint
    /// Where it listens, as `host:port` in UTF-8.
    package var endpoint: ByteList<64>

    /// A record.
    ///
    /// Whether the keys are valid points is for ``Committee`` and its users to check.
    package init(
        account: Address,
        identity: Identity,
        encryptionKey: CompressedPoint,
        endpoint: ByteList<64>
    ) {
        self.account = account
        self.identity = identity
        self.encryptionKey = encryptionKey
        self.endpoint = endpoint
    }

    package static let fields = [
        SSZField("account", Address.self),
        SSZField("identity", Identity.self),
        SSZField("encryption_key", CompressedPoint.self),
        SSZField("endpoint", ByteList<64>.self),
    ]

    package func visit(_ visitor: inout SSZFieldVisitor) {
        visitor.field(account)
        visitor.field(identity)
        visitor.field(encryptionKey)
        visitor.field(endpoint)
    }

    package init(fields reader: inout SSZFieldReader) throws(SSZError) {
        account = try reader.field()
        identity = try reader.field()
        encryptionKey = try reader.field()
        endpoint = try reader.field()
    }
}

/// The members of one epoch in the order of the contract: what a ``Committee`` is made from.
package struct Roster: SSZContainer {
    /// The epoch whose committee this is.
    package var epoch: Epoch
    /// The members; the position, from 1, is the ``MemberIndex``.
    package var members: SSZList<Member, 128>

    /// A roster, not yet checked.
    package init(epoch: Epoch, members: SSZList<Member, 128>) {
        self.epoch = epoch
        self.members = members
    }

    package static let fields = [
        SSZField("epoch", Epoch.self),
        SSZField("members", SSZList<Member, 128>.self),
    ]

    package func visit(_ visitor: inout SSZFieldVisitor) {
        visitor.field(epoch)
        visitor.field(members)
    }

    package init(fields reader: inout SSZFieldReader) throws(SSZError) {
        epoch = try reader.field()
        members = try reader.field()
    }
}
