import Cryptography
import Ethereum
import EthereumHTTP
import Foundation
import P2PNode
import Primitives
import TestSupport
import Testing

/// A development chain in a process of its own, which mines only when it is told to.
final class DevChain: Sendable {
    /// One of its endpoints, or a further one that looks at the same chain in its own way.
    struct Node: Sendable {
        let name: String
        let url: String
    }

    /// Whether the Python environment that runs it is there.
    static let isAvailable =
        FileManager.default.isExecutableFile(atPath: python.path)
        && ProcessInfo.processInfo.environment["ORACLE_CHAIN_TESTS"] == "1"
    private static let python = Fixture.repository.appending(path: ".venv/bin/python")

    let nodes: [Node]
    let chainId: UInt64
    let genesis: Digest
    private let process: Process
    private let transport: HTTPTransport

    /// Starts a chain with an endpoint `main` and further ones; endpoint `n` lags `lags[n]` blocks.
    static func with<Value>(
        lags: [String: Int] = [:],
        _ arguments: [String] = [],
        _ body: (DevChain) async throws -> Value
    ) async throws -> Value {
        let transport = HTTPTransport()
        let chain = try DevChain(lags: lags, arguments: arguments, transport: transport)
        let result: Result<Value, any Error>
        do { result = .success(try await body(chain)) } catch { result = .failure(error) }
        chain.process.terminate()
        chain.process.waitUntilExit()
        try await transport.shutdown()
        return try result.get()
    }

    private init(lags: [String: Int], arguments: [String], transport: HTTPTransport) throws {
        self.transport = transport
        process = Process()
        process.executableURL = Self.python
        process.currentDirectoryURL = Fixture.repository.appending(path: "testnet")
        let replicas = lags.sorted { $0.key < $1.key }.flatMap { ["--replica", "\($0.key):0:\($0.value)"] }
        process.arguments =
            ["-m", "devchain", "--port", "0", "--no-automine", "--time-step", "12"] + replicas + arguments
        let output = Pipe()
        process.standardOutput = output
        process.standardError = FileHandle.nullDevice
        try process.run()
        var line: [UInt8] = []
        while let byte = try output.fileHandleForReading.read(upToCount: 1)?.first, byte != UInt8(ascii: "\n")
        {
            line.append(byte)
        }
        let ready = try JSONParser.parse(line)
        guard case .object(let urls)? = ready["urls"], case .number(let digits)? = ready["chainId"],
            let chainId = UInt64(digits)
        else { throw ShapeError("ready line", expected: "urls", found: ready) }
        self.chainId = chainId
        genesis = try ready.member("genesis", of: "ready line").fixed("genesis")
        nodes = urls.compactMap { name, url in
            guard case .string(let url) = url else { return nil }
            return Node(name: name, url: url)
        }.sorted { ($0.name == "main" ? "" : $0.name) < ($1.name == "main" ? "" : $1.name) }
    }

    /// Calls a method at the endpoint `main`.
    @discardableResult
    func rpc(_ method: String, _ parameters: JSON...) async throws -> JSON {
        try await rpc(at: "main", method, parameters)
    }

    /// Calls a method at an endpoint.
    @discardableResult
    func rpc(at name: String, _ method: String, _ parameters: [JSON]) async throws -> JSON {
        let node = try #require(nodes.first { $0.name == name })
        let request = JSON.object([
            "jsonrpc": .string("2.0"), "id": .number("1"), "method": .string(method),
            "params": .array(parameters),
        ])
        let endpoint = RPCEndpoint(name: name, url: node.url)
        let reply = try await transport.post(
            request.encoded,
            to: endpoint,
            within: .seconds(30),
            limit: 1 << 26
        )
        let json = try JSONParser.parse(reply)
        if let error = json["error"] { throw try RPCRefusal(json: error) }
        return json["result"] ?? .null
    }

    /// Mines so many blocks.
    func mine(_ count: Int = 1) async throws {
        try await rpc("evm_mine", .object(["blocks": .number(String(count))]))
    }

    /// Replaces the newest blocks by others, empty ones unless `keepsTransactions`, one more by default.
    func reorganise(
        depth: Int,
        length: Int? = nil,
        keepsTransactions: Bool = false,
        dropping dropped: [Digest] = []
    ) async throws {
        var options: [String: JSON] = [
            "depth": .number(String(depth)),
            "keepTxs": .bool(keepsTransactions),
            "drop": .array(dropped.map { .string($0.description) }),
        ]
        if let length { options["length"] = .number(String(length)) }
        try await rpc("dev_reorg", .object(options))
    }

    /// Makes an endpoint fail in a way until it is told otherwise, or for `count` requests.
    func fault(
        _ name: String,
        _ mode: String?,
        methods: [String] = [],
        count: Int? = nil,
        _ more: [String: JSON] = [:]
    ) async throws {
        var options = more
        if let mode {
            options["mode"] = .string(mode)
            options["methods"] = .array(methods.map { .string($0) })
            if let count { options["left"] = .number(String(count)) }
        }
        try await rpc("dev_setFault", .string(name), .object(options))
    }

    /// Changes what an endpoint sees.
    func view(_ name: String, _ options: [String: JSON]) async throws {
        try await rpc("dev_setView", .string(name), .object(options))
    }

    /// The head's number.
    func height() async throws -> UInt64 { try await rpc("eth_blockNumber").quantity("head") }
}
