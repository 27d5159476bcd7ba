import Cryptography
import Primitives
import TestSupport
import Testing

/// Sealed secrets put together by other libraries, from the documentation of the format.
@Suite struct SealedSecretFixtureTests {
    struct Case: Decodable {
        let kind: UInt8
        let sort: UInt8
        let key: String
        let context: String
        let secret: String
        let sealed: String
    }

    @Test func `opens what an independent implementation sealed`() throws {
        let cases: [Case] = try Fixture.load("sealing/secrets.json")
        #expect(cases.count == 5)
        for sample in cases {
            let kind = try #require(SecretKind(rawValue: sample.kind))
            let key = try secret(sample.key)
            let opened = try SealedSecret.open(
                try bytes(sample.sealed),
                as: kind,
                with: sample.sort == SealingKey.Sort.passphrase.rawValue ? .passphrase(key) : .keyFile(key),
                context: try bytes(sample.context)
            )
            #expect(opened == (try secret(sample.secret)))
        }
    }
}
