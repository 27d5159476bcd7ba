import Cryptography
import Primitives

/// One session of a coordinator: a fixed set of signers and the shares they have given.
struct CoordinatorSession: Sendable {
    let request: SignRequest
    let root: Digest
    private let round: any RoundOfShares
    private var shares: [MemberIndex: Scalar] = [:]

    init(request: SignRequest, round: any RoundOfShares) {
        self.request = request
        root = request.hashTreeRoot()
        self.round = round
    }

    /// Whether a member is a signer whose share has not come.
    func awaits(_ member: MemberIndex) -> Bool {
        shares[member] == nil && request.commitment(of: member) != nil
    }

    /// Takes a share if it is valid.
    mutating func take(_ share: Scalar, of member: MemberIndex) -> Bool {
        guard round.isValid(share, of: member) else { return false }
        shares[member] = share
        return true
    }

    var isComplete: Bool { shares.count == request.signers.count }

    /// The group's signature, when all shares are there.
    func signature() -> GroupSignature? {
        isComplete ? round.signature(from: shares) : nil
    }
}
