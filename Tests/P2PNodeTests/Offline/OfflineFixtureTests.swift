import Foundation
import P2PNode
import Primitives
import TestSupport
import Testing

/// The files that the command's tests read, and that no later version may fail to read.
@Suite struct OfflineFixtureTests {
    private func fixture(_ name: String) throws -> String {
        let file = Fixture.repository.appending(path: "Tests/Fixtures/offline").appending(path: name)
        return try String(contentsOf: file, encoding: .utf8)
    }

    @Test func `writes the committed files again`() throws {
        let world = try ElectionWorld()
        let certificate = try world.certificate(view: 9)
        let committee = String(decoding: try CommitteeFile(world.record).json, as: UTF8.self)
        #expect(try fixture("committee.json") == committee)
        #expect(try fixture("certificate.json") == ElectionWorld.json(certificate) + "\n")
        #expect(try fixture("log.json") == world.log(certificate) + "\n")
        let evidence = try EvidenceWorld().file(.twoHeartbeats)
        let file = Fixture.repository.appending(path: "Tests/Fixtures/offline/two-heartbeats.evidence")
        #expect(try Array(Data(contentsOf: file)) == evidence.sszBytes)
    }
}
