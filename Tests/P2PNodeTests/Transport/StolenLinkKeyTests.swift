import CoreMetrics
import Cryptography
import Gossip
import NIOCore
import NIOPosix
import P2PNode
import Primitives
import Testing

/// What a link key is worth to one who has not the key of the identity, among members that are linked.
@Suite(.timeLimit(.minutes(1))) struct StolenLinkKeyTests {
    /// A host at which no member lives; each misbehaves once, for then it is banned.
    private static func host(_ number: Int) -> String { "127.0.9.\(number)" }

    /// The links that members have with each other, once they stay the same for a while.
    private func links(among members: [TestMember]) async throws -> [LinkID] {
        var settled: [LinkID] = []
        var unchanged = 0
        for _ in 0..<400 {
            var found: [LinkID] = []
            for member in members {
                for peer in members where peer.identity != member.identity {
                    if let link = await member.observer.link(to: peer.identity) { found.append(link.id) }
                }
            }
            unchanged = found == settled ? unchanged + 1 : 0
            settled = found
            if found.count == members.count * (members.count - 1), unchanged == 20 { return found }
            try await Task.sleep(for: .milliseconds(25))
        }
        Issue.record("the members are not linked")
        return settled
    }

    /// The value of one series.
    private func count(_ series: String, _ metrics: PrometheusMetrics) -> Int {
        metrics.text().split(separator: "\n").first { $0.hasPrefix(series + " ") }
            .flatMap { Int($0.dropFirst(series.count + 1)) } ?? 0
    }

    private func waits(for condition: () -> Bool) async throws -> Bool {
        for _ in 0..<1_000 where !condition() { try await Task.sleep(for: .milliseconds(5)) }
        return condition()
    }

    private let accepted = "oracle_handshakes_failed_total{end=\"accepted\",reason=\"badSignature\"}"
    private let full = "oracle_connections_refused_total{reason=\"full\"}"
    private let dialed = "oracle_handshakes_failed_total{end=\"dialed\",reason=\"badSignature\"}"

    /// All proofs that one can offer who is a member itself, or was, and has had links with the victim.
    private func proofs(of victim: TestMember) async throws -> [LinkThief.Proof] {
        var random = SystemRandom()
        let mallory = IdentityKey(random: &random)
        let fellow = LinkThief(
            claimed: mallory.identity,
            staticKey: LinkKeyPair(random: &random),
            proof: .signed(mallory)
        )
        var proofs = [LinkThief.Proof.signed(mallory)]
        // As the one that answers it has given one to everybody who has dialed it.
        proofs.append(
            .repeated(try await fellow.proofOfAnswer(by: victim.endpoint, from: Self.host(200)))
        )
        // As the one that dials it has given one to the members that it has dialed.
        let outcome = try await fellow.answer { await victim.transport.setPeers([mallory.identity: $0]) }
        guard case .trusted(let proof) = outcome else {
            Issue.record("the victim has not dialed")
            return proofs
        }
        proofs.append(.repeated(proof))
        await victim.transport.setPeers([:])
        return proofs
    }

    @Test func `with a member's link key nobody takes its place or its links`() async throws {
        let metrics = PrometheusMetrics()
        let (alice, bob, carol) = (withMetricsFactory(metrics) { TestMember() }, TestMember(), TestMember())
        try await withTransports([alice, bob, carol]) {
            let proofs = try await proofs(of: bob)
            try await introduceInTurn([alice, bob, carol])
            let before = try await links(among: [alice, bob, carol])
            for (number, proof) in proofs.enumerated() {
                let thief = LinkThief(claimed: bob.identity, staticKey: bob.linkKey, proof: proof)
                for member in [alice, carol, bob] {
                    let outcome = try await thief.dial(member.endpoint, from: Self.host(number))
                    #expect(outcome == .closed(after: []))
                }
            }
            #expect(try await waits { count(accepted, metrics) == 3 })
            // Its hosts are heard no more, whatever it brings.
            for (number, proof) in proofs.enumerated() {
                let thief = LinkThief(claimed: bob.identity, staticKey: bob.linkKey, proof: proof)
                #expect(try await thief.dial(alice.endpoint, from: Self.host(number)) == .unheard)
            }
            #expect(count("oracle_connections_refused_total{reason=\"banned\"}", metrics) == 3)
            #expect(try await links(among: [alice, bob, carol]) == before)
            for member in [alice, bob, carol] {
                let hasLost = await member.observer.reports.contains { report in
                    guard case .down(let peer, _) = report else { return false }
                    return [alice, bob, carol].contains { $0.identity == peer }
                }
                #expect(!hasLost)
            }
            let word = LinkMessage(.ping, body: Ping(nonce: 1).sszBytes)
            await bob.observer.link(to: alice.identity)?.send([word])
            #expect(try await alice.waits { $0.contains(.message(word, from: bob.identity)) })
        }
    }

    @Test func `at a member's host, which is never banned, a thief is heard as seldom as a member`()
        async throws
    {
        let metrics = PrometheusMetrics()
        let (alice, bob) = (withMetricsFactory(metrics) { TestMember() }, TestMember())
        try await withTransports([alice, bob]) {
            try await introduceInTurn([alice, bob])
            let before = try await links(among: [alice, bob])
            let thief = LinkThief(claimed: bob.identity, staticKey: bob.linkKey, proof: .signed(alice.key))
            let begun = ContinuousClock.now
            var heard = 0
            for _ in 0..<200 {
                switch try await thief.dial(alice.endpoint, from: "127.0.0.1") {
                case .unheard: break
                case .closed(let bytes):
                    #expect(bytes.isEmpty)
                    heard += 1
                case .trusted: Issue.record("alice has taken it for whom she dialed")
                }
            }
            let seconds = Int(begun.duration(to: .now).components.seconds)
            #expect((1...(10 + 5 * (seconds + 1))).contains(heard))
            #expect(try await waits { count(accepted, metrics) == heard })
            #expect(
                try await waits {
                    count("oracle_connections_refused_total{reason=\"tooFast\"}", metrics) == 200 - heard
                }
            )
            #expect(try await links(among: [alice, bob]) == before)
        }
    }

    @Test func `who answers in a member's place with its link key gets no link and no proof`() async throws {
        let metrics = PrometheusMetrics()
        let (alice, bob) = (withMetricsFactory(metrics) { TestMember() }, TestMember())
        try await withTransports([alice, bob]) {
            for proof in try await proofs(of: bob) {
                let thief = LinkThief(claimed: bob.identity, staticKey: bob.linkKey, proof: proof)
                let before = count(dialed, metrics)
                let outcome = try await thief.answer { await alice.transport.setPeers([bob.identity: $0]) }
                #expect(outcome == .closed(after: []))
                #expect(try await waits { count(dialed, metrics) > before })
                await alice.transport.setPeers([:])
            }
            #expect(await alice.observer.reports.isEmpty)
            // With bob himself she links.
            try await introduceInTurn([alice, bob])
            _ = try await links(among: [alice, bob])
        }
    }

    @Test func `strangers that hold all handshakes they can get keep no member out`() async throws {
        let metrics = PrometheusMetrics()
        let (alice, bob, carol) = (withMetricsFactory(metrics) { TestMember() }, TestMember(), TestMember())
        try await withTransports([alice, bob, carol]) {
            try await introduceInTurn([alice, bob])
            let before = try await links(among: [alice, bob])
            let at = try await alice.endpoint
            var held: [any Channel] = []
            for number in 0..<80 {
                let bootstrap = ClientBootstrap(group: .singletonMultiThreadedEventLoopGroup)
                    .bind(to: try SocketAddress(ipAddress: "127.0.8.\(1 + number / 5)", port: 0))
                held.append(try await bootstrap.connect(host: at.host, port: at.port).get())
            }
            #expect(try await waits { count(full, metrics) > 0 })
            // The last of them have been judged too.
            try await Task.sleep(for: .milliseconds(500))
            let refused = count(full, metrics)
            try await introduceInTurn([alice, bob, carol])
            #expect(try await carol.waits { $0.contains(.up(alice.identity)) })
            #expect(count(full, metrics) == refused)
            #expect(try await links(among: [alice, bob]) == before)
            for channel in held { channel.close(promise: nil) }
        }
    }
}
