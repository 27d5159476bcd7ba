import Primitives
import TestSupport
import Testing

@testable import Cryptography

@Suite struct AccountTests {
    private struct Accounts: Decodable {
        struct Account: Decodable {
            let privateKey: String
            let compressedPublicKey: String
            let address: String
        }
        let accounts: [Account]
    }

    private struct Approvals: Decodable {
        struct Compact: Decodable {
            let r: String
            let vs: String
        }
        struct HighS: Decodable {
            let r: String
            let s: String
            let parity: Int
        }
        struct Approval: Decodable {
            let privateKey: String
            let account: String
            let digest: String
            let parity: Int
            let r: String
            let s: String
            let vs: String
            let wrong: [String: Compact]
            let highS: HighS
        }
        let approvals: [Approval]
    }

    private struct Transactions: Decodable {
        struct Transaction: Decodable {
            let privateKey: String
            let from: String
            let unsigned: String
            let signingHash: String
            let yParity: Int
            let r: String
            let s: String
        }
        let transactions: [Transaction]
    }

    /// A digest whose preimage the fixture does not have.
    private struct KnownDigest: EthereumDigest {
        let digest: Digest
    }

    private func key(_ hex: String) throws -> AccountKey {
        try #require(AccountKey(try secret(hex)))
    }

    private func compact(_ r: String, _ vs: String) throws -> FixedBytes<ByteTag.Signature, 64> {
        try #require(FixedBytes(try bytes(r) + bytes(vs)))
    }

    @Test func `accounts follow from keys`() throws {
        let fixture: Accounts = try Fixture.load("ethereum/addresses.json")
        try #require(!fixture.accounts.isEmpty)
        for account in fixture.accounts {
            let key = try key(account.privateKey)
            #expect(key.address == Address(hex: account.address))
            #expect(key.publicKey.compressed == CompressedPoint(hex: account.compressedPublicKey))
        }
    }

    @Test func `approvals are those of another implementation`() throws {
        let fixture: Approvals = try Fixture.load("ethereum/approvals.json")
        try #require(!fixture.approvals.isEmpty)
        for approval in fixture.approvals {
            let key = try key(approval.privateKey)
            let digest = KnownDigest(digest: try #require(Digest(hex: approval.digest)))
            let signature = key.sign(digest)
            #expect(signature.r.bytes == ScalarBytes(hex: approval.r))
            #expect(signature.s.bytes == ScalarBytes(hex: approval.s))
            #expect(signature.isOdd == (approval.parity == 1))
            #expect(signature.eip2098 == (try compact(approval.r, approval.vs)))
            #expect(AccountSignature(eip2098: signature.eip2098) == signature)
            #expect(signature.isValid(of: digest, by: key.address))
            #expect(key.address == Address(hex: approval.account))
        }
    }

    @Test func `wrong approvals are refused or are somebody else's`() throws {
        let fixture: Approvals = try Fixture.load("ethereum/approvals.json")
        for approval in fixture.approvals {
            let digest = KnownDigest(digest: try #require(Digest(hex: approval.digest)))
            let account = try #require(Address(hex: approval.account))
            try #require(!approval.wrong.isEmpty)
            for wrong in approval.wrong.values {
                let signature = AccountSignature(eip2098: try compact(wrong.r, wrong.vs))
                #expect(signature?.isValid(of: digest, by: account) != true)
            }
            let r = try #require(ScalarBytes(hex: approval.highS.r).flatMap { Scalar($0) })
            let s = try #require(ScalarBytes(hex: approval.highS.s).flatMap { Scalar($0) })
            #expect(AccountSignature(r: r, s: s, isOdd: approval.highS.parity == 1) == nil)
        }
    }

    @Test func `transactions are signed as another implementation signs them`() throws {
        let fixture: Transactions = try Fixture.load("ethereum/transactions.json")
        try #require(!fixture.transactions.isEmpty)
        for transaction in fixture.transactions {
            let payload = try bytes(transaction.unsigned)
            try #require(payload.first == 2)
            let digest = TransactionDigest(unsignedPayload: Array(payload.dropFirst()))
            #expect(digest.digest == Digest(hex: transaction.signingHash))
            let key = try key(transaction.privateKey)
            let signature = key.sign(digest)
            #expect(key.address == Address(hex: transaction.from))
            #expect(signature.r.bytes == ScalarBytes(hex: padded(transaction.r)))
            #expect(signature.s.bytes == ScalarBytes(hex: padded(transaction.s)))
            #expect(signature.isOdd == (transaction.yParity == 1))
        }
    }

    private func padded(_ quantity: String) -> String {
        let digits = quantity.dropFirst(2)
        return String(repeating: "0", count: 64 - digits.count) + digits
    }

    @Test func `the half of the order is the greatest s`() throws {
        let half = (-Scalar.one) * Scalar(2).inverse
        #expect(AccountSignature(r: .one, s: half, isOdd: false) != nil)
        #expect(AccountSignature(r: .one, s: half + .one, isOdd: false) == nil)
        #expect(AccountSignature(r: .zero, s: .one, isOdd: false) == nil)
        #expect(AccountSignature(r: .one, s: .zero, isOdd: false) == nil)
    }

    @Test func `another statement, signer or parity is noticed`() throws {
        var random = SeededRandom(1)
        let (key, other) = (AccountKey(random: &random), AccountKey(random: &random))
        let statement = StatementDigest(test: 1)
        let signature = key.sign(statement)
        #expect(signature.isValid(of: statement, by: key.address))
        #expect(!signature.isValid(of: StatementDigest(test: 2), by: key.address))
        #expect(!signature.isValid(of: statement, by: other.address))
        let flipped = try #require(AccountSignature(r: signature.r, s: signature.s, isOdd: !signature.isOdd))
        #expect(!flipped.isValid(of: statement, by: key.address))
    }

    @Test func `statements and transactions of one preimage differ`() {
        let zeros = [UInt8](repeating: 0, count: 64)
        #expect(TransactionDigest(unsignedPayload: zeros).digest == Keccak256.hash([2] + zeros))
        #expect(
            StatementDigest(domainSeparator: Digest(), structHash: Digest()).digest
                == Keccak256.hash([0x19, 0x01] + zeros)
        )
    }
}
