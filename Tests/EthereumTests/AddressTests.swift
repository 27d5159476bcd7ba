import Cryptography
import Primitives
import TestSupport
import Testing

@Suite struct AddressTests {
    private struct Vectors: Decodable {
        let checksummed: [String]
        let wrongChecksum: [String]
        let notAddresses: [String]
    }

    private let vectors: Vectors

    init() throws {
        vectors = try Fixture.load("ethereum/addresses.json")
    }

    @Test func `writes the capitals of EIP-55`() throws {
        for text in vectors.checksummed {
            let address = try #require(Address(hex: text))
            #expect(address.checksummed == text)
            #expect(Address(checked: text) == address)
            #expect(Address(checked: text.lowercased()) == address)
        }
    }

    @Test func `refuses capitals that do not add up, and what is no address`() {
        for text in vectors.wrongChecksum + vectors.notAddresses {
            #expect(Address(checked: text) == nil, "\(text)")
        }
    }
}
