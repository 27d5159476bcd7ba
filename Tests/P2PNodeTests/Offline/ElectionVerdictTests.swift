import Consensus
import Ethereum
import Primitives
import Testing

@testable import P2PNode

@Suite struct ElectionVerdictTests {
    private let world: ElectionWorld

    init() throws {
        world = try ElectionWorld()
    }

    private func verdicts(_ text: String, by record: CommitteeRecord? = nil) throws -> [ElectionVerdict] {
        try ElectionClaim.all(in: Array(text.utf8)).map {
            ElectionVerdict(on: $0, by: record ?? world.record)
        }
    }

    @Test func `holds for a certificate however it is written`() throws {
        let certificate = try world.certificate(view: 9)
        let json = ElectionWorld.json(certificate)
        let hex = Hex.encode(certificate.sszBytes) + "\n"
        for text in [json, "{\"view\":1,\"certificate\":\(json)}", " \(json)\n", hex, "0x" + hex] {
            let verdict = try #require(try verdicts(text).first)
            #expect(verdict.isValid, "\(verdict.text)")
            #expect(verdict.epoch == 1)
            #expect(verdict.view == 9)
            #expect(verdict.leader == Int(certificate.leader.rawValue))
            #expect(
                verdict.text.hasPrefix("VALID for the registry 0x5FbDB2315678afecb367f032d93F642f64180aa3")
            )
            #expect(verdict.text.contains("takes 3 of its 4 members"))
        }
    }

    @Test func `holds for a log, a list of logs, a receipt and a reply`() throws {
        let log = world.log(try world.certificate(view: 3))
        let other = log.replacing(
            "\(RegistryEvent.electedTopic)",
            with: "0x" + String(repeating: "12", count: 32)
        )
        let receipt = "{\"logs\":[\(log)]}"
        for text in [log, "[\(other),\(log)]", receipt, "{\"id\":1,\"result\":\(receipt)}"] {
            let found = try verdicts(text)
            #expect(found.map(\.reason) == [nil])
        }
    }

    @Test func `judges each of several logs`() throws {
        let good = world.log(try world.certificate(view: 3))
        let bad = good.replacing("0000000000000003\"", with: "0000000000000007\"")
        let found = try verdicts("[\(good),\(bad)]")
        #expect(found.map(\.isValid) == [true, false])
    }

    @Test func `does not hold when anything is changed`() throws {
        let certificate = try world.certificate(view: 9)
        func reason(_ change: (inout ElectionCertificate) -> Void) throws -> String {
            var changed = certificate
            change(&changed)
            let verdict = try #require(try verdicts(ElectionWorld.json(changed)).first)
            #expect(verdict.isValid == verdict.text.hasPrefix("VALID"))
            return verdict.reason ?? "valid"
        }
        #expect(try reason { _ in } == "valid")
        #expect(try reason { $0.epoch = Epoch(2) }.contains("epoch"))
        #expect(try reason { $0.view = View(10) }.contains("leads the view"))
        #expect(try reason { $0.view = View(9 + 4 * 1_000) }.contains("signature"))
        #expect(try reason { $0.signature[40] ^= 1 }.contains("signature"))
        #expect(try reason { $0.signature[0] ^= 1 }.contains("signature"))
        #expect(try reason { $0.leader = MemberIndex(rawValue: 0) }.contains("leads the view"))
        #expect(try reason { $0.leader = MemberIndex(rawValue: .max) }.contains("leads the view"))
        let other = MemberIndex(certificate.leader.rawValue == 1 ? 2 : 1)
        let usurped = ElectionWorld.json(try world.certificate(view: 9, leader: other))
        #expect(try verdicts(usurped).first?.reason?.contains("leads the view") == true)
    }

    @Test func `does not hold for a log of another contract or leader, or with half a signature`() throws {
        let certificate = try world.certificate(view: 3)
        func reason(_ log: String) throws -> String {
            try #require(try verdicts(log).first).reason ?? "valid"
        }
        let elsewhere = Address([UInt8](repeating: 1, count: 20))!
        #expect(try reason(world.log(certificate, contract: elsewhere)).contains("the contract 0x0101"))
        #expect(try reason(world.log(certificate, account: elsewhere)).contains("no member's"))
        // R's second coordinate replaced by one of the same parity.
        let ry = RegistrySignature(certificate.signature)!.ry.bigEndian.hex
        let forged = String(repeating: "0", count: 63) + String(ry.last!)
        let log = world.log(certificate).replacing(ry, with: forged)
        #expect(try reason(log).contains("not one that the contract takes"))
    }

    @Test func `does not hold for another committee`() throws {
        let stranger = try ElectionWorld(seed: 8)
        let text = ElectionWorld.json(try stranger.certificate(view: 3))
        #expect(try verdicts(text).map(\.isValid) == [false])
        var elsewhere = world.record
        elsewhere.deployment.chainId = 1
        let own = ElectionWorld.json(try world.certificate(view: 3))
        #expect(try verdicts(own, by: elsewhere).map(\.isValid) == [false])
    }

    @Test(
        arguments: [
            "", "  \n", "{", "{}", "[]", "[1]", "nonsense", "0x12", "{\"signature\":1}", "{\"logs\":{}}",
            "{\"topics\":[]}", "{\"result\":{\"result\":null}}",
            "{\"epoch\":-1,\"view\":1,\"leader\":1,\"signature\":\"0x\"}",
        ]
    )
    func `refuses what is neither`(_ text: String) {
        #expect(throws: OfflineError.self) { try ElectionClaim.all(in: Array(text.utf8)) }
    }

    @Test func `refuses a log whose data is cut short`() throws {
        let log = world.log(try world.certificate(view: 3))
        let data = try #require(log.firstMatch(of: /"data":"0x([0-9a-f]+)"/)).1
        #expect(throws: OfflineError.self) {
            try ElectionClaim.all(in: Array(log.replacing(data, with: data.dropLast(2)).utf8))
        }
    }
}
