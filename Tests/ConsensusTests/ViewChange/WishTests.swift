import Consensus
import Primitives
import Testing

@Suite struct WishTests {
    private let seen = Order(incarnation: 2, sequence: 9)

    @Test func `decodes what it encodes`() throws {
        let wish = Wish(from: View(3), to: View(5), reason: .silence, leaderSeen: seen)
        #expect(try Wish(ssz: wish.sszBytes) == wish)
        let withdrawal = Wish(withdrawingIn: View(3), leaderSeen: seen)
        #expect(try Wish(ssz: withdrawal.sszBytes) == withdrawal)
        #expect(wish.sszBytes.count <= ObjectKind.wish.payloadLimit)
    }

    @Test func `refuses a wish that leads down`() {
        var wish = Wish(from: View(3), to: View(5), reason: .silence, leaderSeen: seen)
        wish.to = View(2)
        #expect(throws: SSZError.value(of: "Wish")) { try Wish(ssz: wish.sszBytes) }
    }

    @Test func `refuses a withdrawal with a reason and a wish without one`() {
        var withdrawal = Wish(withdrawingIn: View(3), leaderSeen: seen)
        withdrawal.reason = .duty
        #expect(throws: SSZError.value(of: "Wish")) { try Wish(ssz: withdrawal.sszBytes) }
        var wish = Wish(from: View(3), to: View(5), reason: .silence, leaderSeen: seen)
        wish.reason = .none
        #expect(throws: SSZError.value(of: "Wish")) { try Wish(ssz: wish.sszBytes) }
    }

    @Test func `refuses an unknown reason`() {
        var bytes = Wish(from: View(3), to: View(5), reason: .silence, leaderSeen: seen).sszBytes
        bytes[16] = 3
        #expect(throws: SSZError.value(of: "WishReason")) { try Wish(ssz: bytes) }
    }

    @Test func `reports of lost links fit their payload`() throws {
        let report = LinkLost(view: View(3), leaderSeen: seen)
        #expect(try LinkLost(ssz: report.sszBytes) == report)
        #expect(report.sszBytes.count <= ObjectKind.linkLost.payloadLimit)
    }
}
