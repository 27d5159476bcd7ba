import Ethereum
import Primitives
import Testing

@Suite struct RPCBatchTests {
    private let single = RPCBatch([.chainId])
    private let double = RPCBatch([.chainId, .nonce(Address(), at: Digest())])

    private func outcomes(_ batch: RPCBatch, _ reply: String) throws(RPCFault) -> [RPCOutcome] {
        try batch.outcomes(of: Array(reply.utf8))
    }

    @Test func `sends one request alone and several as a list`() throws {
        let one = try JSONParser.parse(single.body)
        #expect(one["method"] == .string("eth_chainId"))
        #expect(one["params"] == .array([]))
        guard case .array(let several) = try JSONParser.parse(double.body) else {
            Issue.record("no list")
            return
        }
        #expect(several.map { $0["id"] } == [.number("0"), .number("1")])
        let block = JSON.object(["blockHash": .string("0x" + String(repeating: "0", count: 64))])
        let address = JSON.string("0x" + String(repeating: "0", count: 40))
        #expect(several[1]["params"] == .array([address, block]))
    }

    @Test func `reads replies in any order`() throws {
        let reply = #"[{"id":1,"jsonrpc":"2.0","result":"0x5"},{"jsonrpc":"2.0","id":0,"result":"0x7a69"}]"#
        #expect(try outcomes(double, reply) == [.success(.number(31_337)), .success(.number(5))])
    }

    @Test func `keeps a refusal apart from a fault`() throws {
        let reply = #"{"id":0,"error":{"code":-32000,"message":"header not found","data":{"x":1}}}"#
        #expect(
            try outcomes(single, reply) == [.failure(RPCRefusal(code: -32_000, message: "header not found"))]
        )
        let null = #"{"id":0,"result":"0x1","error":null}"#
        #expect(try outcomes(single, null) == [.success(.number(1))])
    }

    @Test(arguments: [
        "", "<html><body>502 Bad Gateway</body></html>", "null", "[]", "{}", "\"0x1\"", #"{"id":0}"#,
        #"{"id":1,"result":"0x1"}"#, #"{"id":"0","result":"0x1"}"#, #"{"id":null,"result":"0x1"}"#,
        #"{"id":0,"result":1}"#, #"{"id":0,"result":null}"#, #"{"id":0,"result":"-0x1"}"#,
        #"{"id":0,"result":"0x01"}"#, #"{"id":0,"result":"1"}"#, #"{"id":0,"result":{}}"#,
        #"{"id":0,"result":[]}"#,
        #"{"id":0,"result":"0x1ffffffffffffffff"}"#, #"{"id":0,"error":"no"}"#,
        #"{"id":0,"error":{"code":"x"}}"#,
        #"[{"id":0,"result":"0x1"}]"#, #"{"id":-1,"result":"0x1"}"#, #"{"id":0,"result":"0x1","id":0}"#,
    ])
    func `finds fault with every other reply`(reply: String) {
        #expect(throws: RPCFault.self) { try outcomes(single, reply) }
    }

    @Test(arguments: [
        #"[{"id":0,"result":"0x1"}]"#, #"[{"id":0,"result":"0x1"},{"id":0,"result":"0x1"}]"#,
        #"[{"id":0,"result":"0x1"},{"id":2,"result":"0x1"}]"#,
        #"[{"id":0,"result":"0x1"},{"id":1,"result":"0x1"},{"id":1,"result":"0x1"}]"#,
        #"{"id":0,"result":"0x1"}"#, #"{"id":null,"error":{"code":-32600,"message":"batch too large"}}"#,
        #"[{"id":null,"error":{"code":-32005,"message":"limit exceeded"}}]"#, "[1, 2]",
    ])
    func `finds fault with a batch that is not answered once each`(reply: String) {
        #expect(throws: RPCFault.self) { try outcomes(double, reply) }
    }

    @Test func `holds an answer against its question`() throws {
        let hash = Digest([UInt8](repeating: 1, count: 32))!
        let other = "0x" + String(repeating: "02", count: 32)
        let receipt = """
            {"transactionHash":"\(other)","blockNumber":"0x1","blockHash":"\(other)","status":"0x1",\
            "gasUsed":"0x1","effectiveGasPrice":"0x1"}
            """
        #expect(throws: RPCFault.self) {
            try outcomes(RPCBatch([.receipt(hash)]), #"{"id":0,"result":"# + receipt + "}")
        }
        #expect(throws: RPCFault.self) {
            try outcomes(RPCBatch([.send([1], hash: hash)]), #"{"id":0,"result":""# + other + "\"}")
        }
        #expect(
            try outcomes(RPCBatch([.receipt(hash)]), #"{"id":0,"result":null}"#) == [.success(.receipt(nil))]
        )
    }

    @Test func `refuses logs that were not asked for`() throws {
        let address = Address(hex: "00000000000000000000000000000000000000aa")!
        let topic = RegistryEvent.electedTopic
        let hash = Digest([UInt8](repeating: 1, count: 32))!
        func log(_ address: Address, _ topic: Digest, _ block: UInt64, _ index: UInt64) -> String {
            """
            {"address":"\(address)","topics":["\(topic)"],"data":"0x","blockNumber":"\(Quantity.text(block))",\
            "blockHash":"\(hash)","transactionHash":"\(hash)","logIndex":"\(Quantity.text(index))"}
            """
        }
        func read(_ filter: LogFilter, _ logs: String...) throws -> [RPCOutcome] {
            try outcomes(
                RPCBatch([.logs(filter)]),
                #"{"id":0,"result":["# + logs.joined(separator: ",") + "]}"
            )
        }
        let range = LogFilter(.range(5...6), address: address, topics: [topic])
        #expect(try read(range, log(address, topic, 5, 0), log(address, topic, 6, 0)).count == 1)
        #expect(throws: RPCFault.self) { try read(range, log(address, topic, 4, 0)) }
        #expect(throws: RPCFault.self) { try read(range, log(address, topic, 7, 0)) }
        #expect(throws: RPCFault.self) { try read(range, log(Address(), topic, 5, 0)) }
        #expect(throws: RPCFault.self) { try read(range, log(address, hash, 5, 0)) }
        #expect(throws: RPCFault.self) {
            try read(range, log(address, topic, 6, 0), log(address, topic, 5, 0))
        }
        #expect(throws: RPCFault.self) {
            try read(range, log(address, topic, 5, 0), log(address, topic, 5, 0))
        }
        let block = LogFilter(.block(Digest()), address: address, topics: [topic])
        #expect(throws: RPCFault.self) { try read(block, log(address, topic, 5, 0)) }
    }

    @Test(arguments: [
        ("already known", SendVerdict.known), ("ALREADY_EXISTS: already known", .known),
        ("nonce too low: next nonce 5, tx nonce 4", .nonceUsed),
        ("replacement transaction underpriced", .underbid), ("transaction underpriced", .underpriced),
        ("max fee per gas less than block base fee", .underpriced),
        ("insufficient funds for gas * price + value", .unaffordable),
        ("exceeds block gas limit", .impossible),
        ("intrinsic gas too low: gas 1", .impossible), ("invalid chain id for signer", .impossible),
        ("internal error", .unclear), ("", .unclear),
    ])
    func `understands what nodes say of transactions`(words: String, verdict: SendVerdict) {
        #expect(RPCRefusal(code: -32_000, message: words).sendVerdict == verdict)
    }
}
