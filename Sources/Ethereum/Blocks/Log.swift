package import Primitives

/// What a contract has put on record.
package struct Log: Hashable, Sendable {
    /// The contract.
    package var address: Address
    /// The event's signature and its indexed parameters.
    package var topics: [Digest]
    /// The other parameters.
    package var data: [UInt8]
    /// The block it is in.
    package var block: BlockReference
    /// The transaction that caused it.
    package var transaction: Digest
    /// Its position among the block's logs.
    package var index: UInt64

    /// A log.
    package init(
        address: Address,
        topics: [Digest],
        data: [UInt8],
        block: BlockReference,
        transaction: Digest,
        index: UInt64
    ) {
        self.address = address
        self.topics = topics
        self.data = data
        self.block = block
        self.transaction = transaction
        self.index = index
    }
}

extension Log {
    /// How long ``data`` may be: 128 members with all their approvals take a third of it.
    package static let maxData = 262_144

    /// Reads a log of a mined block as `eth_getLogs` and receipts give it.
    package init(json: JSON, at path: String) throws(ShapeError) {
        func field(_ name: String) throws(ShapeError) -> JSON { try json.member(name, of: path) }
        address = try field("address").fixed(path + ".address")
        var topics: [Digest] = []
        for topic in try field("topics").elements(path + ".topics", atMost: 4) {
            topics.append(try topic.fixed(path + ".topics"))
        }
        self.topics = topics
        data = try field("data").data(path + ".data", atMost: Self.maxData)
        block = BlockReference(
            number: try field("blockNumber").quantity(path + ".blockNumber"),
            hash: try field("blockHash").fixed(path + ".blockHash")
        )
        transaction = try field("transactionHash").fixed(path + ".transactionHash")
        index = try field("logIndex").quantity(path + ".logIndex")
    }

    /// Reads a list of at most `limit` logs.
    package static func list(json: JSON, atMost limit: Int) throws(ShapeError) -> [Log] {
        var logs: [Log] = []
        for (index, element) in try json.elements("logs", atMost: limit).enumerated() {
            logs.append(try Log(json: element, at: "logs[\(index)]"))
        }
        return logs
    }
}
