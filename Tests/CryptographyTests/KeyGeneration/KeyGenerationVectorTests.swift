import Primitives
import TestSupport
import Testing

@testable import Cryptography

/// Share evaluation and sums of the published run of FROST's key generation.
///
/// Its proofs of possession are of another form than ours, so they are not looked at.
@Suite struct KeyGenerationVectorTests {
    private static let file = "frost-secp256k1-dkg.json"

    private struct Participant: Decodable {
        let identifier: Int
        let signing_key: String
        let coefficient: String
        let vss_commitments: [String]
        let signing_shares: [String: String]
        let verifying_share: String
        let signing_share: String
    }

    private struct Vectors: Decodable {
        struct Inputs: Decodable {
            enum CodingKeys: String, CodingKey {
                case verifying_key
                case first = "1"
                case second = "2"
                case third = "3"
            }
            let verifying_key: String
            let first: Participant
            let second: Participant
            let third: Participant
        }
        let inputs: Inputs
    }

    private func polynomial(of participant: Participant) throws -> SecretPolynomial<Secp256k1> {
        let constant = try #require(SecretScalar(try secret(participant.signing_key)))
        let slope = try #require(SecretScalar(try secret(participant.coefficient)))
        return SecretPolynomial<Secp256k1>(coefficients: [constant, slope])
    }

    @Test(.enabled(if: PublishedVectors.has(file), "the published vectors are not beside the checkout"))
    func `shares, sums and keys are the published ones`() throws {
        let inputs = try PublishedVectors.load(Self.file, as: Vectors.self).inputs
        let participants = [inputs.first, inputs.second, inputs.third]
        let polynomials = try participants.map { try polynomial(of: $0) }
        for (participant, polynomial) in zip(participants, polynomials) {
            #expect(polynomial.commitments.map { $0.compressed.hex } == participant.vss_commitments)
        }
        let constant = GroupElement.sum(polynomials.map { $0.commitments[0] })
        let slope = GroupElement.sum(polynomials.map { $0.commitments[1] })
        let key = try GroupKey(coefficients: [constant, slope].compactMap(\.point), size: 3)
        #expect(key.publicKey.compressed.hex == inputs.verifying_key)
        for recipient in participants {
            let member = MemberIndex(recipient.identifier)
            var sum = Scalar.zero
            for (dealer, polynomial) in zip(participants, polynomials) {
                let share = polynomial.evaluated(at: member).published()
                if let expected = recipient.signing_shares[String(dealer.identifier)] {
                    #expect(share.bytes.hex == expected)
                }
                sum = sum + share
            }
            #expect(sum.bytes.hex == recipient.signing_share)
            #expect(key.publicShare(of: member).point?.compressed.hex == recipient.verifying_share)
        }
    }
}
