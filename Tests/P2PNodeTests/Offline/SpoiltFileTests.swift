import Consensus
import Foundation
import Primitives
import TestSupport
import Testing

@testable import P2PNode

/// Files of committees, certificates, logs and members, spoilt in every way that a seed thinks of.
@Suite struct SpoiltFileTests {
    private func fixture(_ name: String) throws -> [UInt8] {
        Array(try Data(contentsOf: Fixture.repository.appending(path: "Tests/Fixtures/offline/\(name)")))
    }

    /// One to three changes of single bytes, stretches, digits or words.
    private func spoilt(_ text: [UInt8], _ random: inout SplitMix64) -> [UInt8] {
        let words = [
            "{", "}", "[", "]", "\"", "\\u0000", "null", "-1", "1e999", "18446744073709551616", "0x", "é",
            ",",
        ]
        var text = text
        for _ in 0...(random.next() % 3) where !text.isEmpty {
            let place = Int(random.next() % UInt64(text.count))
            let end = min(text.count, place + Int(random.next() % 12))
            switch random.next() % 6 {
            case 0: text[place] ^= 1 << UInt8(random.next() % 8)
            case 1: text.removeSubrange(place..<end)
            case 2: text.insert(contentsOf: text[place..<end], at: place)
            case 3:
                text.replaceSubrange(place..<end, with: words[Int(random.next() % UInt64(words.count))].utf8)
            case 4: text[place] = UInt8(ascii: "0") + UInt8(random.next() % 10)
            default: text = Array(text[..<place])
            }
        }
        return text
    }

    @Test(arguments: 1...4)
    func `a committee's file is refused, or is one that is written and read again as it is`(seed: UInt64)
        throws
    {
        var random = SplitMix64(seed: seed)
        let text = try fixture("committee.json")
        var refused = 0
        for _ in 0..<1_500 {
            guard let file = try? CommitteeFile(json: spoilt(text, &random)) else {
                refused += 1
                continue
            }
            #expect(try CommitteeFile(json: file.json) == file)
        }
        #expect((1..<1_500).contains(refused))
    }

    @Test(arguments: ["certificate.json", "log.json"], 1...2)
    func `a claim is refused, or says something`(name: String, seed: UInt64) throws {
        var random = SplitMix64(seed: seed)
        let text = try fixture(name)
        var refused = 0
        for round in 0..<3_000 {
            let spoilt = spoilt(text, &random)
            // As a node's status and a reply have it, too.
            let wrapped =
                round.isMultiple(of: 3) ? Array("{\"result\":".utf8) + spoilt + Array("}".utf8) : spoilt
            guard let claims = try? ElectionClaim.all(in: wrapped) else {
                refused += 1
                continue
            }
            #expect(!claims.isEmpty)
        }
        #expect((1..<3_000).contains(refused))
    }

    @Test(arguments: 1...4)
    func `a member's card is refused, or is written as it was understood`(seed: UInt64) throws {
        var random = SplitMix64(seed: seed)
        let committee = try CommitteeFile(json: fixture("committee.json"))
        let member = try #require(committee.record.roster.members.first)
        let card = MemberCard(
            account: member.account,
            identity: member.identity,
            encryptionKey: member.encryptionKey,
            endpoint: Endpoint(host: "oracle1.example.org", port: 9_100)
        )
        #expect(MemberCard(json: Array(card.json.utf8)) == card)
        for _ in 0..<1_500 {
            guard let read = MemberCard(json: spoilt(Array(card.json.utf8), &random)) else { continue }
            #expect(MemberCard(json: Array(read.json.utf8)) == read)
        }
    }
}
