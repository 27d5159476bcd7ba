import Foundation
import Glibc
import Testing

/// What the real program does so that its secrets do not leave it through the operating system.
@Suite struct HardeningTests {
    private let workplace: Workplace
    /// For another user's processes; the superuser may look into all of its own.
    private static let stranger: UInt32 = 65_534

    init() throws {
        workplace = try Workplace()
    }

    /// A member that knows its chain and waits for an endpoint that nobody listens at.
    private func configuration() throws -> String {
        let made = try Command.run([
            "keys", "new", "--data", workplace.path + "/data", "--key-file", try workplace.keyFile(),
            "--endpoint", "127.0.0.1:9100",
        ])
        try #require(made.status == 0, "\(made.errors)")
        // Of the addresses of this machine one that nobody else has taken.
        let host = "127.\(Int.random(in: 1...254)).\(Int.random(in: 1...254)).\(Int.random(in: 1...254))"
        return try workplace.write(
            """
            data: { directory: data }
            keys: { keyFile: seal-7.key }
            listen: { address: "\(host):9100" }
            registry: { address: "0x5FbDB2315678afecb367f032d93F642f64180aa3" }
            chain: { id: 31337, genesis: "0x\(String(repeating: "1", count: 64))", rpc: [ "http://127.0.0.1:1" ] }

            """,
            to: "oracle.yaml"
        )
    }

    private func limits(of process: Int32) throws -> String {
        try String(contentsOfFile: "/proc/\(process)/limits", encoding: .utf8)
    }

    private func hasNoCore(_ limits: String) -> Bool {
        let line = limits.split(separator: "\n").first { $0.hasPrefix("Max core file size") } ?? ""
        return line.split(separator: " ").dropFirst(4).prefix(2) == ["0", "0"]
    }

    @Test func `a running node leaves no core file, and its memory is not its user's to read`() async throws {
        let config = try configuration()
        let prefix = Command.prefix(of: Self.stranger)
        if !prefix.isEmpty { try workplace.give(to: Self.stranger) }
        let node = try Command.start(["run", "--config", config], behind: prefix)
        defer { node.end() }
        try await node.wait(for: workplace.path + "/data/oracle.sock")
        let process = node.identifier
        #expect(hasNoCore(try limits(of: process)))
        guard getuid() != 0 || !prefix.isEmpty else { return }
        // The kernel gives what it shows of such a process to the superuser.
        let attributes = try FileManager.default.attributesOfItem(atPath: "/proc/\(process)/mem")
        #expect(attributes[.ownerAccountID] as? UInt32 == 0)
        guard getuid() != 0 else { return }
        #expect(unsafe open("/proc/\(process)/mem", O_RDONLY) == -1 && errno == EACCES)
    }

    @Test func `making keys leaves no core file either`() async throws {
        // A pipe that nobody writes to: it waits for the passphrase as long as it may.
        let passphrase = workplace.path + "/passphrase"
        try #require(unsafe mkfifo(passphrase, 0o600) == 0)
        let data = workplace.path + "/data"
        let making = try Command.start([
            "keys", "new", "--data", data, "--passphrase-file", passphrase, "--endpoint", "127.0.0.1:9100",
        ])
        defer { making.end() }
        try await making.wait(for: data)
        #expect(hasNoCore(try limits(of: making.identifier)))
    }
}
