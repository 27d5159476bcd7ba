internal import Cryptography
package import Primitives

/// The number and hash by which a block is meant, whatever the chain does later.
package struct BlockReference: Hashable, Sendable, CustomStringConvertible {
    /// How many blocks precede it.
    package var number: UInt64
    /// The hash of its header.
    package var hash: Digest

    /// A block of that number and hash.
    package init(number: UInt64, hash: Digest) {
        self.number = number
        self.hash = hash
    }

    package var description: String { "\(number) \(hash)" }
}

/// A block's header, whose hash was computed and found to be the one it was given under.
package struct BlockHeader: Hashable, Sendable {
    /// The greatest number that a block can have; far beyond any chain, and far below where counting on overflows.
    package static let greatestNumber: UInt64 = 1 << 48

    /// The block's number and hash.
    package let reference: BlockReference
    /// The hash of the block before it.
    package let parentHash: Digest
    /// When the block was made, in seconds since 1970-01-01 UTC.
    package let timestamp: UInt64
    /// What each gas cost in it, in wei; 0 before London.
    package let baseFee: UInt256
    /// How much gas its transactions used.
    package let gasUsed: UInt64
    /// How much gas its transactions might have used.
    package let gasLimit: UInt64
    /// The addresses and topics of its logs.
    package let bloom: Bloom

    /// The block's number.
    package var number: UInt64 { reference.number }
    /// The hash of the header.
    package var hash: Digest { reference.hash }

    /// A header whose hash the caller has made sure of.
    package init(
        reference: BlockReference,
        parentHash: Digest,
        timestamp: UInt64,
        baseFee: UInt256,
        gasUsed: UInt64,
        gasLimit: UInt64,
        bloom: Bloom
    ) {
        self.reference = reference
        self.parentHash = parentHash
        self.timestamp = timestamp
        self.baseFee = baseFee
        self.gasUsed = gasUsed
        self.gasLimit = gasLimit
        self.bloom = bloom
    }

    /// What the next block's gas will cost, in wei (EIP-1559).
    ///
    /// The elasticity is 2, so that the fee rises above half of the gas limit; it changes by an eighth at most.
    package var nextBaseFee: UInt256 {
        let target = gasLimit / 2
        guard target > 0, gasUsed != target else { return baseFee }
        if gasUsed > target {
            let rise = (baseFee * (gasUsed - target)) / target / 8
            return baseFee + max(rise, 1)
        }
        let fall = (baseFee * (target - gasUsed)) / target / 8
        return baseFee.subtracting(fall) ?? 0
    }
}

extension BlockHeader {
    /// Reads a block as `eth_getBlockByNumber` gives it, and computes its hash.
    ///
    /// Fields of every fork up to Osaka are known. A header with fields of a later fork does not hash to its
    /// hash and is refused: this node must be updated before such a fork.
    package init(json: JSON) throws(ShapeError) {
        func field(_ name: String) throws(ShapeError) -> JSON { try json.member(name, of: "block") }
        let hash: Digest = try field("hash").fixed("block.hash")
        let number = try field("number").quantity("block.number")
        guard number <= Self.greatestNumber else {
            throw ShapeError("block.number", expected: "a block's number", found: json["number"])
        }
        parentHash = try field("parentHash").fixed("block.parentHash")
        timestamp = try field("timestamp").quantity("block.timestamp")
        baseFee = try json.optionalMember("baseFeePerGas")?.wideQuantity("block.baseFeePerGas") ?? 0
        gasUsed = try field("gasUsed").quantity("block.gasUsed")
        gasLimit = try field("gasLimit").quantity("block.gasLimit")
        bloom = Bloom(try field("logsBloom").fixed("block.logsBloom"))
        reference = BlockReference(number: number, hash: hash)
        var items: [RLP] = [
            .bytes(parentHash.array),
            .bytes(try Self.digest(json, "sha3Uncles")),
            .bytes((try field("miner").fixed("block.miner") as Address).array),
            .bytes(try Self.digest(json, "stateRoot")),
            .bytes(try Self.digest(json, "transactionsRoot")),
            .bytes(try Self.digest(json, "receiptsRoot")),
            .bytes(bloom.bytes.array),
            .number(try field("difficulty").wideQuantity("block.difficulty")),
            .number(number),
            .number(gasLimit),
            .number(gasUsed),
            .number(timestamp),
            .bytes(try field("extraData").data("block.extraData", atMost: 1_024)),
            .bytes(try Self.digest(json, "mixHash")),
            .bytes(try field("nonce").data("block.nonce", atMost: 8)),
        ]
        items += try Self.laterFields(json)
        let computed = Keccak256.hash(RLP.list(items).encoded)
        guard computed == hash else {
            throw ShapeError("block.hash", expected: "\(computed), the header's", found: json["hash"])
        }
    }

    /// What forks from London on have appended; a field is there only if all before it are.
    private static func laterFields(_ json: JSON) throws(ShapeError) -> [RLP] {
        var items: [RLP] = []
        guard let baseFee = json.optionalMember("baseFeePerGas") else { return items }
        items.append(.number(try baseFee.wideQuantity("block.baseFeePerGas")))
        guard json.optionalMember("withdrawalsRoot") != nil else { return items }
        items.append(.bytes(try digest(json, "withdrawalsRoot")))
        guard let blobGasUsed = json.optionalMember("blobGasUsed") else { return items }
        items.append(.number(try blobGasUsed.quantity("block.blobGasUsed")))
        items.append(.number(try json.member("excessBlobGas", of: "block").quantity("block.excessBlobGas")))
        items.append(.bytes(try digest(json, "parentBeaconBlockRoot")))
        guard json.optionalMember("requestsHash") != nil else { return items }
        items.append(.bytes(try digest(json, "requestsHash")))
        return items
    }

    private static func digest(_ json: JSON, _ name: String) throws(ShapeError) -> [UInt8] {
        (try json.member(name, of: "block").fixed("block." + name) as Digest).array
    }
}
