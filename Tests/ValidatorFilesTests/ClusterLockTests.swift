import BLS12381
import Foundation
import Primitives
import TestSupport
import Testing

@testable import ValidatorFiles

/// Obol's cluster locks, against locks that an independent program made in charon's form.
@Suite struct ClusterLockTests {
    struct Fixtures: Decodable {
        let good: [String]
        let tooHighDegree, tooLowDegree: String

        static func load() throws -> Fixtures { try Fixture.load("validator-files/locks.json") }
    }

    private func report(_ text: String) -> FileReport { ValidatorFile.recognise(Array(text.utf8)) }

    @Test func `a lock of each version is found good`() throws {
        let locks = try Fixtures.load().good
        var versions: Set<ClusterDefinition.Version> = []
        for text in locks {
            versions.insert(try ClusterLock(Array(text.utf8)).definition.version)
            let found = report(text)
            #expect(found.isGood && found.kind == "cluster lock", "\(found.lines)")
        }
        #expect(versions.count == ClusterDefinition.Version.allCases.count)
    }

    @Test func `shares of too high or too low a degree are refused though every share has signed`() throws {
        let fixtures = try Fixtures.load()
        for (text, words) in [(fixtures.tooHighDegree, "first 3"), (fixtures.tooLowDegree, "fewer than 3")] {
            let faults = report(text).faults
            #expect(faults.count == 2 && faults.allSatisfy { $0.problem.contains(words) }, "\(faults)")
        }
    }

    @Test func `whatever is altered is found by the hashes`() throws {
        for text in try Fixtures.load().good {
            let changes = [
                ("\"name\": \"c", "\"name\": \"d"), ("\"uuid\": \"0", "\"uuid\": \"1"), ("18:19", "18:20"),
                ("\"threshold\": ", "\"threshold\": 0"), ("\"default\"", "\"other\""),
                ("0x10000910", "0x00000000"),
                ("\"qbft\"", "\"abft\""), ("36000000", "36000001"),
                ("\"compounding\": true", "\"compounding\": false"),
                ("\"deposit_amounts\": [\n   \"16", "\"deposit_amounts\": [\n   \"17"),
                ("1655733600", "1655733601"),
                ("\"gas_limit\": 30000000", "\"gas_limit\": 30000001"), ("enr:-", "enr:+"),
                ("\"amount\": \"", "\"amount\": \"1"),
            ]
            for (old, new) in changes where text.contains(old) {
                #expect(!report(text.replacing(old, with: new, maxReplacements: 1)).isGood, "\(old)")
            }
        }
    }

    @Test func `every stated hash and signature is checked`() throws {
        let text = try Fixtures.load().good[4]
        let places = [
            ("\"config_hash\": \"0x", "cluster_definition.config_hash"),
            ("\"definition_hash\": \"0x", "cluster_definition.definition_hash"),
            ("\"lock_hash\": \"0x", "lock_hash"),
        ]
        for (name, place) in places {
            let start = try #require(text.range(of: name)).upperBound
            var changed = text
            let end = changed.index(start, offsetBy: 4)
            changed.replaceSubrange(start..<end, with: text[start..<end] == "abcd" ? "dcba" : "abcd")
            #expect(report(changed).faults.contains { $0.place == place }, "\(name)")
        }
        let lock = try ClusterLock(Array(text.utf8))
        var changes = [ClusterLock](repeating: lock, count: 8)
        changes[0].signatureAggregate = G2Bytes()
        changes[1].nodeSignatures.swapAt(0, 1)
        changes[2].nodeSignatures = []
        changes[3].nodeSignatures[2][64] ^= 1
        changes[4].validators[0].deposits[1].signature = lock.validators[1].deposits[1].signature
        changes[5].validators[0].registration.signature = lock.validators[1].registration.signature
        changes[6].validators[1] = lock.validators[0]
        changes[7].validators[0].publicShares[3] = lock.validators[0].publicShares[0]
        let expected = [
            "signature_aggregate", "node_signatures[0]", "node_signatures", "node_signatures[2]",
            "distributed_validators[0].deposits[1]", "distributed_validators[0].builder_registration",
            "distributed_validators[1]", "distributed_validators[0].public_shares",
        ]
        for (changed, place) in zip(changes, expected) {
            var report = FileReport("cluster lock")
            changed.examine(&report)
            #expect(report.faults.contains { $0.place == place }, "\(place): \(report.lines)")
        }
    }

    @Test func `deposits and fees that go elsewhere than the definition says are refused`() throws {
        let lock = try ClusterLock(Array(try Fixtures.load().good[4].utf8))
        var withdrawal = lock
        withdrawal.definition.addresses[0].withdrawal[0] ^= 1
        var kind = lock
        kind.definition.isCompounding = false
        var fees = lock
        fees.definition.addresses[0].feeRecipient[0] ^= 1
        let expected = [(withdrawal, "credentials"), (kind, "credentials"), (fees, "another address")]
        for (changed, words) in expected {
            var report = FileReport("cluster lock")
            changed.examine(&report)
            #expect(report.faults.contains { $0.problem.contains(words) })
        }
    }

    @Test func `a lock whose parts do not fit is refused`() throws {
        let text = try Fixtures.load().good[4]
        let changes = [
            ("v1.10.0", "v1.11.0", "cluster_definition.version"),
            ("\"threshold\": 3", "\"threshold\": 5", "cluster_definition.threshold"),
            ("\"threshold\": 3", "\"threshold\": 0", "cluster_definition.threshold"),
            ("\"num_validators\": 2", "\"num_validators\": 3", "cluster_definition.validators"),
            ("\"consensus_protocol\"", "\"protocol\"", "cluster_definition"),
        ]
        for (old, new, place) in changes {
            let fault = #expect(throws: FileFault.self) {
                try ClusterLock(Array(text.replacing(old, with: new).utf8))
            }
            #expect(fault?.place == place)
        }
    }

    @Test func `a node record without a key, or cut short, has none`() throws {
        let lock = try ClusterLock(Array(try Fixtures.load().good[0].utf8))
        let record = lock.definition.operators[0].record
        #expect(NodeRecord.key(record) != nil)
        for count in 0..<record.utf8.count { #expect(NodeRecord.key(String(record.prefix(count))) == nil) }
        #expect(NodeRecord.key(record + "AAAA") == nil)
    }
}
