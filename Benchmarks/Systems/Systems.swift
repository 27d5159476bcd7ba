import Glibc

/// Measures what the README states: `scripts/bench`.
@main
enum Systems {
    /// Each by the name that selects it.
    static let all: [(name: String, run: @Sendable () async throws -> [Figure])] = [
        ("handshake", handshakes),
        ("sealing", sealing),
        ("link", linkOverSockets),
        ("ceremony", ceremony),
        ("simulation", simulation),
        ("gossip", gossip),
    ]

    static func main() async throws {
        let wanted = CommandLine.arguments.dropFirst()
        let known = all.map(\.name)
        guard wanted.allSatisfy(known.contains) else {
            print("usage: scripts/bench [\(known.joined(separator: "|"))]...")
            exit(2)
        }
        for benchmark in all where wanted.isEmpty || wanted.contains(benchmark.name) {
            for figure in try await benchmark.run() { print(figure) }
        }
    }
}
