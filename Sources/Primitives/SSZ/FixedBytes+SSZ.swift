/// `Vector[uint8, count]`, written `BytesN` in the specifications.
extension FixedBytes: SSZValue {
    package static var sszFixedSize: Int? { count }
    package static var sszTypeName: String { "Bytes\(count)" }

    package func encode(to bytes: inout [UInt8]) {
        for index in 0..<count { bytes.append(storage[index]) }
    }

    package init(ssz bytes: RawSpan) throws(SSZError) {
        guard let value = Self(span: bytes) else {
            throw .length(of: Self.sszTypeName, is: bytes.byteCount, shouldBe: Self.byteCount)
        }
        self = value
    }

    package func hashTreeRoot() -> Digest {
        let chunks = MerkleTree.chunks(of: array)
        return MerkleTree.root(of: chunks, limit: chunks.count)
    }
}
