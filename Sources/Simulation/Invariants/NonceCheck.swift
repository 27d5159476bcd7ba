import Consensus
import Cryptography
import Primitives

/// `nonce-used-once`: a commitment answers one request, by one share, through every crash.
struct NonceCheck {
    private struct Use: Equatable {
        let request: Digest
        let share: Scalar
    }

    private var uses: [NonceCommitment: Use] = [:]

    mutating func signed(_ order: ShareOrder, _ share: Scalar, _ member: MemberIndex) -> String? {
        guard let commitment = order.request.commitment(of: member) else {
            return "signs a request that does not name it"
        }
        let use = Use(request: order.root, share: share)
        guard let before = uses.updateValue(use, forKey: commitment), before != use else { return nil }
        return "spends a nonce twice, in view \(order.request.view)"
    }
}
