/// `Vector[uint8, count]`, written `BytesN` in the specifications.
extension FixedBytes: SSZValue {
    @inlinable
    package static var sszFixedSize: Int? { count }
    @usableFromInline
    package static var sszTypeName: String { "Bytes\(count)" }

    @inlinable
    package func encode(to bytes: inout [UInt8]) {
        unsafe withUnsafeBytes { unsafe bytes.append(contentsOf: $0) }
    }

    @inlinable
    package init(ssz bytes: RawSpan) throws(SSZError) {
        guard let value = Self(span: bytes) else {
            throw .length(of: Self.sszTypeName, is: bytes.byteCount, shouldBe: Self.byteCount)
        }
        self = value
    }

    @inlinable
    package func hashTreeRoot() -> Digest {
        if count <= 32 {
            var chunk = Digest()
            for index in 0..<count { chunk[index] = self[index] }
            return chunk
        }
        return MerkleTree.root(of: MerkleTree.chunks(of: array), limit: (count + 31) / 32)
    }
}
