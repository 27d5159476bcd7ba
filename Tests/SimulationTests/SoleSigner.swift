import Consensus
import Ethereum
import Peer
import Primitives
import Testing

@testable import Cryptography
@testable import Simulation

/// A group key that one hand holds, so that the contract can be brought what no ceremony made.
struct SoleSigner {
    private let secret: Scalar
    private let key: GroupPublicKey
    private let domain: StatementDomain

    init(_ seed: UInt64, domain: StatementDomain) throws {
        secret = Scalar(seed)
        key = try GroupPublicKey(try #require(GroupElement.generator(times: secret).point))
        self.domain = domain
    }

    /// A Schnorr signature over a statement.
    func sign(_ statement: some Statement) throws -> RegistrySignature {
        let digest = domain.digest(of: statement).digest
        let nonce = Scalar(77)
        let commitment = try #require(GroupElement.generator(times: nonce).point).compressed
        let challenge = key.challenge(commitment: commitment, message: digest.array)
        let signature = GroupSignature(commitment: commitment, response: nonce + challenge * secret)
        return try #require(RegistrySignature(signature))
    }

    /// What registers the key, with the approvals of a quorum.
    func registration(of cast: Cast) throws -> RegistryCall {
        var registration = GroupKeyRegistration(
            epoch: cast.committee.epoch,
            groupKey: key.compressed,
            transcript: Keccak256.hash([1]),
            members: cast.committee.roster.members,
            possession: .none
        )
        registration.possession = try sign(registration.statement)
        let digest = domain.digest(of: registration.statement)
        let approvals = try cast.committee.indices.prefix(cast.committee.quorum).map { member in
            let account = try #require(cast.keys[member.offset].secrets).account
            return RegistryApproval(member: member, account.sign(digest))
        }
        return .registerGroupKey(registration, approvals)
    }
}
