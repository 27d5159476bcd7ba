import BLS12381
import Ethereum
import KeyOperations
import Primitives
import Testing

@testable import BeaconAPI

/// What nodes say, read strictly.
@Suite struct BeaconReadingTests {
    private func key() throws -> G1Bytes { try Canned.publicKey().bytes }

    private func fault(_ query: BeaconQuery, _ reply: BeaconReply) -> RPCFault? {
        do throws(RPCFault) {
            _ = try query.value(of: reply)
            return nil
        } catch {
            return error
        }
    }

    @Test func `genesis and rules are those of the main network`() throws {
        guard
            case .success(.genesis(let genesis)) = try BeaconQuery.genesis.value(
                of: Canned.reply(Canned.genesis)
            ),
            case .success(.rules(let rules)) = try BeaconQuery.rules.value(of: Canned.reply(Canned.rules))
        else {
            Issue.record("other values")
            return
        }
        #expect(genesis.time == 1_606_824_023)
        #expect(rules.name == "mainnet" && rules.slotsPerEpoch == 32 && rules.leastService == 256)
        #expect(BeaconIdentity(network: .mainnet, chainId: 1).fault(genesis, rules) == nil)
        let elsewhere = BeaconIdentity(network: .hoodi).fault(genesis, rules)
        #expect(elsewhere == "has genesis version 0x00000000, not 0x10000910")
        let otherChain = BeaconIdentity(network: .mainnet, chainId: 5).fault(genesis, rules)
        #expect(otherChain == "takes deposits from chain 1, not 5")
        let otherContract = BeaconIdentity(network: .mainnet, depositContract: Address()).fault(
            genesis,
            rules
        )
        #expect(otherContract?.hasPrefix("takes deposits from 0x00000000219ab5") == true)
    }

    @Test func `each of the three that a signature is bound to is compared`() throws {
        guard
            case .success(.genesis(let genesis)) = try BeaconQuery.genesis.value(
                of: Canned.reply(Canned.genesis)
            ),
            case .success(.rules(let rules)) = try BeaconQuery.rules.value(of: Canned.reply(Canned.rules))
        else { return }
        let identity = BeaconIdentity(network: .mainnet)
        var otherRoot = genesis
        otherRoot.validatorsRoot = Digest()
        #expect(identity.fault(otherRoot, rules)?.hasPrefix("began with the validators") == true)
        var otherCapella = rules
        otherCapella.capellaForkVersion = ForkVersion([4, 0, 0, 0])
        #expect(identity.fault(genesis, otherCapella)?.hasPrefix("has Capella version 0x04000000") == true)
        var twoVersions = rules
        twoVersions.genesisForkVersion = ForkVersion([4, 0, 0, 0])
        #expect(identity.fault(genesis, twoVersions)?.hasPrefix("names two genesis versions") == true)
    }

    @Test func `a validator is read whole, and epochs that are open are none`() throws {
        let reply = Canned.reply(Canned.validators())
        guard case .success(.validator(let record?)) = try BeaconQuery.validator(try key()).value(of: reply)
        else {
            Issue.record("no validator")
            return
        }
        #expect(record.index == 1_234_567 && record.status == .activeOngoing && !record.isSlashed)
        #expect(record.balance.rawValue == 32_008_431_234 && record.effectiveBalance == .ether(32))
        #expect(
            record.activationEpoch == 287_600 && record.exitEpoch == nil && record.withdrawableEpoch == nil
        )
        #expect("0x" + record.withdrawalCredentials.hex == Canned.credentials)
    }

    @Test(arguments: ValidatorStatus.allCases)
    func `every status of the interface is known`(status: ValidatorStatus) throws {
        let reply = Canned.reply(Canned.validators(status: status.rawValue))
        guard case .success(.validator(let record?)) = try BeaconQuery.validator(try key()).value(of: reply)
        else {
            Issue.record("no validator")
            return
        }
        #expect(record.status == status)
    }

    @Test func `an empty list says that there is no validator, a 404 says nothing`() throws {
        let query = BeaconQuery.validator(try key())
        #expect(try query.value(of: Canned.reply(Canned.noValidators)) == .success(.validator(nil)))
        let missing = Canned.reply(#"{"code":404,"message":"Validator not found"}"#, status: 404)
        #expect(fault(query, missing) == .status(404, retryAfter: nil))
    }

    @Test(arguments: [
        Canned.validators(key: "0x" + String(repeating: "ab", count: 48)),
        Canned.validators(status: "active"),
        Canned.validators(balance: "032"), Canned.validators(balance: "-1"), Canned.validators(balance: ""),
        Canned.validators(balance: "18446744073709551616"), Canned.validators(exit: "0x12"), "{}", "[]", "",
        #"{"data":{}}"#, #"{"data":[{},{}]}"#, Canned.validators() + "x",
    ])
    func `what is not exactly what was asked for is the node's fault`(body: String) throws {
        let query = BeaconQuery.validator(try key())
        guard case .badReply? = fault(query, Canned.reply(body)) else {
            Issue.record("taken: \(body.prefix(80))")
            return
        }
    }

    @Test func `only the key's deposits are kept, from JSON and from SSZ alike`() throws {
        let other = "0x" + String(repeating: "ab", count: 48)
        let query = BeaconQuery.pendingDeposits(try key())
        let reply = Canned.reply(Canned.deposits([other, Canned.key, other, Canned.key]))
        guard case .success(.deposits(let read)) = try query.value(of: reply) else {
            Issue.record("no deposits")
            return
        }
        #expect(read.count == 2 && read.first?.slot == 12_345_678)
        #expect(read.first?.deposit.message.amount == .ether(32))
        var bytes: [UInt8] = []
        for name in [other, Canned.key, other, Canned.key] {
            bytes += try #require(Hex.decode(name)) + #require(Hex.decode(Canned.credentials))
            bytes += [0x00, 0x40, 0x59, 0x73, 0x07, 0, 0, 0] + Array(repeating: 0xB1, count: 96)
            bytes += [0x4E, 0x61, 0xBC, 0, 0, 0, 0, 0]
        }
        let binary = BeaconReply(status: 200, isSSZ: true, body: bytes)
        #expect(try query.value(of: binary) == .success(.deposits(read)))
        let cut = BeaconReply(status: 200, isSSZ: true, body: bytes.dropLast())
        #expect(fault(query, cut) != nil)
        #expect(fault(.genesis, binary) != nil)
    }

    @Test func `JSON has a limit also where SSZ may be longer`() throws {
        let long = Canned.deposits([Canned.key]) + String(repeating: " ", count: BeaconQuery.replyLimit)
        #expect(fault(.pendingDeposits(try key()), Canned.reply(long)) != nil)
    }

    @Test func `an exit is taken, refused with a reason, or neither`() throws {
        let query = BeaconQuery.submit(Canned.exit)
        #expect(try query.value(of: BeaconReply(status: 200, body: [])) == .success(.accepted))
        let reason = #"{"code":400,"message":"Invalid voluntary exit, it will never pass validation"}"#
        let refusal = BeaconRefusal(
            code: 400,
            message: "Invalid voluntary exit, it will never pass validation"
        )
        #expect(try query.value(of: Canned.reply(reason, status: 400)) == .failure(refusal))
        #expect(fault(query, Canned.reply("<html>", status: 400)) == .status(400, retryAfter: nil))
        let syncing = BeaconReply(status: 503, retryAfter: .seconds(7), body: [])
        #expect(fault(query, syncing) == .status(503, retryAfter: .seconds(7)))
    }

    @Test func `requests are those of the interface`() throws {
        let exit = BeaconQuery.submit(Canned.exit).request
        let zeros = String(repeating: "0", count: 192)
        #expect(
            exit.body.map { String(decoding: $0, as: UTF8.self) }
                == #"{"message":{"epoch":"256","validator_index":"1234567"},"signature":"0x\#(zeros)"}"#
        )
        let endpoint = RPCEndpoint(name: "a", url: "https://node.example/token//")
        #expect(exit.url(at: endpoint) == "https://node.example/token/eth/v1/beacon/pool/voluntary_exits")
        #expect(BeaconQuery.validator(try key()).request.path.hasSuffix("/head/validators?id=" + Canned.key))
        #expect(BeaconQuery.genesis.request.body == nil && BeaconQuery.genesis.request.limit == 1 << 20)
        #expect(BeaconQuery.pendingDeposits(try key()).request.accept.hasPrefix("application/octet-stream"))
    }
}
