import Foundation
import P2PNode
import Primitives
import Testing

@Suite struct CommitteeFileTests {
    private let world: ElectionWorld
    private let text: String

    init() throws {
        world = try ElectionWorld()
        text = String(decoding: try CommitteeFile(world.record).json, as: UTF8.self)
    }

    @Test func `reads back what it has written`() throws {
        #expect(try CommitteeFile(json: Array(text.utf8)).record == world.record)
        #expect(text.hasSuffix("}\n"))
    }

    @Test func `has the names and forms that other programs expect`() throws {
        let object = try JSONSerialization.jsonObject(with: Data(text.utf8)) as? [String: Any]
        let file = try #require(object)
        let names = [
            "chainId", "epoch", "genesis", "groupKey", "members", "membersHash", "protocolVersion",
            "registry",
            "transcript",
        ]
        #expect(file.keys.sorted() == names)
        #expect(file["chainId"] as? Int == 31_337)
        #expect(file["registry"] as? String == "0x5FbDB2315678afecb367f032d93F642f64180aa3")
        let members = try #require(file["members"] as? [[String: String]])
        #expect(members.count == 4)
        #expect(members[0].keys.sorted() == ["account", "encryptionKey", "endpoint", "identity"])
        #expect(members[1]["endpoint"] == "oracle2.example.org:9100")
    }

    @Test(
        arguments: [
            ("\"registry\" : \"0x5F", "\"registry\" : \"0x5f", "'registry' is no account"),
            ("\"genesis\" : \"0x9e", "\"genesis\" : \"0x", "'genesis' is not 0x and 64"),
            ("\"epoch\" : 1", "\"epoch\" : \"1\"", "'epoch' is wrong"),
            ("\"transcript\"", "\"transcripts\"", "'transcript' is missing"),
            ("oracle1.example.org", String(repeating: "o", count: 80), "'members[0].endpoint' is longer"),
        ]
    )
    func `names what is wrong`(_ part: String, _ replacement: String, _ words: String) throws {
        let changed = text.replacing(part, with: replacement)
        try #require(changed != text)
        let error = #expect(throws: OfflineError.self) { try CommitteeFile(json: Array(changed.utf8)) }
        #expect(error?.description.contains(words) == true, "\(error?.description ?? "")")
    }

    @Test func `refuses what is no JSON object, or too long`() {
        #expect(throws: OfflineError.self) { try CommitteeFile(json: Array("[]".utf8)) }
        #expect(throws: OfflineError.self) { try CommitteeFile(json: []) }
        #expect(throws: OfflineError.tooLong(limit: CommitteeFile.sizeLimit)) {
            try CommitteeFile(json: [UInt8](repeating: 0x20, count: CommitteeFile.sizeLimit + 1))
        }
    }
}
