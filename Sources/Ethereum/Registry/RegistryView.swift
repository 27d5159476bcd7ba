package import Primitives

/// The committee whose group key the contract accepts now.
package struct InstalledCommittee: Hashable, Sendable {
    /// Its epoch.
    package var epoch: Epoch
    /// Its group key.
    package var groupKey: CompressedPoint
    /// How many shares make a signature.
    package var threshold: UInt16
    /// The number of members.
    package var size: UInt16
    /// The hash of its members.
    package var membersHash: Digest
    /// The digest of the ceremony that made the key.
    package var transcript: Digest
    /// The block of its `CommitteeRotated`.
    package var blockNumber: UInt64
}

/// The proposal that waits for its group key.
package struct PendingProposal: Hashable, Sendable {
    /// The epoch it is for.
    package var epoch: Epoch
    /// How many shares are to make a signature.
    package var threshold: UInt16
    /// The number of members.
    package var size: UInt16
    /// The hash of its members.
    package var membersHash: Digest
    /// The block of its `CommitteeProposed`.
    package var blockNumber: UInt64
    /// When an emergency proposal may be installed, in seconds since 1970; `nil` for an ordinary one.
    package var readyAt: UInt64?
}

/// A question about the registry's state.
package enum RegistryView: Hashable, Sendable, CaseIterable {
    /// The newest elected view.
    case currentView
    /// The account elected for it.
    case currentLeader
    /// The committee with its group key.
    case committee
    /// The proposal.
    case pending
    /// The newest anchor of the members' logs.
    case latestProof

    private var signature: ABISignature {
        switch self {
        case .currentView: ABISignature("currentView", [])
        case .currentLeader: ABISignature("currentLeader", [])
        case .committee: ABISignature("committee", [])
        case .pending: ABISignature("pending", [])
        case .latestProof: ABISignature("latestProof", [])
        }
    }

    /// The data of the call.
    package var data: [UInt8] { signature.call([]) }
}

/// The registry's state after one block.
package struct RegistryState: Hashable, Sendable {
    /// The newest elected view; 0 before the first election.
    package var view: View
    /// The account elected for it; zero before the first election.
    package var leader: Address
    /// The committee, or `nil` before the first.
    package var committee: InstalledCommittee?
    /// The proposal, or `nil` when none waits.
    package var pending: PendingProposal?
    /// The newest anchor of the members' logs.
    package var proof: LatestProof

    /// The epoch of the committee; 0 before the first.
    package var epoch: Epoch { committee?.epoch ?? Epoch(0) }

    /// Reads what the calls of ``RegistryView/allCases`` returned, in that order.
    package init(results: [[UInt8]]) throws(ABIError) {
        guard results.count == RegistryView.allCases.count else {
            throw .unexpected("\(results.count) results")
        }
        view = View(try ABIDecoder.decode([.uint(64)], from: results[0])[0].asUInt64("currentView"))
        leader = try ABIDecoder.decode([.address], from: results[1])[0].asAddress("currentLeader")
        committee = try Self.committee(results[2])
        pending = try Self.pending(results[3])
        let newest = try ABIDecoder.decode([.uint(64), .word], from: results[4])
        proof = LatestProof(number: try newest[0].asUInt64("number"), root: try newest[1].asWord("root"))
    }

    private static func committee(_ result: [UInt8]) throws(ABIError) -> InstalledCommittee? {
        let types: [ABIType] = [
            .uint(64), .uint(256), .uint(8), .uint(16), .uint(16), .word, .word, .uint(64),
        ]
        let values = try ABIDecoder.decode(types, from: result)
        let epoch = try values[0].asUInt64("epoch")
        guard epoch != 0 else { return nil }
        let parity = try values[2].asUInt64("parity")
        guard parity <= 1 else { throw .unexpected("a group key of parity \(parity)") }
        return InstalledCommittee(
            epoch: Epoch(epoch),
            groupKey: CompressedPoint(x: try values[1].asNumber("groupKeyX"), isOdd: parity == 1),
            threshold: UInt16(truncatingIfNeeded: try values[3].asUInt64("threshold")),
            size: UInt16(truncatingIfNeeded: try values[4].asUInt64("size")),
            membersHash: try values[5].asWord("membersHash"),
            transcript: try values[6].asWord("transcript"),
            blockNumber: try values[7].asUInt64("blockNumber")
        )
    }

    private static func pending(_ result: [UInt8]) throws(ABIError) -> PendingProposal? {
        let types: [ABIType] = [.uint(64), .uint(16), .uint(16), .word, .uint(64), .bool, .uint(64)]
        let values = try ABIDecoder.decode(types, from: result)
        let epoch = try values[0].asUInt64("epoch")
        guard epoch != 0 else { return nil }
        return PendingProposal(
            epoch: Epoch(epoch),
            threshold: UInt16(truncatingIfNeeded: try values[1].asUInt64("threshold")),
            size: UInt16(truncatingIfNeeded: try values[2].asUInt64("size")),
            membersHash: try values[3].asWord("membersHash"),
            blockNumber: try values[4].asUInt64("blockNumber"),
            readyAt: try values[5].asBool("emergency") ? try values[6].asUInt64("readyAt") : nil
        )
    }
}
