import Primitives
import Testing

@testable import Gossip

@Suite struct SmokeTests {
    @Test func `a heartbeat goes out at once and with every tick`() {
        var node = TestNode(TestCommittee(size: 4), 1)
        node.linkUp(2)
        #expect(node.takeSent().objects(.registers, to: 2).count == 1)
        node.expire(at: node.machine.nextDeadline!)
        #expect(node.takeSent().objects(.registers, to: 2).count == 1)
    }

    @Test func `the size of an object is that of its encoding`() {
        let entry = TestCommittee(size: 4).log(by: MemberIndex(1), count: 1)[0]
        #expect(entry.sszSize == entry.sszBytes.count)
    }
}
