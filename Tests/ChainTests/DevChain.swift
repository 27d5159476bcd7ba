import Cryptography
import Ethereum
import EthereumHTTP
import Foundation
import Primitives
import Testing

/// A development chain that mines only when it is told to.
///
/// One serves all tests, one after the other: each begins at the same block, with endpoints that behave.
final class DevChain: Sendable {
    /// A way to the chain.
    struct Node: Sendable {
        let name: String
        let url: String
    }

    /// Whether the Python environment that runs it is there.
    static let isAvailable = FileManager.default.isExecutableFile(atPath: ChainProcess.python.path)

    /// The endpoints besides `main`, which lag 0 blocks until a test wants otherwise.
    static let others = ["flaky", "liar", "other", "slow"]

    let nodes: [Node]
    let chainId: UInt64
    let genesis: Digest
    private let process: ChainProcess
    private let transport = HTTPTransport()

    /// Starts a chain.
    init() async throws {
        let replicas = Self.others.flatMap { ["--replica", "\($0):0:0"] }
        process = try await ChainProcess(["--no-automine", "--time-step", "12"] + replicas)
        let ready = try JSONParser.parse(process.readyLine)
        guard case .object(let urls)? = ready["urls"], case .number(let digits)? = ready["chainId"],
            let chainId = UInt64(digits)
        else { throw ShapeError("ready line", expected: "urls", found: ready) }
        self.chainId = chainId
        genesis = try ready.member("genesis", of: "ready line").fixed("genesis")
        nodes = urls.compactMap { name, url in
            guard case .string(let url) = url else { return nil }
            return Node(name: name, url: url)
        }
    }

    /// Whether it can be asked.
    var isRunning: Bool { process.isRunning }

    /// Makes every endpoint behave, and the named ones lag so many blocks.
    func reset(lags: [String: Int]) async throws {
        for node in nodes {
            try await fault(node.name, nil)
            try await view(
                node.name,
                [
                    "lag": .number(String(lags[node.name] ?? 0)), "frozen": .bool(false),
                    "maxLogRange": .number("10000"), "maxLogs": .number("20000"),
                ]
            )
        }
    }

    /// Keeps the chain as it is, to come back to it once.
    func snapshot() async throws -> JSON { try await rpc("evm_snapshot") }

    /// Goes back to a snapshot.
    func revert(to snapshot: JSON) async throws {
        #expect(try await rpc("evm_revert", snapshot) == .bool(true))
    }

    /// Calls a method at the endpoint `main`.
    @discardableResult
    func rpc(_ method: String, _ parameters: JSON...) async throws -> JSON {
        let node = try #require(nodes.first { $0.name == "main" })
        let request = JSON.object([
            "jsonrpc": .string("2.0"), "id": .number("1"), "method": .string(method),
            "params": .array(parameters),
        ])
        let reply = try await transport.post(
            request.encoded,
            to: RPCEndpoint(name: node.name, url: node.url),
            within: .seconds(120),
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

    /// The head's base fee, in wei per gas.
    func baseFee() async throws -> UInt256 {
        let head = try await rpc("eth_getBlockByNumber", .string("latest"), .bool(false))
        return try head.member("baseFeePerGas", of: "block").wideQuantity("baseFeePerGas")
    }

    /// How many transactions of an account are mined.
    func nonce(of account: Address) async throws -> UInt64 {
        try await rpc("eth_getTransactionCount", .string(account.description), .string("latest"))
            .quantity("nonce")
    }

    /// Whether a transaction waits or is mined.
    func holds(_ transaction: Digest) async throws -> Bool {
        try await rpc("eth_getTransactionByHash", .string(transaction.description)) != .null
    }

    /// How many transactions wait for a block, and how many more behind a gap.
    func waiting() async throws -> (pending: UInt64, queued: UInt64) {
        let status = try await rpc("txpool_status")
        return (
            try status.member("pending", of: "pool").quantity("pending"),
            try status.member("queued", of: "pool").quantity("queued")
        )
    }
}
