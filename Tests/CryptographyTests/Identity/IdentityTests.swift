import Primitives
import TestSupport
import Testing

@testable import Cryptography

@Suite struct IdentityTests {
    private struct Cases: Decodable {
        struct Proof: Decodable {
            let seed: String
            let identity: String
            let role: UInt8
            let prologueHash: String
            let staticKey: String
            let handshakeHash: String
            let signature: String
            let malleated: String
        }
        struct Mixed: Decodable {
            let identity: String
            let prologueHash: String
            let staticKey: String
            let handshakeHash: String
            let signature: String
        }
        let proofs: [Proof]
        let smallOrder: [String]
        let notCanonical: [String]
        let mixedOrder: Mixed
    }

    private let cases: Cases

    init() throws {
        cases = try Fixture.load("cryptography/identities.json")
    }

    private func proof(_ vector: Cases.Proof) throws -> LinkProof {
        LinkProof(
            role: try #require(LinkProof.Role(rawValue: vector.role)),
            prologueHash: try #require(Digest(hex: vector.prologueHash)),
            staticKey: try #require(LinkKey(hex: vector.staticKey)),
            handshakeHash: try #require(Digest(hex: vector.handshakeHash))
        )
    }

    private func root(sequence: UInt64 = 1) throws -> SigningRoot {
        let object = Object(
            epoch: Epoch(1),
            author: MemberIndex(1),
            kind: .heartbeat,
            order: Order(incarnation: 1, sequence: sequence),
            payload: try #require(ByteList([1, 2, 3]))
        )
        let deployment = Deployment(chainId: 1, genesis: Digest(), registry: Address())
        return SigningRoot(of: object, in: SigningDomains(deployment))
    }

    @Test func `keys and link proofs are those of another implementation`() throws {
        for vector in cases.proofs {
            let key = IdentityKey(seed: try secret(vector.seed))
            let proof = try proof(vector)
            #expect(key.identity.hex == vector.identity)
            #expect(key.sign(proof).hex == vector.signature)
            #expect(key.identity.isValidPoint)
            #expect(key.identity.hasSigned(proof, key.sign(proof)))
        }
    }

    @Test func `a proof speaks for one role, prologue, key and handshake`() throws {
        let vector = try #require(cases.proofs.first)
        let identity = try #require(Identity(hex: vector.identity))
        let signature = try #require(IdentitySignature(hex: vector.signature))
        let proof = try proof(vector)
        let other = SHA256.hash([1])
        let changed = [
            LinkProof(
                role: proof.role == .initiator ? .responder : .initiator,
                prologueHash: proof.prologueHash,
                staticKey: proof.staticKey,
                handshakeHash: proof.handshakeHash
            ),
            LinkProof(
                role: proof.role,
                prologueHash: other,
                staticKey: proof.staticKey,
                handshakeHash: proof.handshakeHash
            ),
            LinkProof(
                role: proof.role,
                prologueHash: proof.prologueHash,
                staticKey: LinkKey(other.storage),
                handshakeHash: proof.handshakeHash
            ),
            LinkProof(
                role: proof.role,
                prologueHash: proof.prologueHash,
                staticKey: proof.staticKey,
                handshakeHash: other
            ),
        ]
        #expect(identity.hasSigned(proof, signature))
        for changed in changed { #expect(!identity.hasSigned(changed, signature)) }
    }

    @Test func `signatures have no second form`() throws {
        for vector in cases.proofs {
            let identity = try #require(Identity(hex: vector.identity))
            let malleated = try #require(IdentitySignature(hex: vector.malleated))
            #expect(!identity.hasSigned(try proof(vector), malleated))
        }
    }

    @Test func `every flipped bit of a signature is noticed`() throws {
        var random = SeededRandom(1)
        let key = IdentityKey(random: &random)
        let root = try root()
        let signature = key.sign(root)
        for bit in 0..<512 {
            var changed = signature
            changed[bit / 8] ^= 1 << UInt8(bit % 8)
            #expect(!key.identity.hasSigned(root, changed))
        }
    }

    @Test func `keys of small order and without canonical form are no identities`() throws {
        try #require(cases.smallOrder.count == 8)
        for hex in cases.smallOrder + cases.notCanonical {
            #expect(try #require(Identity(hex: hex)).isValidPoint == false, "\(hex)")
        }
    }

    @Test func `a key with a small-order part verifies but is refused at registration`() throws {
        let mixed = cases.mixedOrder
        let identity = try #require(Identity(hex: mixed.identity))
        let proof = LinkProof(
            role: .initiator,
            prologueHash: try #require(Digest(hex: mixed.prologueHash)),
            staticKey: try #require(LinkKey(hex: mixed.staticKey)),
            handshakeHash: try #require(Digest(hex: mixed.handshakeHash))
        )
        #expect(identity.hasSigned(proof, try #require(IdentitySignature(hex: mixed.signature))))
        #expect(!identity.isValidPoint)
    }

    @Test func `the authenticator signs objects as its key and checks those of others`() throws {
        var random = SeededRandom(2)
        let key = IdentityKey(random: &random)
        let other = IdentityKey(random: &random)
        let authenticator = Ed25519Authenticator(key: key)
        let root = try root()
        let signature = authenticator.sign(root)
        #expect(authenticator.isValid(signature, of: root, by: key.identity))
        #expect(!authenticator.isValid(signature, of: root, by: other.identity))
        #expect(!authenticator.isValid(signature, of: try self.root(sequence: 2), by: key.identity))
        #expect(authenticator.isValid(other.sign(root), of: root, by: other.identity))
    }

    @Test func `descriptions show the public key alone`() throws {
        let vector = try #require(cases.proofs.first)
        let key = IdentityKey(seed: try secret(vector.seed))
        var dumped = ""
        dump(key, to: &dumped)
        #expect("\(key)" == "IdentityKey(0x\(vector.identity))")
        #expect(!dumped.contains(vector.seed.prefix(16)))
    }
}
