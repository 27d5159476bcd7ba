/// The number of a committee.
///
/// The first is 1.
package struct Epoch: SSZNumber, Comparable, CustomStringConvertible {
    package var rawValue: UInt64

    package init(rawValue: UInt64) {
        self.rawValue = rawValue
    }

    /// The epoch with this number.
    package init(_ number: UInt64) {
        rawValue = number
    }
}

/// The number of a term of leadership.
///
/// Views only rise, also from one epoch to the next.
package struct View: SSZNumber, Comparable, CustomStringConvertible {
    package var rawValue: UInt64

    package init(rawValue: UInt64) {
        self.rawValue = rawValue
    }

    /// The view with this number.
    package init(_ number: UInt64) {
        rawValue = number
    }

    /// The view `count` after this one.
    ///
    /// Stays at the greatest number instead of overflowing.
    package func advanced(by count: UInt64) -> View {
        let (sum, overflow) = rawValue.addingReportingOverflow(count)
        return View(overflow ? .max : sum)
    }
}

/// A member's position in its epoch's committee, from 1.
///
/// Also its FROST identifier.
package struct MemberIndex: SSZNumber, Comparable, CustomStringConvertible {
    package var rawValue: UInt16

    package init(rawValue: UInt16) {
        self.rawValue = rawValue
    }

    /// The member at this position.
    package init(_ position: Int) {
        rawValue = UInt16(position)
    }

    /// The position as an index into an array of all members.
    package var offset: Int { Int(rawValue) - 1 }
}

/// When an author made an object, in its own counting: first by boot, then within the boot.
///
/// The newer of two objects of one kind and author is the one with the greater order, across restarts too,
/// because an author persists its incarnation before its first word.
package struct Order: SSZContainer, Comparable {
    /// The author's boot counter, from 1.
    package var incarnation: UInt64
    /// Counts the objects of one kind within an incarnation, from 1.
    package var sequence: UInt64

    /// An order; ``zero`` precedes all that are used.
    package init(incarnation: UInt64, sequence: UInt64) {
        self.incarnation = incarnation
        self.sequence = sequence
    }

    /// Older than everything: "none yet".
    package static let zero = Order(incarnation: 0, sequence: 0)

    package static func < (left: Order, right: Order) -> Bool {
        left.incarnation == right.incarnation
            ? left.sequence < right.sequence : left.incarnation < right.incarnation
    }

    package static let fields = [
        SSZField("incarnation", UInt64.self),
        SSZField("sequence", UInt64.self),
    ]

    package func visit(_ visitor: inout SSZFieldVisitor) {
        visitor.field(incarnation)
        visitor.field(sequence)
    }

    package init(fields reader: inout SSZFieldReader) throws(SSZError) {
        incarnation = try reader.field()
        sequence = try reader.field()
    }
}
