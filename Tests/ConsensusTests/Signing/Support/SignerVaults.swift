import Consensus
import Cryptography
import Primitives

/// The secrets of one signer, as its shell keeps them.
protocol SignerVault: Sendable {
    mutating func promise(_ context: NonceContext) -> NonceCommitment?
    mutating func share(for order: ShareOrder) -> Result<Scalar, NonceVaultError>
    mutating func leave(before view: View)
}

/// A vault that protects nothing, so that what protects is the machine.
struct HashVault: SignerVault {
    let member: MemberIndex
    /// Differs for each boot, as fresh randomness would.
    var number: Int

    mutating func promise(_ context: NonceContext) -> NonceCommitment? {
        number += 1
        return HashWorld.commitment(member, number)
    }

    func share(for order: ShareOrder) -> Result<Scalar, NonceVaultError> {
        let round = HashRound(signers: order.commitments, statement: order.context.statement)
        return .success(round.share(of: member))
    }

    func leave(before view: View) {}
}

/// The product's vault.
struct RealVault: SignerVault {
    let vault = NonceVault()
    let share: SecretShare
    let key: GroupKey
    var random: RepeatableRandom

    mutating func promise(_ context: NonceContext) -> NonceCommitment? {
        try? vault.promise(in: context, share: share, key: key, random: &random)
    }

    func share(for order: ShareOrder) -> Result<Scalar, NonceVaultError> {
        do throws(NonceVaultError) {
            return .success(
                try vault.share(for: order.commitments, in: order.context, share: share, key: key)
            )
        } catch {
            return .failure(error)
        }
    }

    func leave(before view: View) {
        vault.leaveViews(before: view)
    }
}
