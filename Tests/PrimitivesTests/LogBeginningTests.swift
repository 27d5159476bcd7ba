import Primitives
import Testing

/// What a proof of inclusion says of the entries before the one that it proves.
@Suite struct LogBeginningTests {
    private let leaves = (0..<70).map { LogTree.leaf([UInt8($0)]) }

    private func proof(of index: Int, in size: Int) throws -> InclusionProof {
        try #require(
            InclusionProof(of: UInt64(index), in: UInt64(size)) { range in
                LogTree(leaves[Int(range.lowerBound)..<Int(range.upperBound)]).root
            }
        )
    }

    @Test func `a log goes on from a proof of inclusion as from all entries before`() throws {
        for size in 1...70 {
            let root = LogTree(leaves.prefix(size)).root
            for index in 0..<size {
                let tree = try proof(of: index, in: size).before(leaves[index], in: root)
                #expect(tree == LogTree(leaves.prefix(index)), "\(index) of \(size)")
            }
        }
    }

    @Test func `a proof that does not hold says nothing of what was before`() throws {
        let root = LogTree(leaves.prefix(45)).root
        for index in [0, 7, 31, 32, 44] {
            let sound = try proof(of: index, in: 45)
            #expect(sound.before(leaves[index], in: root) != nil)
            #expect(sound.before(leaves[(index + 1) % 45], in: root) == nil)
            #expect(sound.before(leaves[index], in: LogTree(leaves).root) == nil)
            for place in sound.path.indices {
                var path = sound.path.elements
                path[place] = leaves[60]
                let spoilt = InclusionProof(index: sound.index, size: 45, path: SSZList(path)!)
                #expect(spoilt.before(leaves[index], in: root) == nil)
            }
            let short = SSZList<Digest, 64>(Array(sound.path.dropLast()))!
            #expect(
                InclusionProof(index: sound.index, size: 45, path: short).before(leaves[index], in: root)
                    == nil
            )
        }
    }
}
