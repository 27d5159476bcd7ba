import Consensus
import Cryptography
import Ethereum
import Primitives

/// What the chain has confirmed is remembered; what it has taken back is not.
extension ChainInterpreter {
    /// A registration that lies deep enough is remembered; what the state contradicts is forgotten.
    mutating func remember(_ snapshot: RegistrySnapshot) -> [Conclusion] {
        guard let installed = snapshot.state.committee, let roster = snapshot.committee else {
            return replaceMemory(by: nil)
        }
        if remembered?.agrees(with: installed) == true { return [] }
        let isDeep = snapshot.block.number >= installed.blockNumber + confirmations
        if isDeep {
            let record = CommitteeRecord(
                deployment: deployment,
                roster: roster,
                groupKey: installed.groupKey,
                membersHash: installed.membersHash,
                transcript: installed.transcript
            )
            return replaceMemory(by: RememberedEpoch(record: record, block: snapshot.block))
        }
        // A successor that may still be taken back leaves the memory as it is; another word on the epoch does not.
        return remembered.map { $0.epoch < installed.epoch } == true ? [] : replaceMemory(by: nil)
    }

    /// A confirmed registration is remembered, unless a later epoch's is.
    mutating func remember(_ rotated: CommitteeRotated, _ block: BlockReference) -> [Conclusion] {
        if let remembered, remembered.epoch > rotated.roster.epoch { return [] }
        let record = CommitteeRecord(
            deployment: deployment,
            roster: rotated.roster,
            groupKey: rotated.statement.groupKey,
            membersHash: rotated.statement.membersHash,
            transcript: rotated.statement.transcript
        )
        guard record != remembered?.record else { return [] }
        return replaceMemory(by: RememberedEpoch(record: record, block: block))
    }

    /// A registration that was taken back is forgotten.
    mutating func forget(_ record: RegistryRecord) -> [Conclusion] {
        guard case .committeeRotated(let rotated) = record.event,
            remembered?.record.transcript == rotated.statement.transcript,
            remembered?.epoch == rotated.roster.epoch
        else { return [] }
        return replaceMemory(by: nil)
    }

    private mutating func replaceMemory(by new: RememberedEpoch?) -> [Conclusion] {
        guard new != remembered else { return [] }
        remembered = new
        return [.remember(new)]
    }

    /// The chain is silent: what is remembered takes its place, if the node is a member of it.
    mutating func recall() -> [Conclusion] {
        guard committee == nil, let remembered else { return [] }
        let entrance = enter(remembered.record.roster, remembered.record.membersHash)
        guard case .enter? = entrance.first else { return entrance }
        recalled = remembered
        return [.recall(remembered)] + entrance
            + [.tell(.namedKey(remembered.epoch, remembered.record.groupKey))]
            + Self.registered(remembered.epoch, remembered.record.transcript)
    }

    /// The epoch in which a node goes on that has served a remembered one, now that the chain speaks: that one or a later
    /// one; `nil` when it must not go on.
    func epoch(after served: RememberedEpoch, by snapshot: RegistrySnapshot) -> Epoch? {
        guard let installed = snapshot.state.committee, let roster = snapshot.committee else { return nil }
        if served.agrees(with: installed) { return served.epoch }
        guard installed.epoch > served.epoch, roster.members.contains(where: { $0.identity == identity })
        else { return nil }
        return installed.epoch
    }
}
