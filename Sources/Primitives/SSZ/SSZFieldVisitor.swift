/// Collects a container's fields, either as bytes or as Merkle roots.
///
/// The bytes are written in place: the fixed parts, with room for the offsets, when the fields are visited first,
/// and the variable parts behind them in a second visit.
@usableFromInline
package struct SSZFieldVisitor {
    @usableFromInline
    enum Purpose { case fixedParts, variableParts, roots }

    @usableFromInline let fields: [SSZField]
    @usableFromInline var purpose: Purpose
    @usableFromInline var next = 0
    /// All that has been encoded so far, what stood before the container included.
    @usableFromInline var bytes: [UInt8] = []
    /// Where the container begins.
    @usableFromInline var start = 0
    /// Where the next field's fixed part is, counted from ``start``.
    @usableFromInline var place = 0
    @usableFromInline var roots: [Digest] = []

    /// Appends to `bytes`, which are lent to the visitor until it finishes.
    @inlinable
    init(encoding fields: [SSZField], into bytes: inout [UInt8]) {
        self.fields = fields
        purpose = .fixedParts
        start = bytes.count
        swap(&self.bytes, &bytes)
    }

    @inlinable
    init(rootsOf fields: [SSZField]) {
        self.fields = fields
        purpose = .roots
        roots.reserveCapacity(fields.count)
    }

    /// Takes the next field.
    @inlinable
    package mutating func field<Value: SSZValue>(_ value: Value) {
        precondition(
            next < fields.count && fields[next].type == Value.self,
            "a container's visit(_:) does not follow its fields"
        )
        let size = fields[next].fixedSize
        next += 1
        switch purpose {
        case .roots: roots.append(value.hashTreeRoot())
        case .fixedParts:
            if size != nil { value.encode(to: &bytes) } else { UInt32(0).encodeLittleEndian(to: &bytes) }
        case .variableParts:
            if size == nil {
                SSZOffset.write(bytes.count - start, into: &bytes, at: start + place)
                value.encode(to: &bytes)
            }
            place += size ?? 4
        }
    }

    /// Turns to the variable parts; answers whether there are any, and the fields are to be visited again.
    @inlinable
    mutating func beginVariableParts() -> Bool {
        precondition(next == fields.count, "a container's visit(_:) leaves out a field")
        guard fields.contains(where: { $0.fixedSize == nil }) else { return false }
        purpose = .variableParts
        next = 0
        return true
    }

    @inlinable
    mutating func finish(into bytes: inout [UInt8]) {
        precondition(next == fields.count, "a container's visit(_:) leaves out a field")
        swap(&self.bytes, &bytes)
    }

    @inlinable
    consuming func root() -> Digest {
        precondition(next == fields.count, "a container's visit(_:) leaves out a field")
        return MerkleTree.root(of: roots, limit: fields.count)
    }
}
