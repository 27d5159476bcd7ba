import Gossip
import Primitives

/// `nothing-durable-lost`: an entry that one honest member has on its disk is on the disks of all in the end, and of
/// an honest author there is one history.
struct LogCheck {
    private let isHonest: [Bool]
    /// The signatures of each author's entries, in order, as first seen on an honest disk.
    private var histories: [[IdentitySignature]]
    /// Authors that have signed more than one history.
    private var forked: Set<MemberIndex> = []

    init(honest: [Bool]) {
        isHonest = honest
        histories = Array(repeating: [], count: honest.count)
    }

    mutating func stored(_ entries: [SignedObject], of author: MemberIndex) -> String? {
        for entry in entries {
            let place = Int(clamping: entry.object.order.sequence) - 1
            let known = histories[author.offset].count
            if place == known {
                histories[author.offset].append(entry.signature)
            } else if place > known {
                return "stores entry \(place + 1) of \(author)'s log, of which only \(known) exist"
            } else if histories[author.offset][place] != entry.signature {
                if isHonest[author.offset] { return "stores another entry \(place + 1) of \(author)'s log" }
                forked.insert(author)
            }
        }
        return nil
    }

    func lacks(_ disk: DiskContents) -> String? {
        for (offset, history) in histories.enumerated() {
            let author = MemberIndex(offset + 1)
            guard !forked.contains(author), disk.forks.isEmpty || isHonest[offset] else { continue }
            let held = disk.logs[offset].count
            if held < history.count { return "holds \(held) of \(history.count) entries of \(author)'s log" }
        }
        return nil
    }
}
