import Consensus
import Primitives

/// `views-only-rise`: of each member, across all its crashes.
struct RisingCheck {
    private var entered: [View]
    private var highest = View(0)
    private var isHighestNew = false

    init(size: Int) {
        entered = Array(repeating: View(0), count: size)
    }

    mutating func enters(_ view: View, _ member: MemberIndex) -> String? {
        let last = entered[member.offset]
        entered[member.offset] = max(last, view)
        isHighestNew = highest < view && view > View(1)
        highest = max(highest, view)
        return view < last ? "enters view \(view) after view \(last)" : nil
    }

    func persists(_ record: ViewRecord, _ member: MemberIndex) -> String? {
        // What was given to the disk and lost with a crash binds nobody: what was entered does.
        let least = entered[member.offset]
        return record.view < least ? "records view \(record.view) after it has entered \(least)" : nil
    }

    /// Whether the view just entered is higher than all before.
    func isNew(_ view: View) -> Bool { isHighestNew && view == highest }
}
