/// `List[Element, limit]`: up to `limit` values of one type.
package struct SSZList<Element: SSZValue, let limit: Int>: SSZValue {
    /// The values in order, at most `limit`.
    package let elements: [Element]

    /// An empty list.
    package init() {
        elements = []
    }

    /// Takes the elements, or answers `nil` when they are too many.
    package init?(_ elements: [Element]) {
        guard elements.count <= limit else { return nil }
        self.elements = elements
    }

    package static var sszFixedSize: Int? { nil }
    package static var sszTypeName: String { "List[\(Element.sszTypeName), \(limit)]" }

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

    package init(ssz bytes: RawSpan) throws(SSZError) {
        let starts = try Self.starts(in: bytes)
        guard starts.count <= limit else {
            throw .limit(of: Self.sszTypeName, count: starts.count)
        }
        var elements: [Element] = []
        elements.reserveCapacity(starts.count)
        for (index, start) in starts.enumerated() {
            let end = index + 1 < starts.count ? starts[index + 1] : bytes.byteCount
            elements.append(try Element(ssz: bytes.extracting(start..<end)))
        }
        self.elements = elements
    }

    /// Where each element begins.
    ///
    /// Checked: ascending, within the bytes, no gap before the first.
    private static func starts(in bytes: RawSpan) throws(SSZError) -> [Int] {
        guard bytes.byteCount > 0 else { return [] }
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
            return Array(stride(from: 0, to: bytes.byteCount, by: size))
        }
        let first = try SSZOffset.read(bytes, at: 0, in: sszTypeName)
        guard first > 0, first.isMultiple(of: 4), first <= bytes.byteCount else {
            throw .offset(in: sszTypeName, value: first)
        }
        guard first / 4 <= limit else { throw .limit(of: sszTypeName, count: first / 4) }
        var starts = [first]
        for index in 1..<(first / 4) {
            let offset = try SSZOffset.read(bytes, at: 4 * index, in: sszTypeName)
            guard offset >= starts[index - 1], offset <= bytes.byteCount else {
                throw .offset(in: sszTypeName, value: offset)
            }
            starts.append(offset)
        }
        return starts
    }

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
    package var startIndex: Int { elements.startIndex }
    package var endIndex: Int { elements.endIndex }
    package subscript(index: Int) -> Element { elements[index] }
}

/// `List[uint8, limit]`, held as plain bytes.
package struct ByteList<let limit: Int>: SSZValue {
    /// The bytes, at most `limit`.
    package let bytes: [UInt8]

    /// No bytes.
    package init() {
        bytes = []
    }

    /// Takes the bytes, or answers `nil` when they are too many.
    package init?(_ bytes: [UInt8]) {
        guard bytes.count <= limit else { return nil }
        self.bytes = bytes
    }

    package static var sszFixedSize: Int? { nil }
    package static var sszTypeName: String { "ByteList[\(limit)]" }

    package func encode(to bytes: inout [UInt8]) {
        bytes.append(contentsOf: self.bytes)
    }

    package init(ssz bytes: RawSpan) throws(SSZError) {
        guard bytes.byteCount <= limit else {
            throw .limit(of: Self.sszTypeName, count: bytes.byteCount)
        }
        self.bytes = unsafe bytes.withUnsafeBytes { unsafe Array($0) }
    }

    package func hashTreeRoot() -> Digest {
        let root = MerkleTree.root(of: MerkleTree.chunks(of: bytes), limit: (limit + 31) / 32)
        return MerkleTree.mixIn(length: bytes.count, to: root)
    }
}
