import Primitives
import TestSupport
import Testing

@testable import Cryptography

/// The run of the suite's test vectors (RFC 9591, appendix E.5).
@Suite struct FrostVectorTests {
    private static let file = "frost-secp256k1.json"

    private struct Vectors: Decodable {
        struct Inputs: Decodable {
            struct Share: Decodable {
                let identifier: Int
                let participant_share: String
            }
            let participant_list: [Int]
            let group_secret_key: String
            let verifying_key_key: String
            let message: String
            let share_polynomial_coefficients: [String]
            let participant_shares: [Share]
        }
        struct Outputs<Output: Decodable>: Decodable {
            let outputs: [Output]
        }
        struct First: Decodable {
            let identifier: Int
            let hiding_nonce_randomness: String
            let binding_nonce_randomness: String
            let hiding_nonce: String
            let binding_nonce: String
            let hiding_nonce_commitment: String
            let binding_nonce_commitment: String
            let binding_factor_input: String
            let binding_factor: String
        }
        struct Second: Decodable {
            let identifier: Int
            let sig_share: String
        }
        struct Final: Decodable {
            let sig: String
        }
        let inputs: Inputs
        let round_one_outputs: Outputs<First>
        let round_two_outputs: Outputs<Second>
        let final_output: Final
    }

    private let vectors: Vectors?

    init() throws {
        vectors = PublishedVectors.has(Self.file) ? try PublishedVectors.load(Self.file) : nil
    }

    private static func scalar(_ hex: String) throws -> SecretScalar {
        try #require(SecretScalar(try secret(hex)))
    }

    private static func key(of inputs: Vectors.Inputs) throws -> (GroupKey, SecretPolynomial<Secp256k1>) {
        let coefficients = try ([inputs.group_secret_key] + inputs.share_polynomial_coefficients).map(scalar)
        let polynomial = SecretPolynomial<Secp256k1>(coefficients: coefficients)
        let key = try GroupKey(coefficients: polynomial.commitments, size: inputs.participant_shares.count)
        return (key, polynomial)
    }

    @Test(.enabled(if: PublishedVectors.has(file), "the published vectors are not beside the checkout"))
    func `shares and keys are the published ones`() throws {
        let inputs = try #require(vectors).inputs
        let (key, polynomial) = try Self.key(of: inputs)
        #expect(key.publicKey.compressed.hex == inputs.verifying_key_key)
        for expected in inputs.participant_shares {
            let member = MemberIndex(expected.identifier)
            let share = polynomial.evaluated(at: member)
            #expect(share == (try Self.scalar(expected.participant_share)))
            #expect(key.isShare(SecretShare(member: member, secret: share)))
        }
    }

    @Test(.enabled(if: PublishedVectors.has(file), "the published vectors are not beside the checkout"))
    func `nonces, factors, shares and the signature are the published ones`() throws {
        let vectors = try #require(vectors)
        let (key, polynomial) = try Self.key(of: vectors.inputs)
        let message = try bytes(vectors.inputs.message)
        let shares = vectors.inputs.participant_list.map { identifier in
            let member = MemberIndex(identifier)
            return SecretShare(member: member, secret: polynomial.evaluated(at: member))
        }
        var commitments: [SignerCommitment] = []
        for (share, expected) in zip(shares, vectors.round_one_outputs.outputs) {
            let nonces = try Self.nonces(share, expected)
            #expect(nonces.hiding == (try Self.scalar(expected.hiding_nonce)))
            #expect(nonces.binding == (try Self.scalar(expected.binding_nonce)))
            #expect(nonces.commitment.hiding.hex == expected.hiding_nonce_commitment)
            #expect(nonces.commitment.binding.hex == expected.binding_nonce_commitment)
            commitments.append(SignerCommitment(signer: share.member, nonces: nonces.commitment))
        }
        let round = try SigningRound(commitments: commitments, key: key, message: message)
        for (signer, expected) in zip(round.signers, vectors.round_one_outputs.outputs) {
            #expect(signer.bindingFactor.bytes.hex == expected.binding_factor)
            let input = try bytes(expected.binding_factor_input)
            #expect(FrostSuite.bindingFactor(input) == signer.bindingFactor)
        }
        var responses: [MemberIndex: Scalar] = [:]
        for (index, share) in shares.enumerated() {
            let nonces = try Self.nonces(share, vectors.round_one_outputs.outputs[index])
            let response = try round.share(of: share, using: nonces)
            #expect(response.bytes.hex == vectors.round_two_outputs.outputs[index].sig_share)
            #expect(round.isValid(response, of: share.member))
            responses[share.member] = response
        }
        let signature = try round.aggregate(responses)
        #expect(signature.hex == vectors.final_output.sig)
        #expect(key.publicKey.isValid(signature, message: message))
    }

    private static func nonces(_ share: SecretShare, _ vector: Vectors.First) throws -> SigningNonces {
        SigningNonces(
            share: share,
            hidingRandom: try secret(vector.hiding_nonce_randomness),
            bindingRandom: try secret(vector.binding_nonce_randomness)
        )
    }
}
