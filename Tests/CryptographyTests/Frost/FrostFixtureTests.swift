import Primitives
import TestSupport
import Testing

@testable import Cryptography

/// Whole signings at two committee sizes against an independent implementation of FROST.
@Suite struct FrostFixtureTests {
    private struct Fixtures: Decodable {
        struct Member: Decodable {
            let identifier: Int
            let share: String
            let verificationShare: String
        }
        struct Session: Decodable {
            struct Signer: Decodable {
                let identifier: Int
                let hidingRandomness: String
                let bindingRandomness: String
                let hidingNonce: String
                let bindingNonce: String
                let hidingCommitment: String
                let bindingCommitment: String
                let bindingFactorInput: String
                let bindingFactor: String
                let lagrange: String
                let signatureShare: String
            }
            let message: String
            let signers: [Signer]
            let groupCommitment: String
            let challenge: String
            let signature: String
            let rx: String
            let ry: String
            let s: String
        }
        let threshold: Int
        let size: Int
        let coefficients: [String]
        let coefficientCommitments: [String]
        let groupKey: String
        let groupKeyX: String
        let parity: Int
        let members: [Member]
        let sessions: [Session]
    }

    static let files = ["frost/3-of-4.json", "frost/7-of-10.json"]

    private func key(_ fixtures: Fixtures) throws -> GroupKey {
        let encoded = try fixtures.coefficientCommitments.map { try #require(CompressedPoint(hex: $0)) }
        return try GroupKey(encodedCoefficients: encoded, size: fixtures.size)
    }

    private func shares(_ fixtures: Fixtures) throws -> [MemberIndex: SecretShare] {
        var shares: [MemberIndex: SecretShare] = [:]
        for member in fixtures.members {
            let index = MemberIndex(member.identifier)
            let scalar = try #require(SecretScalar(try secret(member.share)))
            shares[index] = SecretShare(member: index, secret: scalar)
        }
        return shares
    }

    @Test(arguments: files)
    func `keys and shares agree`(file: String) throws {
        let fixtures: Fixtures = try Fixture.load(file)
        let key = try key(fixtures)
        #expect(key.threshold == fixtures.threshold)
        #expect(key.publicKey.compressed == CompressedPoint(hex: fixtures.groupKey))
        #expect(key.publicKey.coordinates.x == Coordinate(hex: fixtures.groupKeyX))
        #expect(Int(key.publicKey.compressed[0]) == 2 + fixtures.parity)
        let scalars = try fixtures.coefficients.map { try #require(SecretScalar(try secret($0))) }
        let polynomial = SecretPolynomial<Secp256k1>(coefficients: scalars)
        #expect(polynomial.commitments == key.coefficients)
        let shares = try shares(fixtures)
        for member in fixtures.members {
            let index = MemberIndex(member.identifier)
            let share = try #require(shares[index])
            #expect(polynomial.evaluated(at: index) == share.secret)
            #expect(
                key.publicShare(of: index).point?.compressed == CompressedPoint(hex: member.verificationShare)
            )
            #expect(key.isShare(share))
        }
    }

    @Test(arguments: files)
    func `every value of every session agrees`(file: String) throws {
        let fixtures: Fixtures = try Fixture.load(file)
        let key = try key(fixtures)
        let shares = try shares(fixtures)
        try #require(!fixtures.sessions.isEmpty)
        for session in fixtures.sessions {
            let message = try bytes(session.message)
            let commitments = try session.signers.map { signer in
                let nonces = try nonces(of: signer, shares)
                #expect(nonces.hiding == SecretScalar(try secret(signer.hidingNonce)))
                #expect(nonces.binding == SecretScalar(try secret(signer.bindingNonce)))
                #expect(nonces.commitment.hiding == CompressedPoint(hex: signer.hidingCommitment))
                #expect(nonces.commitment.binding == CompressedPoint(hex: signer.bindingCommitment))
                return SignerCommitment(
                    signer: MemberIndex(signer.identifier),
                    nonces: nonces.commitment
                )
            }
            guard commitments.count == key.threshold else {
                // The suite permits more signers than the threshold; a committee never lets more sign.
                let fault = FrostError.signerCount(commitments.count, threshold: key.threshold)
                #expect(throws: fault) {
                    try SigningRound(commitments: commitments, key: key, message: message)
                }
                continue
            }
            let round = try SigningRound(commitments: commitments, key: key, message: message)
            #expect(round.commitment == CompressedPoint(hex: session.groupCommitment))
            #expect(round.challenge.bytes == ScalarBytes(hex: session.challenge))
            var responses: [MemberIndex: Scalar] = [:]
            for (signer, expected) in zip(round.signers, session.signers) {
                #expect(signer.bindingFactor.bytes == ScalarBytes(hex: expected.bindingFactor))
                #expect(
                    FrostSuite.bindingFactor(try bytes(expected.bindingFactorInput)) == signer.bindingFactor
                )
                #expect(signer.lagrange.bytes == ScalarBytes(hex: expected.lagrange))
                let share = try #require(shares[signer.member])
                let response = try round.share(of: share, using: nonces(of: expected, shares))
                #expect(response.bytes == ScalarBytes(hex: expected.signatureShare))
                #expect(round.isValid(response, of: signer.member))
                responses[signer.member] = response
            }
            let signature = try round.aggregate(responses)
            #expect(signature == GroupSignature(hex: session.signature))
            let parts = try #require(signature.parts)
            #expect(parts.commitment.coordinates.x == Coordinate(hex: session.rx))
            #expect(parts.commitment.coordinates.y == Coordinate(hex: session.ry))
            #expect(parts.response.bytes == ScalarBytes(hex: session.s))
        }
    }

    private func nonces(
        of signer: Fixtures.Session.Signer,
        _ shares: [MemberIndex: SecretShare]
    ) throws -> SigningNonces {
        SigningNonces(
            share: try #require(shares[MemberIndex(signer.identifier)]),
            hidingRandom: try secret(signer.hidingRandomness),
            bindingRandom: try secret(signer.bindingRandomness)
        )
    }
}
