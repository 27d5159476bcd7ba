import Foundation
import SystemPackage
import TestSupport
import Testing

@testable import P2PNode

/// The commented example that operators begin with.
@Suite struct ExampleConfigurationTests {
    private let file = Fixture.repository.appending(path: "deploy/oracle.example.yaml")

    private func read(_ change: (String) -> String = { $0 }) throws -> NodeConfiguration {
        let directory = try TemporaryDirectory()
        let copy = directory.path.appending("oracle.yaml")
        let text = try String(contentsOf: file, encoding: .utf8)
        try Data(change(text).utf8).write(to: URL(filePath: copy.string))
        return try NodeConfiguration(ConfigurationSources(file: copy))
    }

    @Test func `is valid as it is`() throws {
        let configuration = try read()
        #expect(configuration.dataDirectory == "/var/lib/oracle")
    }

    @Test func `shows every default as it is`() throws {
        let configuration = try read { $0.replacing(/\n( *)#(?=\S)/) { "\n\($0.1)" } }
        let shown = configuration.report.filter { $0.key.standard != nil }
        #expect(shown.count == ConfigurationKey.allCases.count { $0.standard != nil })
        for entry in shown {
            #expect(entry.value == entry.key.standard, "\(entry.key)")
            #expect(entry.origin != .standard, "\(entry.key) is not in the example")
        }
    }

    @Test func `names every setting`() throws {
        let text = try String(contentsOf: file, encoding: .utf8)
        #expect(text.contains("\n#role: oracle\n"))
        for key in ConfigurationKey.allCases where key.components.count > 1 {
            let group = try #require(text.firstRange(of: "\n\(key.components[0]):\n"), "\(key)")
            let end = text[group.upperBound...].firstRange(of: "\n\n")?.lowerBound ?? text.endIndex
            let lines = text[group.upperBound..<end].split(separator: "\n")
            let isThere = lines.contains { line in
                line.drop { " #".contains($0) }.hasPrefix("\(key.components[1]):")
            }
            #expect(isThere, "\(key)")
        }
    }
}
