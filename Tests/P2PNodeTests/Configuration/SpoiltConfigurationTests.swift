import Foundation
import Primitives
import SystemPackage
import TestSupport
import Testing

@testable import P2PNode

/// Configuration files spoilt in every way that a seed thinks of, and such as are made to be costly.
@Suite struct SpoiltConfigurationTests {
    private static let token = "5ecret"
    private let directory: TemporaryDirectory
    private let file: FilePath

    init() throws {
        directory = try TemporaryDirectory()
        file = directory.path.appending("oracle.yaml")
    }

    private func read(_ yaml: [UInt8]) throws -> NodeConfiguration {
        try Data(yaml).write(to: URL(filePath: file.string))
        return try NodeConfiguration(ConfigurationSources(file: file))
    }

    private func problems(_ yaml: String) throws -> [ConfigurationProblem] {
        try #require(throws: ConfigurationError.self) { try read(Array(yaml.utf8)) }.problems
    }

    /// The commented example with every setting in it, and an endpoint with a token.
    private func example() throws -> [UInt8] {
        let file = Fixture.repository.appending(path: "deploy/oracle.example.yaml")
        let path = String(repeating: "v3/", count: 20)
        let text = try String(contentsOf: file, encoding: .utf8)
            .replacing(/\n( *)#(?=\S)/) { "\n\($0.1)" }
            .replacing(/\n *# [^\n]*/, with: "")
            // So far from the host that no change makes it a part of that.
            .replacing("http://127.0.0.1:8545", with: "https://rpc.example/\(path)?key=\(Self.token)")
        return Array(text.utf8)
    }

    @Test(arguments: 1...4)
    func `is refused with reasons, or understood, and never shows an endpoint's token`(seed: UInt64) throws {
        var spoiler = Spoiler(seed: seed, words: Spoiler.yaml)
        let text = try example()
        #expect(try read(text).rpc.count == 1)
        var refused = 0
        for _ in 0..<80 {
            let spoilt = spoiler.spoilt(text)
            do {
                let configuration = try read(spoilt)
                #expect(try read(spoilt) == configuration)
                #expect(!configuration.text.contains(Self.token))
                #expect((1...16).contains(configuration.rpc.count))
            } catch let error as ConfigurationError {
                refused += 1
                #expect(!error.problems.isEmpty)
                #expect(!error.description.contains(Self.token), "\(error)")
            }
        }
        #expect((1..<80).contains(refused))
    }

    @Test(
        arguments: [
            "chain: { rpc: [ \"https://me:5ecret@a/5ecret\" }", "https://me:5ecret@a/5ecret: 1",
            "log: { level: https://a/5ecret }", "a: 1\nchain: { rpc: \"https://a/5ecret\" }\na: 2",
        ]
    )
    func `does not quote the endpoints of a file that is wrong`(_ yaml: String) throws {
        let found = try problems(yaml)
        for problem in found { #expect(!problem.description.contains(Self.token), "\(problem)") }
    }

    @Test func `names that are no settings are told, but not without end`() throws {
        let names = (0..<1_500).map { "n\($0): 1" }.joined(separator: "\n")
        let found = try problems(names)
        #expect(found.count { if case .unknown = $0 { true } else { false } } == 20)
        #expect(found.contains(.unknownToo(count: 1_480, origin: .file(file.string))))
    }

    @Test func `a file of aliases is refused before it is unfolded`() throws {
        let lines = (1..<30).map { "l\($0): &l\($0) { a: *l\($0 - 1), b: *l\($0 - 1) }" }
        let found = try problems("l0: &l0 { a: 1, b: 2 }\n" + lines.joined(separator: "\n"))
        guard case .malformed(_, let reason)? = found.first else { return #expect(found.isEmpty) }
        #expect(reason.contains("the alias *l"))
    }

    @Test func `an ampersand and an asterisk alone are no alias`() throws {
        let yaml = "# fish & chips, *really*\ndata: { directory: \"/a&b/*c\" }"
        #expect(try problems(yaml).allSatisfy { if case .missing = $0 { true } else { false } })
    }

    @Test(arguments: ["[", "{ a: ", "- ", "a:\n ", "? ", "\"", "!", "&a ", "- - ? "])
    func `a file of openings alone is refused`(_ opening: String) throws {
        let count = ConfigurationFile.sizeLimit / opening.utf8.count
        #expect(try !problems(String(repeating: opening, count: count)).isEmpty)
    }

    @Test func `a file that is longer than any configuration is not read to its end`() throws {
        let yaml = String(repeating: "# long\n", count: ConfigurationFile.sizeLimit / 7 + 1)
        let found = try problems(yaml)
        #expect(found.first == .unreadable(file: file.string, reason: "it has more than 16384 bytes"))
    }
}
