package import BLS12381
package import Primitives

/// Something that a validator's key may be asked to sign.
///
/// A closed list: a beacon chain's signatures are over bare 32 bytes, so a holder of a share that signed whatever
/// bytes it is given could be made to sign a slashable vote. The only way to a signing root is through one of these.
package enum ValidatorStatement: Hashable, Sendable {
    /// Brings the validator into being.
    case deposit(DepositMessage)
    /// Ends its service.
    case exit(VoluntaryExit)

    /// `compute_signing_root`: the 32 bytes that are signed.
    package func signingRoot(on network: BeaconNetwork) -> Digest {
        let (root, domain) =
            switch self {
            case .deposit(let message): (message.hashTreeRoot(), BeaconDomain.deposit(on: network))
            case .exit(let exit): (exit.hashTreeRoot(), BeaconDomain.voluntaryExit(on: network))
            }
        return SHA256.hash(root.array + domain.bytes.array)
    }
}

extension SecretKey {
    /// Signs as a validator, or as the holder of a share of its key.
    package func sign(_ statement: ValidatorStatement, on network: BeaconNetwork) -> Signature {
        sign(statement.signingRoot(on: network).array)
    }
}

extension Signature {
    /// Whether the key, a validator's or that of a share, has signed the statement.
    package func isValid(
        for statement: ValidatorStatement,
        on network: BeaconNetwork,
        by key: PublicKey
    ) -> Bool {
        isValid(for: statement.signingRoot(on: network).array, by: key)
    }
}
