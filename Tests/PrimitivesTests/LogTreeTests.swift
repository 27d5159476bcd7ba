import Primitives
import TestSupport
import Testing

/// Trees and proofs against a program made from the definitions of RFC 9162.
@Suite struct LogTreeFixtureTests {
    struct Vectors: Decodable {
        struct Reference: Decodable {
            let entries: [String]
            let roots: [String]
        }
        struct Inclusion: Decodable {
            let index: UInt64
            let size: UInt64
            let path: [String]
        }
        struct Consistency: Decodable {
            let first: UInt64
            let second: UInt64
            let path: [String]
        }

        let reference: Reference
        let entries: [String]
        let roots: [String]
        let inclusion: [Inclusion]
        let consistency: [Consistency]
    }

    private let vectors: Vectors
    private let leaves: [Digest]

    init() throws {
        vectors = try Fixture.load("log-tree/proofs.json")
        leaves = try vectors.entries.map { LogTree.leaf(try #require(Hex.decode($0))) }
    }

    private func subtree(_ range: Range<UInt64>) -> Digest {
        LogTree(leaves[Int(range.lowerBound)..<Int(range.upperBound)]).root
    }

    @Test func `the root of every size is that of the definition`() throws {
        var reference = LogTree()
        for (entry, root) in zip(vectors.reference.entries, vectors.reference.roots) {
            reference.append(LogTree.leaf(try #require(Hex.decode(entry))))
            #expect(reference.root.hex == root)
        }
        var tree = LogTree()
        #expect(tree.root.hex == "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855")
        for (leaf, root) in zip(leaves, vectors.roots) {
            tree.append(leaf)
            #expect(tree.root.hex == root, "\(tree.size) entries")
            #expect(tree.peaks.count == tree.size.nonzeroBitCount)
        }
    }

    @Test func `inclusion proofs are those of the definition, and hold`() throws {
        #expect(vectors.inclusion.count > 50)
        for sample in vectors.inclusion {
            let proof = try #require(InclusionProof(of: sample.index, in: sample.size, subtree: subtree))
            #expect(proof.path.map { $0.hex } == sample.path, "\(sample.index) in \(sample.size)")
            let root = try #require(Digest(hex: vectors.roots[Int(sample.size) - 1]))
            #expect(
                proof.holds(for: leaves[Int(sample.index)], in: root),
                "\(sample.index) in \(sample.size)"
            )
        }
    }

    @Test func `consistency proofs are those of the definition, and hold`() throws {
        #expect(vectors.consistency.count > 50)
        for sample in vectors.consistency {
            let proof = try #require(
                ConsistencyProof(from: sample.first, to: sample.second, subtree: subtree)
            )
            #expect(proof.path.map { $0.hex } == sample.path, "\(sample.first) to \(sample.second)")
            let roots = try [sample.first, sample.second].map {
                try #require(Digest(hex: vectors.roots[Int($0) - 1]))
            }
            #expect(proof.holds(from: roots[0], to: roots[1]), "\(sample.first) to \(sample.second)")
        }
    }
}

@Suite struct LogTreeTests {
    private static func leaf(_ number: UInt64) -> Digest { LogTree.leaf(SHA256.hash(number.sszBytes)) }

    private func leaves(_ range: Range<UInt64>) -> [Digest] { range.map(Self.leaf) }
    private func root(_ size: UInt64) -> Digest { LogTree(leaves(0..<size)).root }
    private func subtree(_ range: Range<UInt64>) -> Digest { LogTree(leaves(range)).root }

    @Test func `goes on from its peaks as if it had seen all entries`() throws {
        for size in UInt64(0)...70 {
            let seen = LogTree(leaves(0..<size))
            var copy = try #require(LogTree(size: seen.size, peaks: seen.peaks))
            for number in size..<size + 9 { copy.append(Self.leaf(number)) }
            #expect(copy == LogTree(leaves(0..<size + 9)))
        }
        #expect(LogTree(size: 6, peaks: [Digest()]) == nil)
        #expect(LogTree(size: 0, peaks: [Digest()]) == nil)
    }

    @Test func `every entry of every small tree is shown to stand where it does, and nowhere else`() throws {
        for size in UInt64(1)...33 {
            let root = root(size)
            for index in 0..<size {
                let proof = try #require(InclusionProof(of: index, in: size, subtree: subtree))
                #expect(proof.holds(for: Self.leaf(index), in: root), "\(index) of \(size)")
                for other in 0..<size where other != index {
                    #expect(!proof.holds(for: Self.leaf(other), in: root))
                    var moved = proof
                    moved.index = other
                    #expect(!moved.holds(for: Self.leaf(index), in: root), "\(index) as \(other) of \(size)")
                }
            }
            #expect(InclusionProof(of: size, in: size, subtree: subtree) == nil)
        }
    }

    @Test func `every small tree is shown to be the beginning of every larger one`() throws {
        for second in UInt64(1)...33 {
            let later = root(second)
            for first in 1...second {
                let proof = try #require(ConsistencyProof(from: first, to: second, subtree: subtree))
                #expect(proof.holds(from: root(first), to: later), "\(first) to \(second)")
                #expect(!proof.holds(from: SHA256.hash([1]), to: later))
                #expect(!proof.holds(from: root(first), to: SHA256.hash([1])))
                #expect(try ConsistencyProof(ssz: proof.sszBytes) == proof)
            }
        }
        #expect(ConsistencyProof(from: 0, to: 3, subtree: subtree) == nil)
        #expect(ConsistencyProof(from: 4, to: 3, subtree: subtree) == nil)
    }

    @Test func `a log that was rewritten has no consistency proof`() throws {
        for second in UInt64(2)...20 {
            for first in 1..<second {
                for changed in 0..<first {
                    func rewritten(_ range: Range<UInt64>) -> Digest {
                        LogTree(range.map { $0 == changed ? SHA256.hash([9]) : Self.leaf($0) }).root
                    }
                    let proof = try #require(ConsistencyProof(from: first, to: second, subtree: rewritten))
                    #expect(!proof.holds(from: root(first), to: rewritten(0..<second)))
                }
            }
        }
    }

    @Test(arguments: 1...3)
    func `no change of a proof leaves it standing`(seed: UInt64) throws {
        var random = SplitMix64(seed: seed)
        func number(_ bound: UInt64) -> UInt64 { random.next() % bound }
        for _ in 0..<300 {
            let size = 1 + number(200)
            let index = number(size)
            let first = 1 + number(size)
            let (root, earlier) = (root(size), root(first))
            let inclusion = try #require(InclusionProof(of: index, in: size, subtree: subtree))
            let consistency = try #require(ConsistencyProof(from: first, to: size, subtree: subtree))
            #expect(inclusion.holds(for: Self.leaf(index), in: root))
            #expect(consistency.holds(from: earlier, to: root))
            #expect(inclusion.path.count <= 8 && consistency.path.count <= 9)

            let path = change(inclusion.path.elements, &random)
            var changed = inclusion
            changed.path = SSZList(path)!
            #expect(!changed.holds(for: Self.leaf(index), in: root))
            var altered = consistency
            altered.path = SSZList(change(consistency.path.elements, &random))!
            #expect(!altered.holds(from: earlier, to: root))
        }
    }

    /// One digest changed, left out, put in, or two exchanged.
    private func change(_ path: [Digest], _ random: inout SplitMix64) -> [Digest] {
        var path = path
        let place = path.isEmpty ? 0 : Int(random.next() % UInt64(path.count))
        switch random.next() % 4 {
        case 0 where !path.isEmpty: path[place][Int(random.next() % 32)] ^= 1 << UInt8(random.next() % 8)
        case 1 where !path.isEmpty: path.remove(at: place)
        case 2 where path.count > 1: path.swapAt(place, (place + 1) % path.count)
        default: path.insert(SHA256.hash([7]), at: place)
        }
        return path
    }

    @Test func `leaves, nodes and entries cannot be taken for one another`() {
        let (left, right) = (Self.leaf(1), Self.leaf(2))
        let node = LogTree.node(left, right)
        #expect(LogTree.leaf(left.array + right.array) != node)
        #expect(SHA256.hash(left, right) != node)
        #expect(LogTree([left, right]).root == node)
        // The node of two entries is no entry of a tree of another shape.
        #expect(LogTree([node]).root != LogTree([LogTree.leaf(node)]).root)
    }

    @Test func `proofs about the largest sizes end`() throws {
        let most = UInt64.max
        for index in [0, most / 2, most / 2 + 1, most - 1] {
            let path = try #require(LogTree.inclusionPath(of: index, in: most))
            #expect(path.count <= 64)
            let proof = try #require(InclusionProof(of: index, in: most) { _ in Digest() })
            #expect(!proof.holds(for: Digest(), in: Digest()))
        }
        for first in [1, 3, most / 2 + 1, most - 1, most] {
            let proof = try #require(ConsistencyProof(from: first, to: most) { _ in Digest() })
            #expect(proof.path.count <= 65)
            #expect(proof.holds(from: Digest(), to: Digest()) == (first == most))
        }
    }
}
