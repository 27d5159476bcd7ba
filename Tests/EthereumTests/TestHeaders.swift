import Cryptography
import Ethereum
import Primitives

/// Headers of made-up blocks: equal branches and numbers give equal hashes.
enum TestHeaders {
    static func hash(_ branch: String, _ number: UInt64) -> Digest {
        Keccak256.hash(Array("\(branch) \(number)".utf8))
    }

    static func header(
        _ number: UInt64,
        branch: String = "main",
        parent: Digest? = nil,
        bloom: Bloom = Bloom(),
        baseFee: UInt256 = 1_000_000_000
    ) -> BlockHeader {
        BlockHeader(
            reference: BlockReference(number: number, hash: hash(branch, number)),
            parentHash: parent ?? hash(branch, number &- 1),
            timestamp: 1_700_000_000 &+ 12 &* number,
            baseFee: baseFee,
            gasUsed: 15_000_000,
            gasLimit: 30_000_000,
            bloom: bloom
        )
    }

    /// The headers of a branch that leaves the main one after `fork`.
    static func branch(_ name: String, after fork: UInt64, through last: UInt64) -> [BlockHeader] {
        (fork + 1...last).map {
            header($0, branch: name, parent: $0 == fork + 1 ? hash("main", fork) : nil)
        }
    }

    static func main(_ number: UInt64) -> BlockReference { header(number).reference }
}
