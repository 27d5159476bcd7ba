import Ethereum
import Foundation
import P2PNode
import Primitives
import SystemPackage
import Testing

@Suite struct MemberCardTests {
    private let text = """
        {"account":"0x7E5F4552091A69125d5DfCb7b8C2659029395Bdf",\
        "identity":"0xd75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a",\
        "encryptionKey":"0x0279be667ef9dcbbac55a06295ce870b07029bfcdb2dce28d959f2815b16f81798",\
        "endpoint":"[2001:db8::1]:9100"}
        """

    private func reading(_ change: (inout String) -> Void) -> MemberCard? {
        var changed = text
        change(&changed)
        return MemberCard(json: Array(changed.utf8))
    }

    @Test func `is written as one line with the four keys in order`() throws {
        let card = try #require(reading { _ in })
        #expect(card.json == text)
        #expect(card.endpoint.host == "2001:db8::1")
    }

    @Test func `is kept in a file, a newer one in place of the older`() throws {
        let directory = try TemporaryDirectory()
        let file = directory.path.appending("member.json")
        let card = try #require(reading { _ in })
        #expect(throws: KeyError.missing(file.string)) { try MemberCard(reading: file) }
        try card.write(to: file)
        try card.write(to: file)
        #expect(try MemberCard(reading: file) == card)
        #expect(try contents(of: file) == Data((text + "\n").utf8))
        try Data("{}".utf8).write(to: URL(filePath: file.string))
        #expect(throws: KeyError.self) { try MemberCard(reading: file) }
    }

    @Test(
        arguments: [
            ("0x7E5F", "0x7e5F"), ("0xd75a", "0xd75b"), ("d75a98", "d75a"), ("0x0279be", "0x0579be"),
            ("\"endpoint\"", "\"address\""), (":9100", ""), (":9100", ":99100"), ("0x7E5F4552", "0x7E5F45"),
        ]
    )
    func `is refused when a part is wrong`(_ part: String, _ replacement: String) {
        #expect(reading { $0 = $0.replacing(part, with: replacement) } == nil)
    }
}
