import Cryptography
import Primitives
import TestSupport
import Testing

@Suite struct StatementTests {
    /// The digests of another implementation of EIP-712, for several chains and contracts.
    private struct Vectors: Decodable {
        struct Domain: Decodable {
            let chainId: String
            let verifyingContract: String
            let separator: String
            let statements: [Case]
        }

        struct Case: Decodable {
            let statement: String
            let values: [String: String]
            let digest: String
        }

        let domains: [Domain]
    }

    private func domains() throws -> [(domain: StatementDomain, vector: Vectors.Domain)] {
        try Fixture.load("ethereum/eip712.json", as: Vectors.self).domains.compactMap { vector in
            // A deployment's chain id has 64 bits; the vectors go further.
            guard let chainId = UInt64(vector.chainId.dropFirst(2), radix: 16) else { return nil }
            let registry = try #require(Address(hex: vector.verifyingContract))
            return (StatementDomain(chainId: chainId, registry: registry), vector)
        }
    }

    @Test func `separates domains as EIP-712 does`() throws {
        #expect(try domains().count >= 3)
        for (domain, vector) in try domains() {
            #expect(domain.separator.description == vector.separator)
        }
    }

    @Test func `hashes each statement as EIP-712 does`() throws {
        for (domain, vector) in try domains() {
            #expect(vector.statements.count > 10)
            for expected in vector.statements {
                let digest = try digest(of: expected, in: domain)
                #expect(digest.digest.description == expected.digest, "\(expected.values)")
            }
        }
    }

    @Test func `gives a group key's x and parity as the contract takes them`() throws {
        let bytes: [UInt8] = [3] + (1...32).map { UInt8($0) }
        let groupKey = try #require(CompressedPoint(bytes))
        let statement = GroupKeyStatement(
            epoch: Epoch(1),
            groupKey: groupKey,
            threshold: 3,
            size: 4,
            membersHash: Digest(),
            transcript: Digest()
        )
        #expect(statement.parity == 1)
        #expect(statement.groupKeyX.array == (1...32).map { UInt8($0) })
    }

    private func digest(of expected: Vectors.Case, in domain: StatementDomain) throws -> StatementDigest {
        func digits(_ name: String) throws -> Substring {
            let text = try #require(expected.values[name])
            return text.dropFirst(2)
        }
        func number(_ name: String) throws -> UInt64 {
            let digits = try digits(name)
            return try #require(UInt64(digits, radix: 16))
        }
        func word(_ name: String) throws -> Digest {
            let digits = try digits(name)
            return try #require(Digest(hex: String(repeating: "0", count: 64 - digits.count) + digits))
        }
        let epoch = Epoch(try number("epoch"))
        switch expected.statement {
        case "Election":
            let digits = try digits("leader")
            let leader = try #require(Address(hex: digits))
            let view = View(try number("viewNumber"))
            return domain.digest(of: ElectionStatement(epoch: epoch, view: view, leader: leader))
        case "GroupKey":
            let key = [2 + UInt8(try number("parity"))] + (try word("groupKeyX").array)
            let groupKey = try #require(CompressedPoint(key))
            return domain.digest(
                of: GroupKeyStatement(
                    epoch: epoch,
                    groupKey: groupKey,
                    threshold: UInt16(try number("threshold")),
                    size: UInt16(try number("size")),
                    membersHash: try word("membersHash"),
                    transcript: try word("transcript")
                )
            )
        case "ProofAnchor":
            let (number, root) = (try number("number"), try word("root"))
            return domain.digest(of: ProofAnchorStatement(epoch: epoch, number: number, root: root))
        default:
            return domain.digest(of: VetoStatement(epoch: epoch, membersHash: try word("membersHash")))
        }
    }
}
