/// `List[Element, limit]`: up to `limit` values of one type.
@usableFromInline
package struct SSZList<Element: SSZValue, let limit: Int>: SSZValue {
    /// The values in order, at most `limit`.
    @usableFromInline
    package let elements: [Element]

    /// An empty list.
    @inlinable
    package init() {
        elements = []
    }

    /// Takes the elements, or answers `nil` when they are too many.
    @inlinable
    package init?(_ elements: [Element]) {
        guard elements.count <= limit else { return nil }
        self.elements = elements
    }

    @inlinable
    package static var sszFixedSize: Int? { nil }
    @usableFromInline
    package static var sszTypeName: String { "List[\(Element.sszTypeName), \(limit)]" }

    @inlinable
    package func encode(to bytes: inout [UInt8]) {
        if Element.sszFixedSize != nil {
            for element in elements { element.encode(to: &bytes) }
            return
        }
        let start = bytes.count
        bytes.append(contentsOf: repeatElement(0, count: 4 * elements.count))
        for (index, element) in elements.enumerated() {
            SSZOffset.write(bytes.count - start, into: &bytes, at: start + 4 * index)
            element.encode(to: &bytes)
        }
    }

    @inlinable
    package init(ssz bytes: RawSpan) throws(SSZError) {
        let count = try Self.count(in: bytes)
        var elements: [Element] = []
        elements.reserveCapacity(count)
        if let size = Element.sszFixedSize {
            for index in 0..<count {
                elements.append(try Element(ssz: bytes.extracting((size * index)..<(size * (index + 1)))))
            }
        } else {
            for index in 0..<count {
                let start = SSZOffset.read(bytes, at: 4 * index)
                let end = index + 1 < count ? SSZOffset.read(bytes, at: 4 * index + 4) : bytes.byteCount
                elements.append(try Element(ssz: bytes.extracting(start..<end)))
            }
        }
        self.elements = elements
    }

    /// How many elements the bytes encode, at most `limit`.
    ///
    /// Checked: where the elements begin is ascending, within the bytes, and leaves no gap before the first.
    @inlinable
    static func count(in bytes: RawSpan) throws(SSZError) -> Int {
        guard bytes.byteCount > 0 else { return 0 }
        if let size = Element.sszFixedSize {
            guard bytes.byteCount.isMultiple(of: size) else {
                throw .length(
                    of: sszTypeName,
                    is: bytes.byteCount,
                    shouldBe: bytes.byteCount / size * size
                )
            }
            guard bytes.byteCount / size <= limit else {
                throw .limit(of: sszTypeName, count: bytes.byteCount / size)
            }
            return bytes.byteCount / size
        }
        guard bytes.byteCount >= 4 else {
            throw .length(of: sszTypeName, is: bytes.byteCount, shouldBe: 4)
        }
        let first = SSZOffset.read(bytes, at: 0)
        guard first > 0, first.isMultiple(of: 4), first <= bytes.byteCount else {
            throw .offset(in: sszTypeName, value: first)
        }
        guard first / 4 <= limit else { throw .limit(of: sszTypeName, count: first / 4) }
        var last = first
        for index in 1..<(first / 4) {
            let offset = SSZOffset.read(bytes, at: 4 * index)
            guard offset >= last, offset <= bytes.byteCount else {
                throw .offset(in: sszTypeName, value: offset)
            }
            last = offset
        }
        return first / 4
    }

    @inlinable
    package func hashTreeRoot() -> Digest {
        let root: Digest
        if Element.sszIsBasic, let size = Element.sszFixedSize {
            var bytes: [UInt8] = []
            for element in elements { element.encode(to: &bytes) }
            root = MerkleTree.root(of: MerkleTree.chunks(of: bytes), limit: (limit * size + 31) / 32)
        } else {
            root = MerkleTree.root(of: elements.map { $0.hashTreeRoot() }, limit: limit)
        }
        return MerkleTree.mixIn(length: elements.count, to: root)
    }
}

extension SSZList: RandomAccessCollection {
    @inlinable
    package var startIndex: Int { elements.startIndex }
    @inlinable
    package var endIndex: Int { elements.endIndex }
    @inlinable
    package subscript(index: Int) -> Element { elements[index] }
    /// Goes through the elements without asking the list for each.
    @inlinable
    package func makeIterator() -> IndexingIterator<[Element]> { elements.makeIterator() }
}

/// `List[uint8, limit]`, held as plain bytes.
@usableFromInline
package struct ByteList<let limit: Int>: SSZValue {
    /// The bytes, at most `limit`.
    @usableFromInline
    package let bytes: [UInt8]

    /// No bytes.
    @inlinable
    package init() {
        bytes = []
    }

    /// Takes the bytes, or answers `nil` when they are too many.
    @inlinable
    package init?(_ bytes: [UInt8]) {
        guard bytes.count <= limit else { return nil }
        self.bytes = bytes
    }

    @inlinable
    package static var sszFixedSize: Int? { nil }
    @usableFromInline
    package static var sszTypeName: String { "ByteList[\(limit)]" }

    @inlinable
    package func encode(to bytes: inout [UInt8]) {
        bytes.append(contentsOf: self.bytes)
    }

    @inlinable
    package init(ssz bytes: RawSpan) throws(SSZError) {
        guard bytes.byteCount <= limit else {
            throw .limit(of: Self.sszTypeName, count: bytes.byteCount)
        }
        self.bytes = unsafe bytes.withUnsafeBytes { unsafe Array($0) }
    }

    @inlinable
    package func hashTreeRoot() -> Digest {
        let root = MerkleTree.root(of: MerkleTree.chunks(of: bytes), limit: (limit + 31) / 32)
        return MerkleTree.mixIn(length: bytes.count, to: root)
    }
}
