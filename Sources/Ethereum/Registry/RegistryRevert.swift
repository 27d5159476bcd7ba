internal import Primitives

/// Why the registry refuses a call.
package enum RegistryRevert: Hashable, Sendable, CustomStringConvertible {
    /// The view is not after the newest elected one.
    case staleView
    /// The epoch is not the active one, or not the one after it.
    case wrongEpoch
    /// The view lies too far ahead.
    case viewJump
    /// The leader is the zero address.
    case noLeader
    /// The active group key has not signed this.
    case badSignature
    /// The new group key has not signed this.
    case badPossession
    /// A key is no key.
    case badParameters
    /// No committee is proposed.
    case noProposal
    /// The members are not the proposed ones.
    case wrongMembers
    /// Fewer approvals than the threshold.
    case tooFewApprovals
    /// An approval is out of order or not by its member.
    case badApproval
    /// There is no committee whose key could approve.
    case noCommittee
    /// The anchor is not the next after the newest.
    case wrongNumber
    /// There is a committee, and no emergency.
    case noEmergency
    /// The delay of the emergency proposal is not over.
    case emergencyDelay
    /// Another reason, in the contract's words; empty when it gave none.
    case other(String)

    private static let known: [String: RegistryRevert] = [
        "STALE_VIEW": .staleView, "WRONG_EPOCH": .wrongEpoch, "VIEW_JUMP": .viewJump,
        "NO_LEADER": .noLeader, "BAD_SIGNATURE": .badSignature, "BAD_POSSESSION": .badPossession,
        "BAD_PARAMS": .badParameters, "NO_PROPOSAL": .noProposal, "WRONG_MEMBERS": .wrongMembers,
        "TOO_FEW_APPROVALS": .tooFewApprovals, "BAD_APPROVAL": .badApproval,
        "WRONG_NUMBER": .wrongNumber, "NO_COMMITTEE": .noCommittee, "NO_EMERGENCY": .noEmergency,
        "EMERGENCY_DELAY": .emergencyDelay,
    ]

    /// Reads what a reverted call returned: `Error(string)`, or anything else as ``other(_:)``.
    package init(data: [UInt8]) {
        let error = ABISignature("Error", [.string])
        guard data.starts(with: error.selector),
            let values = try? ABIDecoder.decode([.string], from: Array(data.dropFirst(4))),
            case .string(let reason)? = values.first
        else {
            self = .other(data.isEmpty ? "" : "0x" + Hex.encode(data.prefix(64)))
            return
        }
        self.init(reason: reason)
    }

    /// Reads the contract's word.
    package init(reason: String) {
        self = Self.known[reason] ?? .other(String(reason.prefix(200)))
    }

    package var description: String {
        if case .other(let reason) = self { return reason }
        return Self.known.first { $0.value == self }?.key ?? "reverted"
    }
}
