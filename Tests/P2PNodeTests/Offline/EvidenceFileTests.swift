import Consensus
import Cryptography
import Foundation
import Primitives
import TestSupport
import Testing

@testable import P2PNode

@Suite struct EvidenceFileTests {
    private let world: EvidenceWorld
    private var record: CommitteeRecord { world.elections.record }

    init() throws {
        world = try EvidenceWorld()
    }

    private func verdict(_ bytes: [UInt8], by record: CommitteeRecord? = nil) throws -> EvidenceFileVerdict {
        EvidenceFileVerdict(on: try EvidenceFile(file: bytes), by: record)
    }

    @Test(arguments: EvidenceWorld.Deed.allCases)
    func `convicts the culprit of each crime, with and without the committee's record`(
        deed: EvidenceWorld.Deed
    ) throws {
        let file = try world.file(deed)
        #expect(file.transcript.count == (deed == .badShare ? 1 : 0))
        let given = try verdict(file.sszBytes, by: record)
        let finding = try #require(given.finding, "\(given.text)")
        #expect(finding.member == 2)
        #expect(finding.epoch == 1)
        #expect(finding.crime == "\(deed.crime)")
        #expect(finding.identity == "\(world.elections.identities[1].identity)")
        #expect(finding.id == EvidenceFinding.id(of: try world.evidence(deed)))
        #expect(EvidenceFinding.isID(finding.id))
        #expect(
            given.text.hasPrefix(
                """
                VALID for the registry 0x5FbDB2315678afecb367f032d93F642f64180aa3 on chain 31337: member 2 of the \
                committee of epoch 1, account \(finding.account), identity \(finding.identity), \(finding.deed)
                """
            )
        )
        #expect(given.text.hasSuffix("The committee is that of the given record."))
        let alone = try verdict(file.sszBytes)
        #expect(alone.finding == finding)
        #expect(alone.text.contains("only the file's word"))
    }

    @Test(
        arguments: [
            (.twoHeartbeats, "signed two different heartbeats as number 17 since its start number 2"),
            (.twoEntries, "two different entries for place 5 of its log"),
            (.brokenLog, "an entry for place 6 of its log that does not follow the entry it signed"),
            (.twoVotes, "two leaders of view 9: member 1 and member 4"),
            (.badShare, "the request of session 3 for the group's signature in view 9"),
            (.badDeal, "put a deal of the group key into place 1 of its log"),
            (.twoDeals, "in places 1 and 4 of its log"),
            (.badDealtShare, "dealt member 3 a share in attempt 0"),
            (.falseComplaint, "accused member 3 of a bad share in attempt 0"),
            (.twoConfirms, "two different outcomes of one attempt at the group key, in places 2 and 3"),
        ] as [(EvidenceWorld.Deed, String)]
    )
    func `says what was done, and where`(_ deed: EvidenceWorld.Deed, _ words: String) throws {
        let verdict = try verdict(try world.file(deed).sszBytes)
        #expect(verdict.finding?.deed.contains(words) == true, "\(verdict.text)")
    }

    @Test(arguments: EvidenceWorld.Deed.allCases)
    func `convicts nobody when any bit is another`(deed: EvidenceWorld.Deed) throws {
        let bytes = try world.file(deed).sszBytes
        let whole = try verdict(bytes, by: record)
        var random = SplitMix64(seed: 3)
        for _ in 0..<60 {
            var changed = bytes
            let place = Int(random.next() % UInt64(bytes.count))
            changed[place] ^= 1 << UInt8(random.next() % 8)
            guard let verdict = try? verdict(changed, by: record), verdict.isValid else { continue }
            // The plan of a deal that is none is of no account.
            #expect(deed == .noDeal, "byte \(place)")
            #expect(verdict.finding?.member == whole.finding?.member)
        }
    }

    @Test(arguments: EvidenceWorld.Deed.allCases)
    func `convicts nobody of another committee, epoch or deployment`(deed: EvidenceWorld.Deed) throws {
        let bytes = try world.file(deed).sszBytes
        func reason(_ change: (inout CommitteeRecord) throws -> Void) throws -> String {
            var record = record
            try change(&record)
            let verdict = try verdict(bytes, by: record)
            #expect(verdict.isValid == verdict.text.hasPrefix("VALID"))
            #expect(verdict.isValid == (verdict.reason == nil))
            return verdict.reason ?? "valid"
        }
        #expect(try reason { _ in } == "valid")
        #expect(try reason { $0 = try ElectionWorld(seed: 8).record }.contains("other members"))
        #expect(try reason { $0.roster.epoch = Epoch(2) }.contains("epoch 1, the given record of 2"))
        #expect(try reason { $0.deployment.chainId = 1 }.contains("on chain 1 or another genesis"))
        #expect(try reason { $0.deployment.genesis[0] ^= 1 }.contains("another genesis"))
        // The signatures, too, are for one deployment, committee and epoch.
        var moved = try world.file(deed)
        moved.deployment.chainId = 1
        #expect(try verdict(moved.sszBytes).isValid == false)
        moved = try world.file(deed)
        moved.roster.epoch = Epoch(2)
        #expect(try verdict(moved.sszBytes).reason?.contains("another epoch than 2") == true)
        moved = try world.file(deed)
        moved.roster = try ElectionWorld(seed: 8).record.roster
        #expect(try verdict(moved.sszBytes).reason?.contains("convicts nobody") == true)
        moved.roster.members = SSZList()
        #expect(try verdict(moved.sszBytes).reason?.contains("roster") == true)
    }

    @Test(arguments: EvidenceWorld.Deed.allCases)
    func `refuses a file that is cut short or has more behind it`(deed: EvidenceWorld.Deed) throws {
        let bytes = try world.file(deed).sszBytes
        for length in [0, 1, 15, 16, 80, bytes.count / 2, bytes.count - 1] {
            // A list that ends early may still be one, and then proves nothing.
            let verdict = try? verdict(Array(bytes[..<length]))
            #expect(verdict?.isValid != true, "\(length) bytes")
        }
        let longer = try? verdict(bytes + [0])
        #expect(longer?.isValid != true)
        #expect(throws: OfflineError.tooLong(limit: EvidenceFile.sizeLimit)) {
            try EvidenceFile(file: [UInt8](repeating: 0, count: EvidenceFile.sizeLimit + 1))
        }
    }

    @Test func `refuses what is something else`() throws {
        let committee = try CommitteeFile(record).json
        var later = try world.file(.twoHeartbeats).sszBytes
        later[15] = UInt8(ascii: "2")
        var unknown = try world.file(.twoHeartbeats)
        unknown.kind = 9
        for bytes in [committee, Array("nonsense".utf8), record.sszBytes, later, unknown.sszBytes] {
            let error = #expect(throws: OfflineError.self) { try EvidenceFile(file: bytes) }
            #expect(error?.description.contains("oracle evidence export") == true)
        }
    }

    @Test func `a good share convicts nobody`() throws {
        let file = world.file(.badShare(try world.share(isGood: true)))
        #expect(try verdict(file.sszBytes, by: record).reason?.contains("convicts nobody") == true)
    }

    @Test func `a bad share convicts only beside the key that it is for`() throws {
        var file = try world.file(.badShare)
        let transcript = try #require(file.transcript.first)
        for change in 0..<4 {
            var other = transcript
            switch change {
            case 0: other.session[0] ^= 1
            case 1: other.deals = SSZList(Array(transcript.deals.dropLast()))!
            case 2: other.coefficients = SSZList(Array(transcript.coefficients.reversed()))!
            default: other = try EvidenceWorld(seed: 8).transcript
            }
            file.transcript = SSZList([other])!
            #expect(try verdict(file.sszBytes).reason?.contains("does not show the group key") == true)
        }
        file.transcript = SSZList()
        #expect(try verdict(file.sszBytes).reason?.contains("does not show the group key") == true)
        file.transcript = SSZList([transcript])!
        #expect(try verdict(file.sszBytes).isValid)
    }

    @Test func `holds the largest proof that two entries of full size make, in a committee of 128`() throws {
        let most = [UInt8](repeating: 0, count: 32_704 - 4)
        let entries = [1, 2].map { world.entry(.deal, most + [UInt8($0)], at: 1) }
        let proof = Evidence.twoDeals(TwoEntries(first: entries[0], second: entries[1]))
        #expect(EvidenceRecord(proof) == nil)
        let member = try #require(record.roster.members.first)
        var large = member
        large.endpoint = ByteList([UInt8](repeating: 0x61, count: 64))!
        let file = EvidenceFile(
            proof,
            roster: Roster(epoch: Epoch(1), members: SSZList([Member](repeating: large, count: 128))!),
            deployment: record.deployment,
            transcript: KeyTranscript(
                session: KeyGenerationID(),
                deals: SSZList([Digest](repeating: Digest(), count: 128))!,
                coefficients: SSZList([CompressedPoint](repeating: CompressedPoint(), count: 128))!
            )
        )
        let bytes = try #require(file).sszBytes
        #expect(bytes.count <= EvidenceFile.sizeLimit)
        #expect(try EvidenceFile(file: bytes) == file)
    }

    @Test(arguments: 1...2)
    func `a spoilt file is refused, or is one that is written as it was read`(seed: UInt64) throws {
        var random = SplitMix64(seed: seed)
        let whole = try world.file(.badShare).sszBytes
        var refused = 0
        for _ in 0..<1_500 {
            var bytes = whole
            for _ in 0...(random.next() % 3) where !bytes.isEmpty {
                let place = Int(random.next() % UInt64(bytes.count))
                let end = min(bytes.count, place + Int(random.next() % 12))
                switch random.next() % 4 {
                case 0: bytes[place] ^= 1 << UInt8(random.next() % 8)
                case 1: bytes.removeSubrange(place..<end)
                case 2: bytes.insert(contentsOf: bytes[place..<end], at: place)
                default: bytes = Array(bytes[..<place])
                }
            }
            guard let file = try? EvidenceFile(file: bytes) else {
                refused += 1
                continue
            }
            #expect(file.sszBytes == bytes)
        }
        #expect((1..<1_500).contains(refused))
    }
}
