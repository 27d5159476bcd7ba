import Consensus
import Foundation
import Logging
import Peer
import Primitives
import ServiceLifecycle
import Synchronization
import SystemPackage
import Testing

@testable import P2PNode

@Suite struct StatusServerTests {
    private let directory: TemporaryDirectory
    private let socket: FilePath
    private let inspector = StandIn()

    init() throws {
        directory = try TemporaryDirectory()
        socket = directory.path.appending("oracle.sock")
    }

    /// Runs the server around a test, which may ask it, and shuts it down.
    private func withServer(_ body: (StatusClient) async throws -> Void) async throws {
        let silent = Logger(label: "test") { _ in SwiftLogNoOpLogHandler() }
        let server = try StatusServer(
            socket: socket,
            inspector: inspector,
            metrics: { "answer 42\n" },
            logger: silent
        )
        let group = ServiceGroup(services: [server], logger: silent)
        async let running: Void = group.run()
        let client = StatusClient(socket: socket)
        try await untilAnswers(client)
        try await body(client)
        await group.triggerGracefulShutdown()
        try await running
    }

    private func untilAnswers(_ client: StatusClient) async throws {
        while true {
            do throws(StatusClientError) {
                _ = try await client.status()
                return
            } catch .unreachable {
                try await Task.sleep(for: .milliseconds(10))
            }
        }
    }

    @Test func `tells the client where the node stands`() async throws {
        try await withServer { client in
            inspector.state.withLock { $0.status.view = 7 }
            let status = try await client.status()
            #expect(status == inspector.state.withLock { $0.status })
        }
    }

    @Test func `keeps the socket from other users, and takes it away at the end`() async throws {
        try await withServer { _ in
            let permissions = try mode(of: socket)
            #expect(permissions == .ownerReadWrite)
        }
        #expect(!FileManager.default.fileExists(atPath: socket.string))
    }

    @Test func `takes the place of a socket that an earlier run has left`() async throws {
        try Data().write(to: URL(filePath: socket.string))
        try await withServer { client in _ = try await client.status() }
    }

    @Test func `sends the events it has kept and then each as it happens`() async throws {
        inspector.events.send(NodeEvent(.started, "started"))
        try await withServer { client in
            let seen = EventBox()
            await withTaskGroup { group in
                group.addTask {
                    // Ends with the cancellation below.
                    try? await client.events { seen.append($0) }
                }
                while seen.all.isEmpty { await Task.yield() }
                inspector.events.send(NodeEvent(.viewEntered, "view 4", view: 4, leader: 2))
                while seen.all.count < 2 { await Task.yield() }
                group.cancelAll()
            }
            let events = seen.all
            #expect(events.map(\.event) == [.started, .viewEntered])
            #expect(events.last?.view == 4)
            #expect(events.allSatisfy { $0.time > 0 })
        }
    }

    @Test func `is not held up at its end by one who listens`() async throws {
        inspector.events.send(NodeEvent(.started, "started"))
        let seen = EventBox()
        let client = StatusClient(socket: socket)
        await withTaskGroup { group in
            group.addTask {
                while seen.all.isEmpty {
                    // Refused until the server is there, and ended by it.
                    try? await client.events { seen.append($0) }
                    await Task.yield()
                }
            }
            do {
                try await withServer { _ in
                    while seen.all.isEmpty { await Task.yield() }
                }
            } catch {
                Issue.record(error)
            }
            await group.waitForAll()
        }
        #expect(seen.all.count == 1)
    }

    @Test func `hands on what the operator wants`() async throws {
        try await withServer { client in
            try await client.drain(true)
            #expect(inspector.state.withLock { $0.isDraining } == true)
            try await client.drain(false)
            #expect(inspector.state.withLock { $0.isDraining } == false)
        }
    }

    @Test func `hands on what the operator wants said, and tells what becomes of it`() async throws {
        try await withServer { client in
            let order = PublicationOrder(title: "t", content: [UInt8](repeating: 7, count: 16_384))
            let taken = try await client.publish(order).get()
            #expect(taken == PublicationReport(ticket: 9, state: .waiting))
            #expect(inspector.state.withLock { $0.published } == [[UInt8](repeating: 7, count: 16_384)])
            inspector.state.withLock {
                $0.report = PublicationReport(ticket: 9, state: .refused, reason: "too much")
            }
            let refused = try await client.publish(order).get()
            #expect(refused.state == .refused && refused.reason == "too much")
            let told = try await client.publication(9)
            #expect(told == refused)
            let none = try await client.publication(10)
            #expect(none == nil)
        }
    }

    @Test(
        arguments: [
            (PublicationOrder(title: "", content: [1]), "1 to 128 bytes"),
            (PublicationOrder(title: String(repeating: "x", count: 129), content: [1]), "1 to 128 bytes"),
            (PublicationOrder(title: "t", content: []), "1 to 16384 bytes"),
            (
                PublicationOrder(title: "t", content: [UInt8](repeating: 0, count: 16_385)),
                "1 to 16384 bytes"
            ),
            (PublicationOrder(title: "t", content: [UInt8](repeating: 0, count: 65_536)), "cannot be read"),
        ]
    )
    func `refuses an order that says nothing or too much`(_ order: PublicationOrder, _ words: String)
        async throws
    {
        try await withServer { client in
            guard case .failure(let refusal) = try await client.publish(order) else {
                Issue.record("it was taken")
                return
            }
            #expect(refusal.reason.contains(words), "\(refusal.reason)")
        }
        #expect(inspector.state.withLock { $0.published }.isEmpty)
    }

    @Test func `has the committee's record once there is a key`() async throws {
        try await withServer { client in
            let before = try await client.committee()
            #expect(before == nil)
            let file = CommitteeFile(try ElectionWorld().record)
            inspector.state.withLock { $0.committee = file }
            let after = try await client.committee()
            #expect(after == file)
            let same = try await client.committee(of: 1)
            #expect(same == file)
            let unknown = try await client.committee(of: 2)
            #expect(unknown == nil)
        }
    }

    @Test func `tells what convicts members, and hands on each proof`() async throws {
        let world = try EvidenceWorld()
        let file = try world.file(.twoHeartbeats)
        let finding = try #require(EvidenceFileVerdict(on: file, by: nil).finding)
        try await withServer { client in
            let before = try await client.evidence()
            #expect(before.isEmpty)
            inspector.state.withLock { $0.evidence = [(finding, file)] }
            let after = try await client.evidence()
            #expect(after == [finding])
            let whole = try await client.evidence(finding.id)
            #expect(whole == file)
            for id in ["0123456789abcdef", finding.id.uppercased(), "../status", ""] {
                let none = try await client.evidence(id)
                #expect(none == nil, "\(id)")
            }
        }
    }

    @Test func `lists entries, and hands on each with its proof or the reason why there is none`()
        async throws
    {
        let world = try ProofWorld()
        let items = (1...3 as ClosedRange<UInt64>).map { place in
            ProofItem(MemberIndex(2), world.logs[1][Int(place) - 1], anchor: place < 3 ? 1 : nil)
        }
        try await withServer { client in
            inspector.state.withLock {
                $0.items = items
                $0.bundle = world.bundle(member: 2, sequence: 3)
            }
            let all = try await client.proofs(of: nil, last: 9)
            #expect(all == items)
            let newest = try await client.proofs(of: 2, last: 1)
            #expect(newest == [items[2]])
            let none = try await client.proofs(of: 3, last: 9)
            #expect(none == [])
            let bundle = try await client.proof("2:3").get()
            #expect(bundle == world.bundle(member: 2, sequence: 3))
            guard case .failure(let refusal) = try await client.proof("2:4") else {
                Issue.record("there is a proof of what is not there")
                return
            }
            #expect(refusal.reason == "no entry 4 of member 2")
            guard case .failure(let other) = try await client.proof("2:3", in: 7) else {
                Issue.record("the epoch was not handed on")
                return
            }
            #expect(other.reason == "not of epoch 7")
        }
    }

    @Test func `is healthy only when the node is ready`() async throws {
        try await withServer { _ in
            let before = try await RawHTTP.get("/health", socket: socket)
            #expect(before.hasPrefix("HTTP/1.1 503"))
            inspector.state.withLock { $0.status.isReady = true }
            let after = try await RawHTTP.get("/health", socket: socket)
            #expect(after.hasPrefix("HTTP/1.1 200"))
        }
    }

    @Test func `serves the metrics, and nothing it was not made for`() async throws {
        try await withServer { _ in
            let metrics = try await RawHTTP.get("/metrics", socket: socket)
            #expect(metrics.hasSuffix("\r\n\r\nanswer 42\n"))
            for path in ["/", "/keys", "/status/x", "/../status"] {
                let answer = try await RawHTTP.get(path, socket: socket)
                #expect(answer.hasPrefix("HTTP/1.1 404"), "\(path)")
            }
        }
    }

    @Test func `says plainly that nobody answers`() async throws {
        let client = StatusClient(socket: socket)
        let error = await #expect(throws: StatusClientError.self) { _ = try await client.status() }
        #expect(error?.description.contains("no node answers at \(socket)") == true)
    }

    @Test func `refuses a path that no socket can have`() throws {
        let long = FilePath("/tmp").appending(String(repeating: "x", count: 103))
        let error = #expect(throws: StatusServerError.self) {
            try StatusServer(
                socket: long,
                inspector: inspector,
                metrics: { "" },
                logger: Logger(label: "test")
            )
        }
        #expect(error?.description.contains("107 bytes") == true)
    }
}

/// What a listener has heard.
private final class EventBox: Sendable {
    private let events = Mutex<[NodeEvent]>([])

    func append(_ event: NodeEvent) { events.withLock { $0.append(event) } }
    var all: [NodeEvent] { events.withLock { $0 } }
}

/// Answers as a test wants.
private final class StandIn: NodeInspector {
    struct State {
        var status = NodeStatus(
            version: "0.0.0",
            uptimeSeconds: 1.5,
            processId: 1,
            identity: "0x00",
            account: "0x00",
            registry: "0x00",
            chainId: 1,
            epoch: nil,
            member: nil,
            committeeSize: nil,
            quorum: nil,
            view: nil,
            leader: nil,
            isLeading: false,
            certificate: nil,
            anchoredView: nil,
            proof: nil,
            groupKey: nil,
            links: [],
            chain: NodeStatus.Chain(head: 3, isStale: false, balance: nil, pending: 0, endpoints: []),
            isHalted: false,
            isReady: false,
            explanation: ["It waits."]
        )
        var committee: CommitteeFile?
        var evidence: [(finding: EvidenceFinding, file: EvidenceFile)] = []
        var items: [ProofItem] = []
        var bundle: ProofBundle?
        var isDraining: Bool?
        var published: [[UInt8]] = []
        var report = PublicationReport(ticket: 9, state: .waiting)
    }

    let state = Mutex(State())
    let events = NodeEventBroadcaster()

    func status() async -> NodeStatus { state.withLock { $0.status } }
    func committee() async -> CommitteeFile? { state.withLock { $0.committee } }
    func evidence() async -> [EvidenceFinding] { state.withLock { $0.evidence.map(\.finding) } }
    func evidence(_ id: String) async -> EvidenceFile? {
        state.withLock { $0.evidence.first { $0.finding.id == id }?.file }
    }
    func proofs(of member: UInt16?, last count: Int, published: Bool) async throws -> [ProofItem] {
        state.withLock { state in
            let items = state.items.filter { item in
                (member.map { item.id.hasPrefix("\($0):") } ?? true) && (!published || item.title != nil)
            }
            return Array(items.suffix(count))
        }
    }
    func publish(_ order: PublicationOrder) async throws(PublicationError) -> PublicationReport {
        let request = try order.request(9)
        return state.withLock { state in
            state.published.append(request.content.bytes)
            return state.report
        }
    }
    func publication(_ ticket: UInt64) async throws -> PublicationReport? {
        state.withLock { $0.report.ticket == ticket ? $0.report : nil }
    }
    func committee(of epoch: UInt64) async throws -> CommitteeFile? {
        state.withLock { $0.committee.flatMap { $0.record.roster.epoch.rawValue == epoch ? $0 : nil } }
    }
    func proof(
        of member: UInt16,
        _ sequence: UInt64,
        in epoch: UInt64?
    ) async throws -> Result<ProofBundle, ProofRefusal> {
        if epoch == 7 { return .failure(ProofRefusal(reason: "not of epoch 7")) }
        guard let bundle = state.withLock({ $0.bundle }), bundle.author.rawValue == member,
            bundle.entry.object.order.sequence == sequence
        else { return .failure(ProofRefusal(reason: "no entry \(sequence) of member \(member)")) }
        return .success(bundle)
    }
    func drain(_ isDraining: Bool) async { state.withLock { $0.isDraining = isDraining } }
}
