import Consensus
import Cryptography
import Primitives
import Testing

@testable import P2PNode

/// What a bundle proves, and that it proves nothing once any part of it is another.
@Suite struct ProofVerdictTests {
    private let world: ProofWorld

    init() throws {
        world = try ProofWorld()
    }

    @Test(arguments: [1, 2, 3, 4] as [UInt16])
    func `every entry that the list covers is proven, in words that say by whom and on what`(member: UInt16)
        throws
    {
        for sequence in 1...(3 + UInt64(member)) {
            let bundle = world.bundle(member: member, sequence: sequence)
            let verdict = ProofVerdict(on: bundle, by: world.record)
            #expect(verdict.isValid, "\(verdict.text)")
            let finding = try #require(verdict.finding)
            #expect(finding.id == "\(member):\(sequence)")
            #expect(finding.number == 1)
            #expect(finding.root == "\(world.anchor.root)")
        }
        let verdict = ProofVerdict(on: world.bundle(member: member), by: world.record)
        #expect(verdict.text.contains("VALID for the registry 0x5FbDB2315678afecb367f032d93F642f64180aa3"))
        #expect(verdict.text.contains("member \(member) of the committee of epoch 1"))
        #expect(verdict.text.contains("takes 3 of the 4 members"))
        #expect(verdict.text.contains("event ProofAnchored of number 1"))
        #expect(verdict.text.contains("in block 42"))
        #expect(verdict.text.contains("those of the given record"))
    }

    @Test func `says line by line what is shown, and in plain words what is not`() throws {
        let text = ProofVerdict(on: world.bundle(), by: nil).text
        let lines = text.split(separator: "\n", omittingEmptySubsequences: false)
        #expect(lines.allSatisfy { $0.count <= 200 })
        for name in ["said by", "entry", "digest", "attested in", "list's root", "signed by", "look up"] {
            #expect(lines.count { $0.hasPrefix(name + " ") } == 1, "\(name)")
        }
        #expect(lines.contains("What it proves:") && lines.contains("What it does not prove:"))
        #expect(text.contains("That what it says is true"))
    }

    @Test func `shows what a member has published, and nothing in it leaves its margin`() throws {
        let title = "news\u{1b}[2J\u{202e}"
        let content = "first\nVALID for everything\r\u{9b}1A\n"
        let bundle = try world.published(
            Publication(
                time: UnixMilliseconds(rawValue: 1_700_000_000_000),
                title: ByteList(Array(title.utf8))!,
                content: ByteList(Array(content.utf8))!
            )
        )
        let verdict = ProofVerdict(on: bundle, by: world.record)
        let finding = try #require(verdict.finding)
        #expect(finding.topic == "publication")
        #expect(finding.publication?.title == title && finding.publication?.text == content)
        let lines = verdict.text.split(separator: "\n", omittingEmptySubsequences: false)
        #expect(lines.contains("title       news\\u{1b}[2J\\u{202e}"))
        #expect(lines.contains("said at     2023-11-14 22:13:20 UTC, by its author's clock"))
        #expect(lines.contains("  | first"))
        #expect(lines.contains("  | VALID for everything\\u{d}\\u{9b}1A"))
        #expect(verdict.text.unicodeScalars.allSatisfy { $0 == "\n" || $0.value >= 0x20 })
        #expect(lines.count { $0.hasPrefix("VALID") } == 1)
    }

    @Test func `bytes that are no text, and a time that no calendar has, are shown as numbers`() throws {
        let bundle = try world.published(
            Publication(
                time: UnixMilliseconds(rawValue: .max),
                title: ByteList([0xff])!,
                content: ByteList([0xff, 0x00, 0x1b])!
            )
        )
        let verdict = ProofVerdict(on: bundle, by: world.record)
        #expect(verdict.isValid, "\(verdict.text)")
        #expect(verdict.text.contains("  | not text, but these bytes: 0xff001b"))
        #expect(verdict.text.contains("18446744073709551615 ms after 1970"))
        #expect(verdict.finding?.publication?.bytes == "ff001b" && verdict.finding?.publication?.text == nil)
    }

    @Test func `a publication that nobody can read is proven as what it is`() throws {
        let bundle = try world.entry(.publication, [1, 2, 3])
        let verdict = ProofVerdict(on: bundle, by: world.record)
        #expect(verdict.isValid)
        #expect(verdict.finding?.publication == nil)
        #expect(verdict.finding?.topic == "publication")
    }

    @Test func `without a trusted record it says what its word rests on`() {
        let verdict = ProofVerdict(on: world.bundle(), by: nil)
        #expect(verdict.isValid)
        #expect(!verdict.isCommitteeGiven)
        #expect(verdict.text.contains("only the file's word"))
    }

    @Test func `an entry of an earlier epoch is proven by its author's identity, whatever its position was`()
        throws
    {
        var bundle = world.bundle()
        bundle.entry.object.author = MemberIndex(4)
        bundle.entry.object.epoch = Epoch(0)
        bundle.entry = SignedObject(
            object: bundle.entry.object,
            signature: world.elections.identities[1].sign(
                SigningRoot(of: bundle.entry.object, in: SigningDomains(world.record.deployment))
            )
        )
        var entries = Array(world.logs[1].dropLast())
        entries[2] = bundle.entry
        var logs = world.list.logs.elements
        logs[1] = ProofWorld.checkpoint(of: MemberIndex(2), entries)
        bundle.logs.logs = SSZList(logs)!
        bundle.signature = try world.elections.anchor(bundle.logs).signature
        #expect(ProofVerdict(on: bundle, by: world.record).isValid)
        // Under the identity of another member it would be no entry of this log.
        bundle.author = MemberIndex(4)
        #expect(!ProofVerdict(on: bundle, by: world.record).isValid)
    }

    private static let tamperings:
        [(name: String, words: String, tamper: @Sendable (inout ProofBundle) -> Void)] = [
            (
                "what the entry says", "path does not lead",
                { $0.entry.object.payload = changed($0.entry.object.payload) }
            ),
            ("the entry's signature", "path does not lead", { $0.entry.signature[5] ^= 1 }),
            ("the entry's sequence", "the entry is number 4", { $0.entry.object.order.sequence += 1 }),
            ("the entry's epoch", "later than the list's", { $0.entry.object.epoch = Epoch(2) }),
            ("the entry's author", "member 3's", { $0.entry.object.author = MemberIndex(3) }),
            ("the entry's kind", "no entry of a log", { $0.entry.object.kind = .heartbeat }),
            ("whose log it is", "the file says member 3's", { $0.author = MemberIndex(3) }),
            ("a member that is none", "no member 9", { $0.author = MemberIndex(9) }),
            ("the place", "begins at entry 4", { $0.inclusion.index += 1 }),
            ("the log's size", "a log of 6 entries", { $0.inclusion.size += 1 }),
            ("a step of the path", "path does not lead", { $0.inclusion.path = flipped($0.inclusion.path) }),
            (
                "a step less", "path does not lead",
                { $0.inclusion.path = SSZList($0.inclusion.path.dropLast())! }
            ),
            (
                "an attested root", "has not signed this list",
                { $0.logs.logs = with($0) { $0[1].root[0] ^= 1 } }
            ),
            ("an attested size", "has not signed this list", { $0.logs.logs = with($0) { $0[1].size += 1 } }),
            (
                "an attested head", "has not signed this list",
                { $0.logs.logs = with($0) { $0[0].head[0] ^= 1 } }
            ),
            ("a log left out", "has not signed this list", { $0.logs.logs = with($0) { $0.removeLast() } }),
            ("the order of logs", "none that the committee", { $0.logs.logs = with($0) { $0.reverse() } }),
            ("the list before", "none that the committee", { $0.logs.previous[0] = 1 }),
            (
                "the number", "as anchor 2",
                {
                    $0.logs.number = 2
                    $0.logs.previous[0] = 1
                }
            ),
            ("the list's epoch", "none that the committee", { $0.logs.epoch = Epoch(2) }),
            ("the group's signature", "has not signed this list", { $0.signature[40] ^= 1 }),
            ("the members' hash", "members' hash", { $0.committee.membersHash[0] ^= 1 }),
            ("the group key", "record's group key", { $0.committee.groupKey[0] = 9 }),
            ("the chain", "has not signed this list", { $0.committee.deployment = other($0, chain: 1) }),
        ]

    @Test(arguments: tamperings.indices)
    func `proves nothing, and says what does not hold, once a part is another`(index: Int) {
        let (name, words, tamper) = Self.tamperings[index]
        var bundle = world.bundle()
        tamper(&bundle)
        let verdict = ProofVerdict(on: bundle, by: nil)
        #expect(!verdict.isValid, "\(name)")
        #expect(verdict.text.hasPrefix("NOT VALID for the registry"))
        #expect(verdict.reason?.contains(words) == true, "\(name): \(verdict.reason ?? "")")
    }

    @Test func `a signature of the entry over another deployment is none, though the whole path holds`()
        throws
    {
        var bundle = world.bundle()
        let elsewhere = Deployment(chainId: 1, genesis: Digest(), registry: Address())
        let root = SigningRoot(of: bundle.entry.object, in: SigningDomains(elsewhere))
        bundle.entry = SignedObject(
            object: bundle.entry.object,
            signature: world.elections.identities[1].sign(root)
        )
        var entries = Array(world.logs[1].dropLast())
        entries[2] = bundle.entry
        var logs = world.list.logs.elements
        logs[1] = ProofWorld.checkpoint(of: MemberIndex(2), entries)
        bundle.logs.logs = SSZList(logs)!
        bundle.signature = try world.elections.anchor(bundle.logs).signature
        let verdict = ProofVerdict(on: bundle, by: nil)
        #expect(verdict.reason == "member 2 has not signed the entry")
    }

    @Test func `is refused when the given record is of another committee, chain or key`() throws {
        let bundle = world.bundle()
        var records = [world.record, world.record, world.record, world.record]
        records[0].deployment = Deployment(chainId: 1, genesis: Digest(), registry: Address())
        records[1].roster.epoch = Epoch(2)
        records[2].roster = try ElectionWorld(seed: 8).record.roster
        records[3].groupKey = try ElectionWorld(seed: 8).record.groupKey
        let words = [
            "another registry", "of epoch 1, the given record of 2", "other members", "its group key",
        ]
        for (record, words) in zip(records, words) {
            let verdict = ProofVerdict(on: bundle, by: record)
            #expect(verdict.reason?.contains(words) == true, "\(verdict.text)")
        }
    }

    @Test func `another committee's bundle, whole in itself, is not taken for the given one's`() throws {
        let foreign = try ProofWorld(seed: 8).bundle()
        #expect(ProofVerdict(on: foreign, by: nil).isValid)
        #expect(!ProofVerdict(on: foreign, by: world.record).isValid)
    }

    // MARK: Tampering

    private static func changed(_ payload: ByteList<32_768>) -> ByteList<32_768> {
        var bytes = payload.bytes
        bytes[bytes.count - 1] ^= 1
        return ByteList(bytes)!
    }

    private static func flipped(_ path: SSZList<Digest, 64>) -> SSZList<Digest, 64> {
        var steps = path.elements
        steps[0][7] ^= 1
        return SSZList(steps)!
    }

    private static func with(
        _ bundle: ProofBundle,
        _ change: (inout [Checkpoint]) -> Void
    ) -> SSZList<Checkpoint, 128> {
        var logs = bundle.logs.logs.elements
        change(&logs)
        return SSZList(logs)!
    }

    private static func other(_ bundle: ProofBundle, chain: UInt64) -> Deployment {
        let own = bundle.committee.deployment
        return Deployment(chainId: chain, genesis: own.genesis, registry: own.registry)
    }
}
