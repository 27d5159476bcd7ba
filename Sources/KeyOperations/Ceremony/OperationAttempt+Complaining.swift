package import BLS12381
package import Cryptography
import Primitives

extension OperationAttempt {
    /// What an operator has to complain about: one bad share of each dealer that gave it any.
    ///
    /// Also where the deals add up to no key. An own encryption key that is not the one the operator has joined with
    /// makes none: nothing can be shown with it.
    ///
    /// - Parameters:
    ///   - id: The operator, which has joined.
    ///   - key: The key that it has joined with.
    ///   - random: For the proofs.
    /// - Returns: The complaints; `nil` when all shares that can be seen are good.
    /// - Complexity: some 2 ms for each dealer and key.
    package func complaints(
        by id: OperatorID,
        with key: G1EncryptionKey,
        random: inout some SecureRandom
    ) -> Complaints? {
        guard let index = id.shareIndex, recipients[id]?.encryptionKey == key.publicKey else { return nil }
        var items: [Complaints.Item] = []
        for dealer in plan.dealers {
            for (place, (session, deal)) in zip(sessions, deals[dealer] ?? []).enumerated() {
                let complaint = session.complaint(about: deal, with: key, as: index, random: &random)
                if case .dealer? = session.verdict(on: complaint, by: index, about: deal) {
                    items.append(
                        Complaints.Item(place: UInt16(place), deal: deal.digest, complaint: complaint)
                    )
                    break
                }
            }
        }
        return items.isEmpty ? nil : SSZList(items).map { Complaints($0) }
    }
}
