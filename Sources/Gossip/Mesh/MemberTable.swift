import Primitives

/// One value for each member of a committee.
struct MemberTable<Value: Sendable>: Sendable {
    private var values: [Value]

    /// The same value for all members.
    init(repeating value: Value, size: Int) {
        values = Array(repeating: value, count: size)
    }

    /// A value for each member, made in order.
    init(size: Int, _ make: (MemberIndex) -> Value) {
        values = (1...size).map { make(MemberIndex($0)) }
    }

    /// All members, in order.
    var members: MemberRange { MemberRange(count: values.count) }

    subscript(member: MemberIndex) -> Value {
        get { values[member.offset] }
        set { values[member.offset] = newValue }
        _modify { yield &values[member.offset] }
    }
}

/// The members of a committee, in order.
struct MemberRange: RandomAccessCollection, Sendable {
    let count: Int

    var startIndex: Int { 0 }
    var endIndex: Int { count }
    subscript(offset: Int) -> MemberIndex { MemberIndex(offset + 1) }
}

/// One value for each ordered pair of members.
struct MemberGrid<Value: Sendable>: Sendable {
    private var values: [Value]
    private let size: Int

    /// The same value for all pairs.
    init(repeating value: Value, size: Int) {
        values = Array(repeating: value, count: size * size)
        self.size = size
    }

    subscript(row: MemberIndex, column: MemberIndex) -> Value {
        get { values[row.offset * size + column.offset] }
        set { values[row.offset * size + column.offset] = newValue }
        _modify { yield &values[row.offset * size + column.offset] }
    }
}
