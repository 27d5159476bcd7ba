package import BLS12381
internal import Cryptography
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
    /// Shows SSV's contract that the owner may register the validator: Keccak-256 of `owner:nonce`, the owner's address
    /// with EIP-55's capitals.
    case ownership(Address, nonce: UInt64)
    /// Shows that who signs holds a share of the key that a ceremony with this transcript has made.
    case holding(Digest)

    /// What stands before a transcript's digest, so that no root of a beacon chain's object is ever signed as one.
    private static let holdingTag = Array("oracle validator key transcript v1".utf8)

    /// The 32 bytes that are signed: `compute_signing_root` for what a beacon chain takes.
    package func signingRoot(on network: BeaconNetwork) -> Digest {
        switch self {
        case .deposit(let message): Self.root(message.hashTreeRoot(), BeaconDomain.deposit(on: network))
        case .exit(let exit): Self.root(exit.hashTreeRoot(), BeaconDomain.voluntaryExit(on: network))
        case .ownership(let owner, let nonce): Keccak256.hash(Array("\(owner.checksummed):\(nonce)".utf8))
        case .holding(let transcript): SHA256.hash(Self.holdingTag + transcript.array)
        }
    }

    private static func root(_ object: Digest, _ domain: BeaconDomain) -> Digest {
        SHA256.hash(object.array + domain.bytes.array)
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
