import Cryptography
import Ethereum
import Primitives
import TestSupport
import Testing

/// Against calls, returns and logs of the deployed contract.
@Suite struct RegistryTests {
    private let fixture: JSON

    init() throws {
        fixture = try JSONFixture.load("ethereum/abi.json")
    }

    private func histories() throws -> [JSON] { try fixture.list("histories") }

    private func domain(_ history: JSON) throws -> StatementDomain {
        let registry: Address = try #require(history["registry"]).fixed("registry")
        return StatementDomain(chainId: try history.number("chainId"), registry: registry)
    }

    private func logs(_ history: JSON) throws -> [(name: String, fields: JSON, log: Log)] {
        try history.list("logs").map { entry in
            let log = try Log(json: try #require(entry["log"]), at: "log")
            return (try entry.text("event"), try #require(entry["fields"]), log)
        }
    }

    @Test func `computes the selectors and topics`() throws {
        let topics = try #require(fixture["topics"])
        guard case .object(let members) = topics else { return }
        func topic(_ name: String) -> JSON? { members.first { $0.key.hasPrefix(name + "(") }?.value }
        #expect(topic("CommitteeProposed") == .string(RegistryEvent.proposedTopic.description))
        #expect(topic("CommitteeRotated") == .string(RegistryEvent.rotatedTopic.description))
        #expect(topic("LeaderElected") == .string(RegistryEvent.electedTopic.description))
        #expect(topic("ProofAnchored") == .string(RegistryEvent.anchoredTopic.description))
        let selectors = try #require(fixture["selectors"])
        for (view, name) in zip(
            RegistryView.allCases,
            ["currentView()", "currentLeader()", "committee()", "pending()", "latestProof()"]
        ) {
            #expect(selectors[name] == .string("0x" + Hex.encode(view.data)))
        }
    }

    @Test func `encodes calls as the contract takes them, and reads them back`() throws {
        var count = 0
        for history in try histories() {
            for vector in try history.list("calls") {
                let function = try vector.text("function")
                guard ["elect", "rotate", "registerGroupKey", "anchorProof"].contains(function) else {
                    continue
                }
                let data = try vector.bytes("encoded")
                let call = try RegistryCall(data: data)
                #expect(call.data == data)
                count += 1
                guard let arguments = vector["arguments"] else { continue }
                let signed: RegistrySignature
                switch call {
                case .elect(let election, let signature):
                    #expect(Quantity.text(election.view.rawValue) == (try arguments.text("viewNumber")))
                    signed = signature
                case .anchorProof(let anchor, let signature):
                    #expect(Quantity.text(anchor.number) == (try arguments.text("number")))
                    #expect(anchor.root.description == (try arguments.text("root")))
                    signed = signature
                case .registerGroupKey, .rotate: continue
                }
                #expect(
                    Quantity.text(signed.s)
                        == arguments["signature"]?["s"].flatMap { try? $0.wideQuantity("s") }.map(
                            Quantity.text
                        )
                )
            }
        }
        #expect(count >= 10)
    }

    @Test func `refuses every shortened or padded call`() throws {
        let data = try #require(
            try histories().first?.list("calls").first { try $0.text("function") == "rotate" }
        )
        .bytes("encoded")
        for count in stride(from: 0, to: data.count, by: 7) {
            #expect(throws: ABIError.self) { try RegistryCall(data: Array(data.prefix(count))) }
        }
        #expect(throws: ABIError.self) { try RegistryCall(data: data + [0]) }
    }

    @Test func `reads the logs of the contract`() throws {
        var count = 0
        for history in try histories() {
            for (name, fields, log) in try logs(history) where RegistryEvent.topics.contains(log.topics[0]) {
                count += 1
                let epoch = try fields.number("epoch")
                switch try RegistryEvent(log) {
                case .committeeProposed(let event):
                    #expect(name == "CommitteeProposed")
                    #expect(event.roster.epoch == Epoch(epoch))
                    #expect(event.membersHash.description == (try fields.text("membersHash")))
                    try check(event.roster, fields)
                case .committeeRotated(let event):
                    #expect(name == "CommitteeRotated")
                    #expect(event.statement.epoch == Epoch(epoch))
                    #expect(event.statement.transcript.description == (try fields.text("transcript")))
                    #expect(event.approvals.count == (try fields.list("approvals").count))
                    try check(event.roster, fields)
                case .leaderElected(let event):
                    #expect(name == "LeaderElected")
                    #expect(event.statement.view == View(try fields.number("viewNumber")))
                    #expect(event.statement.leader.array == (try fields.bytes("leader")))
                case .proofAnchored(let event):
                    #expect(name == "ProofAnchored")
                    #expect(event.statement.epoch == Epoch(epoch))
                    #expect(event.statement.number == (try fields.number("number")))
                    #expect(event.statement.root.description == (try fields.text("root")))
                }
            }
        }
        #expect(count >= 12)
    }

    private func check(_ roster: Roster, _ fields: JSON) throws {
        let members = try fields.list("members")
        #expect(roster.members.count == members.count)
        for (member, vector) in zip(roster.members, members) {
            #expect(member.account.array == (try vector.bytes("account")))
            #expect(member.identity.array == (try vector.bytes("identity")))
            #expect(member.encryptionKey.array == (try vector.bytes("encryptionKey")))
            #expect(member.endpoint.bytes == Array(try vector.text("endpoint").utf8))
        }
        let threshold = RegistryMembers.threshold(of: members.count)
        #expect(UInt64(threshold) == (try fields.number("threshold")))
    }

    @Test func `finds the whole history proven by itself`() throws {
        for history in try histories() {
            let judge = RecordJudge(domain: try domain(history))
            let logs = try logs(history).map(\.log).filter { RegistryEvent.topics.contains($0.topics[0]) }
            #expect(try judge.records(of: logs, knowing: KnownKeys()).count == logs.count)
        }
    }

    @Test func `finds a log forged after any change of what it says`() throws {
        let history = try #require(try histories().first)
        let judge = RecordJudge(domain: try domain(history))
        let logs = try logs(history).map(\.log).filter { RegistryEvent.topics.contains($0.topics[0]) }
        let elected = try #require(logs.firstIndex { $0.topics[0] == RegistryEvent.electedTopic })
        let rotated = try #require(logs.firstIndex { $0.topics[0] == RegistryEvent.rotatedTopic })
        let anchored = try #require(logs.firstIndex { $0.topics[0] == RegistryEvent.anchoredTopic })
        // Up to the lists, whose bytes the members' hash and the approvals protect.
        let head = stride(from: 0, to: 32 * 10, by: 13)
        let lists = stride(from: 32 * 10, to: logs[rotated].data.count, by: 97)
        for (index, places) in [
            (elected, Array(stride(from: 0, to: logs[elected].data.count, by: 7))),
            (anchored, Array(stride(from: 0, to: logs[anchored].data.count, by: 7))),
            (rotated, Array(head) + lists),
        ] {
            for place in places {
                var changed = logs
                changed[index].data[place] ^= 1
                let logs = changed
                #expect(throws: ForgedLog.self, "byte \(place) of log \(index)") {
                    _ = try judge.records(of: logs, knowing: KnownKeys())
                }
            }
            // An election or an anchor of another epoch is no forgery: nothing that is known proves or refutes it.
            for topic in (index == rotated ? 1 : 2)..<logs[index].topics.count {
                var changed = logs
                changed[index].topics[topic][31] ^= 1
                #expect(throws: ForgedLog.self, "topic \(topic) of log \(index)") {
                    _ = try judge.records(of: changed, knowing: KnownKeys())
                }
            }
        }
    }

    @Test func `finds a log forged that another chain's group signed`() throws {
        let history = try #require(try histories().first)
        let real = try domain(history)
        let other = StatementDomain(chainId: real.chainId + 1, registry: real.contract)
        let logs = try logs(history).map(\.log).filter { RegistryEvent.topics.contains($0.topics[0]) }
        #expect(throws: ForgedLog.self) {
            try RecordJudge(domain: other).records(of: logs, knowing: KnownKeys())
        }
    }

    @Test func `reads the contract's state`() throws {
        var withCommittee = 0
        for history in try histories() {
            var results: [String: [[UInt8]]] = [:]
            for vector in try history.list("returns") {
                results[try vector.text("function"), default: []].append(try vector.bytes("returnedEncoded"))
            }
            let names = ["currentView", "currentLeader", "committee", "pending", "latestProof"]
            let rounds = names.compactMap { results[$0]?.count }.min() ?? 0
            for round in 0..<rounds {
                let state = try RegistryState(results: names.compactMap { results[$0]?[round] })
                if state.committee != nil {
                    withCommittee += 1
                    let root = Keccak256.hash(Array("logs".utf8))
                    #expect(state.proof == LatestProof(number: 1, root: root))
                } else {
                    #expect(state.proof == .none)
                }
            }
        }
        #expect(withCommittee > 0)
    }

    @Test func `refuses returns of another shape`() {
        let word = [UInt8](repeating: 0, count: 32)
        let ones = [UInt8](repeating: 0xFF, count: 32)
        let committee = Array(repeating: word, count: 8).flatMap { $0 }
        let pending = Array(repeating: word, count: 7).flatMap { $0 }
        let good = [word, word, committee, pending, word + word]
        #expect(throws: Never.self) { try RegistryState(results: good) }
        let bad: [(place: Int, result: [UInt8])] = [
            (0, ones), (1, ones), (2, pending), (0, []), (4, word), (4, ones + word), (4, word + word + word),
        ]
        for (place, result) in bad {
            var results = good
            results[place] = result
            #expect(throws: ABIError.self, "result \(place)") { try RegistryState(results: results) }
        }
        #expect(throws: ABIError.self) { try RegistryState(results: Array(good.dropLast())) }
    }

    @Test func `understands the contract's refusals`() throws {
        for vector in try fixture.list("reverts") {
            let reason = try vector.text("reason")
            let revert = RegistryRevert(data: try vector.bytes("data"))
            #expect(revert.description == reason)
            #expect(revert == RegistryRevert(reason: reason))
        }
        #expect(RegistryRevert(reason: "STALE_VIEW") == .staleView)
        for data in try fixture.list("otherReverts") {
            guard case .other = RegistryRevert(data: try data.data("revert", atMost: 1_000)) else {
                Issue.record("\(data)")
                continue
            }
        }
    }
}
