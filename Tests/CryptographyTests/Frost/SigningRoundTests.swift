import Primitives
import Testing

@testable import Cryptography

@Suite struct SigningRoundTests {
    /// One signing with all that its signers hold.
    private struct Signing {
        let dealt: DealtKey
        let statement = StatementDigest(test: 1)
        var commitments: [SignerCommitment] = []
        private var seeds: [MemberIndex: UInt64] = [:]

        /// The members given sign; their nonces can be made again from their seeds.
        init(threshold: Int, size: Int, signers: [Int]) throws {
            var random = SeededRandom(UInt64(size))
            dealt = try DealtKey(threshold: threshold, size: size, random: &random)
            for signer in signers {
                seeds[MemberIndex(signer)] = UInt64(signer)
                let nonces = nonces(MemberIndex(signer))
                commitments.append(
                    SignerCommitment(signer: MemberIndex(signer), nonces: nonces.commitment)
                )
            }
        }

        func nonces(_ member: MemberIndex) -> SigningNonces {
            var random = SeededRandom(seeds[member] ?? 0)
            return SigningNonces(share: dealt.shares[member.offset], random: &random)
        }

        func round() throws(FrostError) -> SigningRound {
            try SigningRound(commitments: commitments, key: dealt.key, statement: statement)
        }

        func responses(_ round: SigningRound) throws -> [MemberIndex: Scalar] {
            var responses: [MemberIndex: Scalar] = [:]
            for member in round.members {
                responses[member] = try round.share(of: dealt.shares[member.offset], using: nonces(member))
            }
            return responses
        }
    }

    @Test(arguments: [(1, 1), (1, 4), (2, 3), (3, 4), (4, 4), (5, 7), (7, 10), (11, 16)])
    func `any threshold of members signs`(threshold: Int, size: Int) throws {
        var random = SeededRandom(UInt64(threshold))
        let dealt = try DealtKey(threshold: threshold, size: size, random: &random)
        let statement = StatementDigest(test: 7)
        for first in 0...(size - threshold) {
            let signature = try sign(statement, with: dealt.shares[first..<(first + threshold)], dealt.key)
            #expect(dealt.key.publicKey.isValid(signature, of: statement))
            #expect(dealt.key.publicKey.isAcceptedOnChain(signature, of: statement))
        }
    }

    @Test func `sixty-seven of a hundred sign`() throws {
        var random = SeededRandom(67)
        let dealt = try DealtKey(threshold: 67, size: 100, random: &random)
        let statement = StatementDigest(test: 67)
        let signature = try sign(statement, with: dealt.shares.suffix(67), dealt.key)
        #expect(dealt.key.publicKey.isValid(signature, of: statement))
    }

    @Test func `one share less or more than the threshold is no round`() throws {
        for signers in [[1, 2], [1, 2, 3, 4], []] {
            let signing = try Signing(threshold: 3, size: 4, signers: signers)
            #expect(throws: FrostError.signerCount(signers.count, threshold: 3)) { try signing.round() }
        }
    }

    @Test func `names signers that are not in the committee`() throws {
        for stranger in [0, 5, 65_535] {
            var signing = try Signing(threshold: 3, size: 4, signers: [1, 2, 3])
            signing.commitments[stranger == 0 ? 0 : 2].signer = MemberIndex(stranger)
            #expect(throws: FrostError.unknownSigner(MemberIndex(stranger))) { try signing.round() }
        }
    }

    @Test func `names signers that are out of order or there twice`() throws {
        var signing = try Signing(threshold: 3, size: 4, signers: [1, 2, 3])
        signing.commitments[2] = signing.commitments[1]
        #expect(throws: FrostError.unorderedSigner(MemberIndex(2))) { try signing.round() }
        let unsorted = try Signing(threshold: 3, size: 4, signers: [1, 3, 2])
        #expect(throws: FrostError.unorderedSigner(MemberIndex(2))) { try unsorted.round() }
    }

    @Test func `names signers whose commitments are no points`() throws {
        // Zeros stand for what somebody might take for the identity.
        let notPoints = try [
            CompressedPoint(),
            #require(CompressedPoint(hex: "02" + String(repeating: "f", count: 64))),
            #require(CompressedPoint(hex: "04" + String(repeating: "1", count: 64))),
        ]
        for encoded in notPoints {
            var hiding = try Signing(threshold: 3, size: 4, signers: [1, 2, 4])
            hiding.commitments[1].nonces.hiding = encoded
            #expect(throws: FrostError.invalidCommitment(MemberIndex(2))) { try hiding.round() }
            var binding = try Signing(threshold: 3, size: 4, signers: [1, 2, 4])
            binding.commitments[2].nonces.binding = encoded
            #expect(throws: FrostError.invalidCommitment(MemberIndex(4))) { try binding.round() }
        }
    }

    @Test func `signs only with the nonces that are on the list`() throws {
        let signing = try Signing(threshold: 3, size: 4, signers: [1, 2, 3])
        let round = try signing.round()
        let share = signing.dealt.shares[0]
        #expect(throws: FrostError.foreignCommitment(MemberIndex(1))) {
            var random = SeededRandom(1_000)
            _ = try round.share(of: share, using: SigningNonces(share: share, random: &random))
        }
        #expect(throws: FrostError.notASigner(MemberIndex(4))) {
            _ = try round.share(of: signing.dealt.shares[3], using: signing.nonces(MemberIndex(4)))
        }
    }

    @Test func `blames exactly those whose shares are wrong`() throws {
        let signing = try Signing(threshold: 5, size: 7, signers: [1, 2, 4, 6, 7])
        let round = try signing.round()
        let honest = try signing.responses(round)
        #expect(throws: Never.self) { try round.aggregate(honest) }
        for culprits in [[2], [1, 7], [1, 2, 4, 6, 7]].map({ $0.map { MemberIndex($0) } }) {
            var responses = honest
            for culprit in culprits { responses[culprit] = (honest[culprit] ?? .zero) + .one }
            #expect(throws: FrostError.invalidShares(culprits)) { try round.aggregate(responses) }
            for member in round.members {
                let response = try #require(responses[member])
                #expect(round.isValid(response, of: member) == !culprits.contains(member))
            }
        }
    }

    @Test func `a share of zero or of somebody else is wrong`() throws {
        let signing = try Signing(threshold: 3, size: 4, signers: [1, 2, 4])
        let round = try signing.round()
        let responses = try signing.responses(round)
        #expect(!round.isValid(.zero, of: MemberIndex(1)))
        #expect(!round.isValid(try #require(responses[MemberIndex(2)]), of: MemberIndex(1)))
        #expect(!round.isValid(try #require(responses[MemberIndex(1)]), of: MemberIndex(3)))
    }

    @Test func `errors that cancel out make a valid signature and nobody's fault`() throws {
        let signing = try Signing(threshold: 3, size: 4, signers: [1, 2, 4])
        let round = try signing.round()
        var responses = try signing.responses(round)
        responses[MemberIndex(1)] = try #require(responses[MemberIndex(1)]) + .one
        responses[MemberIndex(4)] = try #require(responses[MemberIndex(4)]) - .one
        #expect(throws: Never.self) { try round.aggregate(responses) }
        #expect(!round.isValid(try #require(responses[MemberIndex(1)]), of: MemberIndex(1)))
    }

    @Test func `names the first signer whose share is missing`() throws {
        let signing = try Signing(threshold: 3, size: 4, signers: [1, 2, 4])
        let round = try signing.round()
        var responses = try signing.responses(round)
        responses[MemberIndex(2)] = nil
        responses[MemberIndex(3)] = .one
        #expect(throws: FrostError.missingShare(MemberIndex(2))) { try round.aggregate(responses) }
    }

    @Test func `shares hold for one list, one statement and one key`() throws {
        let signing = try Signing(threshold: 3, size: 4, signers: [1, 2, 4])
        let round = try signing.round()
        let response = try #require(try signing.responses(round)[MemberIndex(1)])
        let others = try [
            SigningRound(
                commitments: signing.commitments,
                key: signing.dealt.key,
                statement: StatementDigest(test: 2)
            ),
            Signing(threshold: 3, size: 4, signers: [1, 2, 3]).round(),
            Signing(threshold: 3, size: 5, signers: [1, 2, 4]).round(),
        ]
        for other in others { #expect(!other.isValid(response, of: MemberIndex(1))) }
    }
}
