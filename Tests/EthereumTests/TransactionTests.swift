import Cryptography
import Ethereum
import Primitives
import TestSupport
import Testing

@Suite struct TransactionTests {
    private let vectors: [JSON]

    init() throws {
        vectors = try JSONFixture.load("ethereum/transactions.json").list("transactions")
    }

    @Test func `signs the bytes that other implementations sign`() throws {
        for vector in vectors {
            let transaction = try transaction(vector)
            #expect(transaction.digest.digest.array == (try vector.bytes("signingHash")))
            let secret = try vector.bytes("privateKey")
            let key = try #require(AccountKey(secretBytes(secret)))
            let signed = SignedTransaction(transaction, key.sign(transaction.digest))
            #expect(signed.raw == (try vector.bytes("signed")))
            #expect(signed.hash.array == (try vector.bytes("hash")))
        }
    }

    @Test func `reads back what it signed, sender included`() throws {
        for vector in vectors {
            let signed = try SignedTransaction(decoding: try vector.bytes("signed"))
            #expect(signed.transaction == (try transaction(vector)))
            #expect(signed.raw == (try vector.bytes("signed")))
            #expect(signed.sender?.array == (try vector.bytes("from")))
        }
    }

    @Test func `refuses or tells apart every changed byte`() throws {
        let raw = try vectors[0].bytes("signed")
        let signed = try SignedTransaction(decoding: raw)
        for index in raw.indices {
            var changed = raw
            changed[index] ^= 1
            guard let other = try? SignedTransaction(decoding: changed) else { continue }
            #expect(other.hash != signed.hash)
            #expect(other.sender != signed.sender)
        }
    }

    @Test func `refuses another type, an access list and a short list`() {
        #expect(throws: RLPError.self) { try SignedTransaction(decoding: []) }
        #expect(throws: RLPError.self) { try SignedTransaction(decoding: [1] + RLP.list([]).encoded) }
        #expect(throws: RLPError.self) { try SignedTransaction(decoding: [2] + RLP.list([]).encoded) }
        let fields: [RLP] = (0..<12).map { $0 == 8 ? .list([.bytes([1])]) : .bytes([]) }
        #expect(throws: RLPError.self) { try SignedTransaction(decoding: [2] + RLP.list(fields).encoded) }
    }

    private func transaction(_ vector: JSON) throws -> Transaction {
        let to = try vector.optionalMember("to")?.data("to", atMost: 20) ?? []
        return Transaction(
            chainId: try vector.number("chainId"),
            nonce: try vector.number("nonce"),
            maxPriorityFee: try #require(vector["maxPriorityFeePerGas"]).wideQuantity("tip"),
            maxFee: try #require(vector["maxFeePerGas"]).wideQuantity("fee"),
            gasLimit: try vector.number("gas"),
            to: Address(to),
            value: try #require(vector["value"]).wideQuantity("value"),
            data: try vector.bytes("data")
        )
    }

    private func secretBytes(_ bytes: [UInt8]) -> SecretBytes {
        unsafe bytes.withUnsafeBytes { unsafe SecretBytes(copying: $0) }
    }
}
