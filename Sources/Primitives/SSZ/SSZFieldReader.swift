/// Hands out a container's fields from its encoding, after checking every offset.
package struct SSZFieldReader: ~Escapable {
    private let bytes: RawSpan
    private let fields: [SSZField]
    private let ranges: [Range<Int>]
    private var next = 0

    @_lifetime(copy bytes)
    init(_ bytes: RawSpan, fields: [SSZField], type: @autoclosure () -> String) throws(SSZError) {
        self.ranges = try Self.ranges(of: fields, in: bytes, type: type())
        self.bytes = bytes
        self.fields = fields
    }

    /// The next field, decoded as the type that the place expects.
    package mutating func field<Value: SSZValue>(_: Value.Type = Value.self) throws(SSZError) -> Value {
        precondition(
            next < fields.count && fields[next].type == Value.self,
            "a container's init(fields:) does not follow its fields"
        )
        let range = ranges[next]
        next += 1
        return try Value(ssz: bytes.extracting(range))
    }

    func finish() {
        precondition(next == fields.count, "a container's init(fields:) leaves out a field")
    }

    /// The bytes of each field.
    ///
    /// Variable fields must follow the fixed part and each other without a gap.
    private static func ranges(
        of fields: [SSZField],
        in bytes: RawSpan,
        type: @autoclosure () -> String
    ) throws(SSZError) -> [Range<Int>] {
        let inlineSize = fields.reduce(0) { $0 + $1.inlineSize }
        guard bytes.byteCount >= inlineSize else {
            throw .length(of: type(), is: bytes.byteCount, shouldBe: inlineSize)
        }
        var ranges: [Range<Int>] = []
        var position = 0
        var variableFields: [Int] = []
        for (index, field) in fields.enumerated() {
            if let size = field.fixedSize {
                ranges.append(position..<(position + size))
                position += size
                continue
            }
            let offset = try SSZOffset.read(bytes, at: position, in: type())
            let least = variableFields.last.map { ranges[$0].lowerBound }
            guard offset <= bytes.byteCount, least.map({ offset >= $0 }) ?? (offset == inlineSize) else {
                throw .offset(in: type(), value: offset)
            }
            if let previous = variableFields.last {
                ranges[previous] = ranges[previous].lowerBound..<offset
            }
            variableFields.append(index)
            ranges.append(offset..<bytes.byteCount)
            position += 4
        }
        guard !variableFields.isEmpty || bytes.byteCount == inlineSize else {
            throw .length(of: type(), is: bytes.byteCount, shouldBe: inlineSize)
        }
        return ranges
    }
}
