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

    @Test(arguments: 1...4)
    func `a committee's file is refused, or is one that is written and read again as it is`(seed: UInt64)
        throws
    {
        var spoiler = Spoiler(seed: seed, words: Spoiler.json)
        let text = try fixture("committee.json")
        var refused = 0
        for _ in 0..<1_500 {
            guard let file = try? CommitteeFile(json: spoiler.spoilt(text)) else {
                refused += 1
                continue
            }
            #expect(try CommitteeFile(json: file.json) == file)
        }
        #expect((1..<1_500).contains(refused))
    }

    @Test(arguments: ["certificate.json", "log.json"], 1...2)
    func `a claim is refused, or says something`(name: String, seed: UInt64) throws {
        var spoiler = Spoiler(seed: seed, words: Spoiler.json)
        let text = try fixture(name)
        var refused = 0
        for round in 0..<3_000 {
            let spoilt = spoiler.spoilt(text)
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
        var spoiler = Spoiler(seed: seed, words: Spoiler.json)
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
            guard let read = MemberCard(json: spoiler.spoilt(Array(card.json.utf8))) else { continue }
            #expect(MemberCard(json: Array(read.json.utf8)) == read)
        }
    }
}
