package import Primitives

/// The newest canonical headers in a row, each the parent of the next; the oldest fall out.
package struct HeaderRing: Hashable, Sendable {
    /// How many headers are kept.
    package let capacity: Int
    /// From the oldest to the newest, without gaps; never empty.
    package private(set) var links: [ChainLink]

    /// A ring that begins with one block.
    package init(_ link: ChainLink, capacity: Int) {
        precondition(capacity > 0)
        self.capacity = capacity
        links = [link]
    }

    /// The newest block.
    package var tip: ChainLink { links[links.count - 1] }
    /// The oldest block that is still known.
    package var oldest: ChainLink { links[0] }

    /// The canonical block of a number, or `nil` when it is above the tip or has fallen out.
    package subscript(number: UInt64) -> ChainLink? {
        guard number >= oldest.number, number <= tip.number else { return nil }
        return links[Int(number - oldest.number)]
    }

    /// Whether the block is canonical as far as the ring reaches.
    package func contains(_ block: BlockReference) -> Bool {
        self[block.number]?.hash == block.hash
    }

    /// Appends a child of the tip.
    package mutating func append(_ link: ChainLink) {
        precondition(link.parentHash == tip.hash && link.number == tip.number + 1, "a gap in the ring")
        links.append(link)
        if links.count > capacity { links.removeFirst(links.count - capacity) }
    }

    /// Takes out all blocks above a number, the newest first.
    ///
    /// The oldest block stays.
    package mutating func removeAll(above number: UInt64) -> [ChainLink] {
        let keep = links.prefix { $0.number <= number }.count
        let removed = links[max(keep, 1)...]
        links.removeLast(removed.count)
        return removed.reversed()
    }
}

/// What makes a block a link of its chain.
package struct ChainLink: Hashable, Sendable {
    /// The block.
    package var block: BlockReference
    /// The hash of the block before it.
    package var parentHash: Digest

    /// The block's number.
    package var number: UInt64 { block.number }
    /// The block's hash.
    package var hash: Digest { block.hash }

    /// A link.
    package init(block: BlockReference, parentHash: Digest) {
        self.block = block
        self.parentHash = parentHash
    }

    /// The link that a header makes.
    package init(_ header: BlockHeader) {
        self.init(block: header.reference, parentHash: header.parentHash)
    }
}
