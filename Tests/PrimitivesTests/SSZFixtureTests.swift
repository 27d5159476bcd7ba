import Primitives
import TestSupport
import Testing

/// Values, roots, successions and signing roots against the Python package remerkleable.
@Suite struct SSZFixtureTests {
    struct Case: Decodable {
        let type: String
        let bytes: String
        let root: String
    }

    struct CommitteeCase: Decodable {
        let roster: String
        let configDigest: String
        let succession: [Int]
    }

    struct SigningCase: Decodable {
        let deployment: String
        let object: String
        let domain: String
        let signingRoot: String
    }

    static let types: [any SSZValue.Type] = [
        UInt8.self, UInt16.self, UInt32.self, UInt64.self, Bool.self,
        Address.self, Digest.self, CompressedPoint.self, IdentitySignature.self, GroupSignature.self,
        ByteList<64>.self, ByteList<32_768>.self,
        SSZList<UInt16, 128>.self, SSZList<UInt64, 128>.self, SSZList<Digest, 128>.self,
        SSZList<ByteList<64>, 128>.self,
        Order.self, Deployment.self, Roster.self, Object.self, SignedObject.self,
    ]

    @Test func `decodes, encodes and roots as an independent implementation does`() throws {
        let byName = Dictionary(uniqueKeysWithValues: Self.types.map { ($0.sszTypeName, $0) })
        let cases = try Fixture.load("ssz/values.json", as: [Case].self)
        #expect(Set(cases.map(\.type)) == Set(byName.keys))
        for sample in cases {
            let type = try #require(byName[sample.type], "\(sample.type)")
            try check(sample, as: type)
        }
    }

    private func check<Value: SSZValue>(_ sample: Case, as _: Value.Type) throws {
        let bytes = try #require(Hex.decode(sample.bytes))
        let value = try Value(ssz: bytes)
        #expect(value.sszBytes == bytes, "\(sample.type)")
        #expect(value.hashTreeRoot().hex == sample.root, "\(sample.type)")
    }

    @Test func `derives digest and succession of a committee as the protocol says`() throws {
        for sample in try Fixture.load("ssz/committees.json", as: [CommitteeCase].self) {
            let committee = try Committee(Roster(ssz: #require(Hex.decode(sample.roster))))
            #expect(committee.configDigest.hex == sample.configDigest)
            let leaders = (0..<committee.size).map { Int(committee.leader(of: View(UInt64($0))).rawValue) }
            #expect(leaders == sample.succession)
            #expect(committee.leader(of: View(UInt64(committee.size))) == committee.leader(of: View(0)))
        }
    }

    @Test func `signs one root for one object, kind and deployment`() throws {
        var roots: Set<SigningRoot> = []
        for sample in try Fixture.load("ssz/signing.json", as: [SigningCase].self) {
            let domains = SigningDomains(try Deployment(ssz: #require(Hex.decode(sample.deployment))))
            let object = try Object(ssz: #require(Hex.decode(sample.object)))
            let root = SigningRoot(of: object, in: domains)
            #expect(domains[object.kind].hex == sample.domain)
            #expect(root.digest.hex == sample.signingRoot)
            #expect(roots.insert(root).inserted)
        }
    }
}
