import Primitives
import Testing

@testable import Simulation

/// What stands for a signature in bulk runs convinces of what was signed, and of nothing else.
@Suite struct CountingAuthenticatorTests {
    private let domains = SigningDomains(
        Deployment(chainId: 1, genesis: SHA256.hash([1]), registry: Address())
    )
    private let identity = Identity(SHA256.hash([2]).storage)
    private let stranger = Identity(SHA256.hash([3]).storage)
    private let object = Object(
        epoch: Epoch(3),
        author: MemberIndex(4),
        kind: .wish,
        order: Order(incarnation: 5, sequence: 6),
        payload: ByteList(Array(0..<33)) ?? ByteList()
    )

    private func holds(_ signed: SignedObject, by identity: Identity) -> (object: Bool, summary: Bool) {
        let anyone = CountingAuthenticator(identity: stranger)
        return (
            anyone.isValid(signed, in: domains, by: identity),
            anyone.isValid(SignedSummary(of: signed), in: domains, by: identity)
        )
    }

    @Test func `a signature holds for the object and its summary, and for its author alone`() {
        let signed = CountingAuthenticator(identity: identity).sign(object, in: domains)
        #expect(holds(signed, by: identity) == (true, true))
        #expect(holds(signed, by: stranger) == (false, false))
    }

    @Test func `it holds for no other object`() {
        let signature = CountingAuthenticator(identity: identity).sign(object, in: domains).signature
        var others = Array(repeating: object, count: 6)
        others[0].epoch = Epoch(4)
        others[1].author = MemberIndex(5)
        others[2].kind = .linkLost
        others[3].order.incarnation += 1
        others[4].order.sequence += 1
        others[5].payload = ByteList(Array(0..<32) + [33]) ?? ByteList()
        for other in others {
            #expect(holds(SignedObject(object: other, signature: signature), by: identity) == (false, false))
        }
    }

    @Test func `no byte of it can be changed for those who have the object`() {
        let signed = CountingAuthenticator(identity: identity).sign(object, in: domains)
        for place in 0..<64 {
            var changed = signed
            changed.signature[place] ^= 1
            #expect(!holds(changed, by: identity).object)
        }
    }
}
