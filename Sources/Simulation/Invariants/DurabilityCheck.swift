import Consensus
import Cryptography
import Gossip
import Primitives

/// `no-vote-without-durable-lock`: what a member says about views and votes stands on its disk before.
struct DurabilityCheck {
    /// The highest view that each member has durably wished for, by the view it was in.
    private var wishes: [[View: View]]

    init(size: Int) {
        wishes = Array(repeating: [:], count: size)
    }

    mutating func stored(_ record: ViewRecord, by member: MemberIndex) {
        let before = wishes[member.offset][record.view] ?? View(0)
        wishes[member.offset][record.view] = max(before, record.wishedView)
    }

    func enters(_ view: View, _ disk: DiskContents) -> String? {
        guard let record = disk.view, record.view >= view else {
            return "enters view \(view) before it is durable"
        }
        return nil
    }

    func says(_ message: LinkMessage, _ member: MemberIndex, _ disk: DiskContents) -> String? {
        guard let batch = try? ObjectBatch(ssz: message.body) else {
            return "sends what is no batch of objects"
        }
        for signed in batch where signed.object.author == member && signed.object.kind == .wish {
            guard let wish = try? Wish(ssz: signed.object.payload.bytes) else {
                return "sends what is no wish"
            }
            guard !wish.isWithdrawal else { continue }
            // The author may have withdrawn the wish since, or gone on.
            let wished = wishes[member.offset][wish.from] ?? View(0)
            let isOnDisk = disk.view.map { $0.view == wish.from && $0.wishedView >= wish.to } ?? false
            guard wished >= wish.to || isOnDisk else {
                return "wishes for view \(wish.to) before that is durable"
            }
        }
        return nil
    }

    func signs(_ order: ShareOrder, _ disk: DiskContents) -> String? {
        let digest = order.context.statement.digest
        guard let votes = disk.votes else {
            return "signs in view \(order.request.view) before any vote is durable"
        }
        if votes.statement == digest { return nil }
        if votes.keys.contains(where: { $0.statement == digest }) { return nil }
        return "signs in view \(order.request.view) what its durable votes do not have"
    }
}
