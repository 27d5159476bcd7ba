/// Collects a container's fields, either as bytes or as Merkle roots.
package struct SSZFieldVisitor {
    private enum Purpose { case bytes, roots }

    private let fields: [SSZField]
    private let purpose: Purpose
    private let inlineSize: Int
    private var next = 0
    private var inline: [UInt8] = []
    private var variable: [UInt8] = []
    private var roots: [Digest] = []

    init(encoding fields: [SSZField]) {
        self.fields = fields
        purpose = .bytes
        inlineSize = fields.reduce(0) { $0 + $1.inlineSize }
        inline.reserveCapacity(inlineSize)
    }

    init(rootsOf fields: [SSZField]) {
        self.fields = fields
        purpose = .roots
        inlineSize = 0
        roots.reserveCapacity(fields.count)
    }

    /// Takes the next field.
    package mutating func field<Value: SSZValue>(_ value: Value) {
        precondition(
            next < fields.count && fields[next].type == Value.self,
            "a container's visit(_:) does not follow its fields"
        )
        next += 1
        switch purpose {
        case .roots:
            roots.append(value.hashTreeRoot())
        case .bytes where Value.sszFixedSize != nil:
            value.encode(to: &inline)
        case .bytes:
            UInt32(inlineSize + variable.count).encodeLittleEndian(to: &inline)
            value.encode(to: &variable)
        }
    }

    func finish(into bytes: inout [UInt8]) {
        precondition(next == fields.count, "a container's visit(_:) leaves out a field")
        bytes.append(contentsOf: inline)
        bytes.append(contentsOf: variable)
    }

    func root() -> Digest {
        precondition(next == fields.count, "a container's visit(_:) leaves out a field")
        return MerkleTree.root(of: roots, limit: roots.count)
    }
}
