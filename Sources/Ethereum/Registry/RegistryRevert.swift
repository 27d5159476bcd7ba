internal import Primitives

/// Why a contract refuses a call, the registry or the one for validators' keys.
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
    /// The request is not open: there is none, it is done, taken back or given up.
    case notOpen
    /// The validator in this place of the request is on record.
    case alreadyDone
    /// The validator's key is on record.
    case knownKey
    /// The operators are not those that were asked for, or that hold the key now.
    case wrongOperators
    /// One of the operators may hold no further shares.
    case inactiveOperator
    /// There is no such operator.
    case unknownOperator
    /// The operators are out of order, or too few.
    case badOperators
    /// The request asks for fewer validators.
    case badIndex
    /// The key or the signature is no key or signature.
    case badLength
    /// The reason of the failure is none.
    case badReason
    /// The request asks for another way to leave.
    case wrongWay
    /// The contract has less ether than the deposit or the fee.
    case noEther
    /// The fee for a withdrawal request is above the request's cap now.
    case feeTooHigh
    /// The chain takes no withdrawal requests.
    case noWithdrawals
    /// Another reason, in the contract's words; empty when it gave none.
    case other(String)

    private static let known: [String: RegistryRevert] = [
        "STALE_VIEW": .staleView, "WRONG_EPOCH": .wrongEpoch, "VIEW_JUMP": .viewJump,
        "NO_LEADER": .noLeader, "BAD_SIGNATURE": .badSignature, "BAD_POSSESSION": .badPossession,
        "BAD_PARAMS": .badParameters, "NO_PROPOSAL": .noProposal, "WRONG_MEMBERS": .wrongMembers,
        "TOO_FEW_APPROVALS": .tooFewApprovals, "BAD_APPROVAL": .badApproval,
        "WRONG_NUMBER": .wrongNumber, "NO_COMMITTEE": .noCommittee, "NO_EMERGENCY": .noEmergency,
        "EMERGENCY_DELAY": .emergencyDelay, "NOT_OPEN": .notOpen, "ALREADY_DONE": .alreadyDone,
        "KNOWN_KEY": .knownKey, "WRONG_OPERATORS": .wrongOperators, "INACTIVE_OPERATOR": .inactiveOperator,
        "UNKNOWN_OPERATOR": .unknownOperator, "BAD_OPERATORS": .badOperators, "BAD_INDEX": .badIndex,
        "BAD_LENGTH": .badLength, "BAD_REASON": .badReason, "WRONG_WAY": .wrongWay, "NO_ETHER": .noEther,
        "FEE_TOO_HIGH": .feeTooHigh, "NO_EIP7002": .noWithdrawals,
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
