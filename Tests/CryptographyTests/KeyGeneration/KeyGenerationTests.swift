import Primitives
import Testing

@testable import Cryptography

@Suite struct KeyGenerationTests {
    @Test(arguments: [(3, 4), (5, 7), (7, 10)])
    func `gives every member a share of one key`(threshold: Int, size: Int) throws {
        var random = SeededRandom(UInt64(size))
        let generation = try TestGeneration(threshold: threshold, size: size, random: &random)
        let session = generation.session
        let deals = try generation.checkedDeals()
        let transcript = try session.transcript(of: deals)
        #expect(transcript.key.threshold == threshold)
        let shares = try session.members.map { member in
            try session.share(
                from: deals,
                transcript: transcript,
                with: generation.keys[member.offset],
                as: member
            )
        }
        let statement = StatementDigest(test: 1)
        let signature = try sign(statement, with: shares.suffix(threshold), transcript.key)
        #expect(transcript.key.publicKey.isValid(signature, of: statement))
    }
}
