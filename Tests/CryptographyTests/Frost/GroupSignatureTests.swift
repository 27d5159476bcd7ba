import Primitives
import Testing

@testable import Cryptography

@Suite struct GroupSignatureTests {
    private let dealt: DealtKey
    private let statement = StatementDigest(test: 3)
    private let signature: GroupSignature
    private var key: GroupPublicKey { dealt.key.publicKey }

    init() throws {
        var random = SeededRandom(1)
        dealt = try DealtKey(threshold: 3, size: 4, random: &random)
        signature = try sign(statement, with: dealt.shares.prefix(3), dealt.key)
    }

    /// Whether a signature is valid; the contract's way must agree.
    private func isValid(_ signature: GroupSignature, _ statement: StatementDigest) -> Bool {
        let isValid = key.isValid(signature, of: statement)
        #expect(key.isAcceptedOnChain(signature, of: statement) == isValid)
        return isValid
    }

    @Test func `every flipped bit is noticed, on chain too`() {
        #expect(isValid(signature, statement))
        for bit in 0..<(65 * 8) {
            var changed = signature
            changed[bit / 8] ^= 1 << UInt8(bit % 8)
            #expect(!isValid(changed, statement))
        }
    }

    @Test func `holds for one statement and one key`() throws {
        #expect(!isValid(signature, StatementDigest(test: 4)))
        var random = SeededRandom(2)
        let other = try DealtKey(threshold: 3, size: 4, random: &random)
        #expect(!other.key.publicKey.isValid(signature, of: statement))
        #expect(!other.key.publicKey.isAcceptedOnChain(signature, of: statement))
    }

    @Test func `refuses a response that is zero or not below the order`() throws {
        let parts = try #require(signature.parts)
        let order = try #require(
            ScalarBytes(hex: "fffffffffffffffffffffffffffffffebaaedce6af48a03bbfd25e8cd0364141")
        )
        var zero = signature
        var atOrder = signature
        var above = signature
        for index in 0..<32 {
            zero[33 + index] = 0
            atOrder[33 + index] = order[index]
            above[33 + index] = 0xFF
        }
        for signature in [zero, atOrder, above] {
            #expect(signature.parts == nil)
            #expect(!isValid(signature, statement))
        }
        #expect(
            GroupSignature(commitment: parts.commitment.compressed, response: parts.response) == signature
        )
    }

    @Test func `refuses a commitment that is no point`() {
        for tag in [0, 1, 4, 6, 7] as [UInt8] {
            var changed = signature
            changed[0] = tag
            #expect(changed.parts == nil)
            #expect(!isValid(changed, statement))
        }
    }

    @Test func `a signature by one who knows the whole secret verifies on both sides whatever the parities`()
        throws
    {
        var random = SeededRandom(5)
        var parities: Set<[UInt8]> = []
        for _ in 0..<40 {
            let (secret, nonce) = (random.scalar(), random.scalar())
            let key = try GroupPublicKey(try #require(GroupElement.generator(times: secret).point))
            let commitment = try #require(GroupElement.generator(times: nonce).point).compressed
            let challenge = key.challenge(commitment: commitment, message: statement.digest.array)
            let signature = GroupSignature(commitment: commitment, response: nonce + challenge * secret)
            #expect(key.isValid(signature, of: statement))
            #expect(key.isAcceptedOnChain(signature, of: statement))
            parities.insert([commitment[0], key.compressed[0]])
        }
        #expect(parities.count == 4)
    }

    @Test func `a group key's polynomial has a sensible length and encodable coefficients`() throws {
        let coefficients = dealt.key.coefficients
        #expect(throws: GroupKeyError.threshold(0, members: 4)) {
            try GroupKey(coefficients: [], size: 4)
        }
        #expect(throws: GroupKeyError.threshold(3, members: 2)) {
            try GroupKey(coefficients: coefficients, size: 2)
        }
        var encoded = coefficients.map(\.compressed)
        let again = try GroupKey(encodedCoefficients: encoded, size: 4)
        #expect(again.publicKey == key)
        encoded[2] = CompressedPoint()
        #expect(throws: GroupKeyError.coefficient(2)) {
            try GroupKey(encodedCoefficients: encoded, size: 4)
        }
    }

    @Test func `a share belongs to its member and key`() throws {
        var random = SeededRandom(6)
        let share = dealt.shares[0]
        #expect(dealt.key.isShare(share))
        #expect(!dealt.key.isShare(SecretShare(member: MemberIndex(2), secret: share.secret)))
        #expect(!dealt.key.isShare(SecretShare(member: MemberIndex(0), secret: share.secret)))
        #expect(!dealt.key.isShare(SecretShare(member: MemberIndex(5), secret: share.secret)))
        #expect(
            !dealt.key.isShare(SecretShare(member: MemberIndex(1), secret: SecretScalar(random: &random)))
        )
    }
}
