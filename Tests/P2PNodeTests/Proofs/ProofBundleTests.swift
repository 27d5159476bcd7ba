import Foundation
import Primitives
import TestSupport
import Testing

@testable import P2PNode

/// The file of a bundle.
@Suite struct ProofBundleTests {
    private let world: ProofWorld
    private let text: String

    init() throws {
        world = try ProofWorld()
        text = String(decoding: try world.bundle().json, as: UTF8.self)
    }

    @Test func `comes back from its text, with and without a place on the chain`() throws {
        #expect(try ProofBundle(json: Array(text.utf8)) == world.bundle())
        var bundle = world.bundle()
        bundle.place = nil
        #expect(try ProofBundle(json: bundle.json) == bundle)
        #expect(text.hasSuffix("}\n"))
    }

    @Test func `writes the committed file again`() throws {
        let file = Fixture.repository.appending(path: "Tests/Fixtures/offline/proof.json")
        if ProcessInfo.processInfo.environment["WRITE_FIXTURES"] != nil {
            try text.write(to: file, atomically: true, encoding: .utf8)
        }
        #expect(try String(contentsOf: file, encoding: .utf8) == text)
    }

    @Test(
        arguments: [
            ("\"oracle-proof-1\"", "\"oracle-proof-2\"", "'format' is not oracle-proof-1"),
            ("\"format\"", "\"form\"", "'format' is missing"),
            ("\"entry\" : \"0x", "\"entry\" : \"", "'entry' is not 0x"),
            ("\"entry\" : \"0x", "\"entry\" : \"0x00", "'entry' is no signed object"),
            ("\"author\" : 2,\n  \"c", "\"author\" : -2,\n  \"c", "'author' is wrong"),
            ("\"index\" : 2", "\"index\" : \"2\"", "'inclusion.index' is wrong"),
            ("\"path\" : [\n      \"0x", "\"path\" : [\n      \"", "'inclusion.path[0]' is not 0x and 64"),
            ("\"number\" : 1", "\"number\" : 1.5", "'attestedLogs.number' is wrong"),
            ("\"previous\" : \"0x", "\"previous\" : \"0", "'attestedLogs.previous' is not 0x and 64"),
            ("\"root\" : \"0x", "\"root\" : \"0x0", "'attestedLogs.logs[0].root' is not 0x and 64"),
            ("\"head\" : \"0x", "\"head\" : \"0x0", "'attestedLogs.logs[0].head' is not 0x and 64"),
            ("\"signature\" : \"0x", "\"signature\" : \"", "'signature' is not 0x and 130"),
            ("\"transaction\" : \"0x", "\"transaction\" : \"", "'chain.transaction' is not 0x and 64"),
            ("\"block\" : 42", "\"block\" : null", "'chain.block' is"),
            ("\"genesis\" : \"0x", "\"genesis\" : \"", "in 'committee' 'genesis' is not 0x and 64"),
            ("\"groupKey\"", "\"key\"", "'groupKey' is missing"),
        ]
    )
    func `names what is wrong`(_ part: String, _ replacement: String, _ words: String) throws {
        let range = try #require(text.range(of: part))
        let changed = text.replacingCharacters(in: range, with: replacement)
        let error = #expect(throws: OfflineError.self) { try ProofBundle(json: Array(changed.utf8)) }
        #expect(error?.description.contains(words) == true, "\(error?.description ?? "")")
        #expect(error?.description.contains("oracle proof export") == true)
    }

    @Test func `is refused when a list in it is longer than any`() throws {
        let step = "\"\(Digest())\""
        let path = try #require(text.range(of: "\"path\" : ["))
        let long = text.replacingCharacters(
            in: path,
            with: "\"path\" : [" + String(repeating: step + ",", count: 70)
        )
        let error = #expect(throws: OfflineError.self) { try ProofBundle(json: Array(long.utf8)) }
        #expect(error?.description.contains("more than 64 elements") == true)
    }

    @Test func `is refused when it is no JSON object, or too long`() {
        #expect(throws: OfflineError.self) { try ProofBundle(json: Array("[]".utf8)) }
        #expect(throws: OfflineError.self) { try ProofBundle(json: []) }
        #expect(throws: OfflineError.tooLong(limit: ProofBundle.sizeLimit)) {
            try ProofBundle(json: [UInt8](repeating: 0x20, count: ProofBundle.sizeLimit + 1))
        }
    }

    @Test(arguments: 1...3)
    func `a spoilt file is refused, or is one that is written and read again as it is`(seed: UInt64) throws {
        var spoiler = Spoiler(seed: seed, words: Spoiler.json)
        var refused = 0
        for _ in 0..<600 {
            guard let bundle = try? ProofBundle(json: spoiler.spoilt(Array(text.utf8))) else {
                refused += 1
                continue
            }
            #expect(try ProofBundle(json: bundle.json) == bundle)
            #expect(
                ProofVerdict(on: bundle, by: world.record).text.hasPrefix("NOT VALID")
                    || bundle.entry == world.bundle().entry
            )
        }
        #expect((1..<600).contains(refused))
    }
}
