import Ethereum
import KeyOperations
import Primitives
import Synchronization
import Testing

@testable import BeaconAPI

/// Several nodes, of which some lie, lag, fail or are elsewhere.
@Suite struct BeaconClientTests {
    private func failure<Value>(_ body: () async throws(BeaconError) -> Value) async -> BeaconError? {
        do throws(BeaconError) {
            _ = try await body()
            return nil
        } catch {
            return error
        }
    }

    @Test func `one node is believed where only one is configured`() async throws {
        let client = Canned.client(CannedNodes(["a": Canned.node()]), ["a"])
        let record = try await client.validator(Canned.publicKey())
        #expect(record?.index == 1_234_567)
        #expect(try await client.headEpoch() == 312_500)
    }

    @Test func `one of three that says there is no validator is not believed, whichever it is`() async throws
    {
        for liar in ["a", "b", "c"] {
            let nodes = CannedNodes(["a": Canned.node(), "b": Canned.node(), "c": Canned.node()])
            nodes.set(liar, Canned.node(validators: Canned.noValidators))
            let record = try await Canned.client(nodes, ["a", "b", "c"]).validator(Canned.publicKey())
            #expect(record != nil)
        }
    }

    @Test func `two that contradict one another say nothing`() async throws {
        let nodes = CannedNodes(["a": Canned.node(), "b": Canned.node(validators: Canned.noValidators)])
        let client = Canned.client(nodes, ["a", "b"])
        let key = try Canned.publicKey()
        #expect(
            await failure { () async throws(BeaconError) in try await client.validator(key) } == .disagreement
        )
    }

    @Test func `a balance that has moved between two answers is no contradiction`() async throws {
        let nodes = CannedNodes([
            "a": Canned.node(), "b": Canned.node(validators: Canned.validators(balance: "1")),
        ])
        let record = try await Canned.client(nodes, ["a", "b"]).validator(Canned.publicKey())
        #expect(record?.index == 1_234_567)
    }

    @Test func `one that agrees with nobody's silence does not count for two`() async throws {
        let client = Canned.client(CannedNodes(["a": Canned.node()]), ["a", "b"])
        let key = try Canned.publicKey()
        let error = await failure { () async throws(BeaconError) in try await client.validator(key) }
        #expect(error == .unavailable(["b": "not reachable: off"]))
    }

    @Test(arguments: [
        Canned.sync(head: 10, syncing: true), Canned.sync(head: 10_000_000, optimistic: true),
        Canned.sync(head: 10_000_000, offline: true),
    ])
    func `a node that is not in step is not heard, and not left alone either`(sync: String) async throws {
        let nodes = CannedNodes(["a": Canned.node(sync: sync, validators: Canned.noValidators)])
        let client = Canned.client(nodes, ["a"])
        let key = try Canned.publicKey()
        guard
            case .unavailable? = await failure({ () async throws(BeaconError) in
                try await client.validator(key)
            })
        else {
            Issue.record("believed")
            return
        }
        nodes.set("a", Canned.node())
        #expect(try await client.validator(key) != nil)
    }

    @Test func `a node behind what two have come to is not heard, and one that is far ahead holds up nobody`()
        throws
    {
        let configuration = BeaconEndpoints.Configuration(
            endpointCount: 3,
            identity: BeaconIdentity(network: .mainnet)
        )
        var table = BeaconEndpoints(configuration, count: 3, seed: 1)
        func sync(_ head: UInt64) -> BeaconSync {
            BeaconSync(
                headSlot: head,
                distance: 0,
                isSyncing: false,
                isOptimistic: false,
                isExecutionOffline: false
            )
        }
        try table.hear(0, sync(99_000_000_000))
        try table.hear(1, sync(10_000_000))
        try table.hear(2, sync(9_999_992))
        #expect(throws: BeaconFault.self) { try table.hear(2, sync(9_999_991)) }
        #expect(table.commonSlot == 10_000_000)
    }

    @Test func `one node cannot make the epoch up`() async throws {
        let nodes = CannedNodes([
            "a": Canned.node(head: 99_000_000_000), "b": Canned.node(), "c": Canned.node(),
        ])
        #expect(try await Canned.client(nodes, ["a", "b", "c"]).headEpoch() == 312_500)
    }

    @Test func `a node of another chain is never asked for validators`() async throws {
        let other = Canned.genesis.replacing("0x4b363db9", with: "0x5b363db9")
        let nodes = CannedNodes(["a": Canned.node(genesis: other)])
        let clock = MutableClock()
        let client = Canned.client(nodes, ["a"], clock: clock)
        let key = try Canned.publicKey()
        let error = await failure { () async throws(BeaconError) in try await client.validator(key) }
        guard case .unavailable(let faults)? = error else {
            Issue.record("believed")
            return
        }
        #expect(
            faults["a"]?.hasPrefix("is not our beacon chain: began with the validators 0x5b363db9") == true
        )
        #expect(!nodes.asked.withLock { $0 }.contains { $0.contains("validators") })
        nodes.set("a", Canned.node())
        _ = await failure { () async throws(BeaconError) in try await client.validator(key) }
        #expect(nodes.asked.withLock { $0.count } == 2)
        clock.pass(.seconds(60))
        #expect(try await client.validator(key) != nil)
    }

    @Test func `who fails is left alone for longer each time, and must show its chain again`() async throws {
        let nodes = CannedNodes(["a": { (_) throws(RPCFault) in BeaconReply(status: 500, body: []) }])
        let clock = MutableClock()
        let client = Canned.client(nodes, ["a"], clock: clock)
        let key = try Canned.publicKey()
        var waits: [Duration] = []
        for _ in 0..<4 {
            _ = await failure { () async throws(BeaconError) in try await client.validator(key) }
            let asked = nodes.asked.withLock { $0.count }
            _ = await failure { () async throws(BeaconError) in try await client.validator(key) }
            #expect(nodes.asked.withLock { $0.count } == asked)
            let until = try #require(await client.states[0].blockedUntil)
            let wait = clock.time.withLock { $0 }.duration(to: until)
            waits.append(wait)
            clock.pass(wait)
        }
        #expect(waits[3] > waits[0] * 3)
        nodes.set("a", Canned.node())
        _ = try await client.validator(key)
        nodes.set("a") { (_) throws(RPCFault) in throw .timeout(.seconds(10)) }
        _ = await failure { () async throws(BeaconError) in try await client.validator(key) }
        clock.pass(.seconds(120))
        nodes.asked.withLock { $0 = [] }
        nodes.set("a", Canned.node())
        _ = try await client.validator(key)
        #expect(nodes.asked.withLock { $0.first } == "a /eth/v1/beacon/genesis")
    }

    @Test func `an endpoint that asks for rest gets it, up to a limit`() async throws {
        for (asked, given) in [
            (Duration.seconds(100), Duration.seconds(100)), (.seconds(90_000), .seconds(300)),
        ] {
            let answer: CannedNodes.Answer = { (_) throws(RPCFault) in
                BeaconReply(status: 429, retryAfter: asked, body: [])
            }
            let client = Canned.client(CannedNodes(["a": answer]), ["a"])
            let key = try Canned.publicKey()
            _ = await failure { () async throws(BeaconError) in try await client.validator(key) }
            #expect(await client.states[0].blockedUntil == .start.advanced(by: given))
        }
    }

    @Test func `an exit goes to every node, and one that takes it is enough`() async throws {
        let refusal = Canned.reply(#"{"code":400,"message":"already known"}"#, status: 400)
        let nodes = CannedNodes(["a": Canned.node(submission: refusal), "b": Canned.node()])
        #expect(try await Canned.client(nodes, ["a", "b", "c"]).submit(Canned.exit) == ["b"])
        nodes.set("b", Canned.node(submission: refusal))
        let client = Canned.client(nodes, ["a", "b", "c"])
        let error = await failure { () async throws(BeaconError) in try await client.submit(Canned.exit) }
        let words = BeaconRefusal(code: 400, message: "already known")
        #expect(error == .refused(["a": words, "b": words]))
        #expect(await client.states[0].blockedUntil == nil)
    }

    @Test func `a key that somebody has deposited for is found in the queue and among the validators`()
        async throws
    {
        let key = try Canned.publicKey()
        let waiting = Canned.client(CannedNodes(["a": Canned.node(validators: Canned.noValidators)]), ["a"])
        guard case .waiting(let deposits) = try await waiting.standing(of: key) else {
            Issue.record("not found in the queue")
            return
        }
        #expect(deposits.count == 1)
        let client = Canned.client(CannedNodes(["a": Canned.node()]), ["a"])
        guard case .validator(let record, waiting: let more) = try await client.standing(of: key) else {
            Issue.record("not found among the validators")
            return
        }
        #expect(record.index == 1_234_567 && more.count == 1)
    }
}
