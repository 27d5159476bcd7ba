/// Hands out a container's fields from its encoding, after checking every offset.
@usableFromInline
package struct SSZFieldReader: ~Escapable {
    @usableFromInline let bytes: RawSpan
    @usableFromInline let fields: [SSZField]
    @usableFromInline var next = 0
    /// Where the next field's fixed part is.
    @usableFromInline var place = 0

    @_lifetime(copy bytes)
    @inlinable
    init(_ bytes: RawSpan, fields: [SSZField], type: @autoclosure () -> String) throws(SSZError) {
        try Self.check(bytes, fields, type: type())
        self.bytes = bytes
        self.fields = fields
    }

    /// The next field, decoded as the type that the place expects.
    @inlinable
    package mutating func field<Value: SSZValue>(_: Value.Type = Value.self) throws(SSZError) -> Value {
        precondition(
            next < fields.count && fields[next].type == Value.self,
            "a container's init(fields:) does not follow its fields"
        )
        let range: Range<Int>
        if let size = fields[next].fixedSize {
            range = place..<(place + size)
            place += size
        } else {
            range = SSZOffset.read(bytes, at: place)..<variableEnd
            place += 4
        }
        next += 1
        return try Value(ssz: bytes.extracting(range))
    }

    @inlinable
    func finish() {
        precondition(next == fields.count, "a container's init(fields:) leaves out a field")
    }

    /// Where the variable part of the next field ends: where that of the one after it begins.
    @inlinable
    var variableEnd: Int {
        var position = place + 4
        for index in (next + 1)..<fields.count {
            guard let size = fields[index].fixedSize else { return SSZOffset.read(bytes, at: position) }
            position += size
        }
        return bytes.byteCount
    }

    /// Checks that the bytes have all fixed parts, and that the variable parts follow them and each other without
    /// a gap.
    @usableFromInline
    static func check(
        _ bytes: RawSpan,
        _ fields: [SSZField],
        type: @autoclosure () -> String
    ) throws(SSZError) {
        var inlineSize = 0
        for field in fields { inlineSize += field.inlineSize }
        guard bytes.byteCount >= inlineSize else {
            throw .length(of: type(), is: bytes.byteCount, shouldBe: inlineSize)
        }
        var position = 0
        var last: Int?
        for field in fields {
            if field.fixedSize == nil {
                let offset = SSZOffset.read(bytes, at: position)
                guard offset <= bytes.byteCount, last.map({ offset >= $0 }) ?? (offset == inlineSize) else {
                    throw .offset(in: type(), value: offset)
                }
                last = offset
            }
            position += field.inlineSize
        }
        guard last != nil || bytes.byteCount == inlineSize else {
            throw .length(of: type(), is: bytes.byteCount, shouldBe: inlineSize)
        }
    }
}
