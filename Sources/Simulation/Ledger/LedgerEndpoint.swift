import Cryptography
import Ethereum
import Primitives

/// One endpoint of one member: a node of the chain, or what pretends to be one.
struct LedgerEndpoint {
    /// What comes of a request.
    enum Reply {
        case body([UInt8])
        case fault(RPCFault)
        /// Nothing, until who asked gives up.
        case nothing
    }

    private(set) var mood = EndpointMood.sound
    /// Where it stands still, or what it has made up, newest last.
    private var branch: [LedgerBlock] = []

    /// Behaves so from now on.
    mutating func turn(_ mood: EndpointMood, _ ledger: Ledger, _ random: inout SplitMix64) {
        self.mood = mood
        branch = []
        switch mood {
        case .stuck: branch = [ledger.head]
        case .branching:
            var parent = ledger.canonical[max(0, ledger.canonical.count - 1 - random.below(4))]
            for _ in 0..<(2 + random.below(30)) {
                let log = random.permille(300) ? Self.story(on: parent, ledger, &random) : nil
                parent = ledger.madeUp(on: parent, salt: random.next(), logs: log.map { [$0] } ?? [])
                branch.append(parent)
            }
        default: break
        }
    }

    /// Answers a request, byte by byte as over HTTP.
    mutating func reply(
        to batch: RPCBatch,
        _ ledger: inout Ledger,
        at now: WorldTime,
        _ random: inout SplitMix64
    ) -> Reply {
        switch mood {
        case .unreachable: return .fault(.unreachable("connection refused"))
        case .status(let status, let retryAfter):
            return .fault(.status(status, retryAfter: retryAfter.map { .seconds($0) }))
        case .page: return .body(Array("<!DOCTYPE html><html><body>502 Bad Gateway</body></html>".utf8))
        case .singles where batch.queries.count > 1:
            let error = Self.error(RPCRefusal(code: -32_600, message: "batches are not supported"))
            return .body(JSON.object(["jsonrpc": .string("2.0"), "error": error, "id": .null]).encoded)
        default: break
        }
        var replies: [JSON] = []
        for (id, query) in batch.queries.enumerated() {
            var reply: [String: JSON] = ["jsonrpc": .string("2.0"), "id": .number(String(id))]
            switch answer(query, &ledger, at: now, &random) {
            case .success(let value): reply["result"] = value
            case .failure(let refusal): reply["error"] = Self.error(refusal)
            }
            replies.append(.object(reply))
        }
        let body = batch.queries.count == 1 ? replies[0].encoded : JSON.array(replies).encoded
        switch mood {
        case .silent: return .nothing
        case .garbled(let way): return .body(Self.garbled(body, way))
        default: return .body(body)
        }
    }

    private static func error(_ refusal: RPCRefusal) -> JSON {
        .object(["code": .number(String(refusal.code)), "message": .string(refusal.message)])
    }

    private static func garbled(_ body: [UInt8], _ way: UInt64) -> [UInt8] {
        switch way % 5 {
        case 0: return Array(body.prefix(body.count / 2))
        case 1: return []
        case 2: return Array("null".utf8)
        case 3: return [UInt8](repeating: UInt8(ascii: "["), count: 4_000)
        default:
            var body = body
            let place = Int(truncatingIfNeeded: way / 5 % UInt64(max(1, body.count)))
            if place < body.count { body[place] ^= 1 }
            return body
        }
    }
}

// What it says to each query.
extension LedgerEndpoint {
    /// The newest block it shows.
    func head(_ ledger: Ledger) -> LedgerBlock {
        if let newest = branch.last { return newest }
        if case .behind(let lag) = mood {
            return ledger.canonical[max(0, ledger.canonical.count - 1 - lag)]
        }
        return ledger.head
    }

    private func block(_ selector: BlockSelector, _ ledger: Ledger) -> LedgerBlock? {
        let head = head(ledger)
        switch selector {
        case .latest, .safe: return head
        case .finalized:
            let isLie = mood == .branching || mood == .falsifying
            return isLie ? head : ledger.finalized(under: head.number)
        case .number(let number):
            if let own = branch.first(where: { $0.number == number }) { return own }
            return number <= head.number && number < ledger.canonical.count
                ? ledger.canonical[Int(number)] : nil
        case .hash(let hash):
            let known = branch.first { $0.hash == hash } ?? ledger.blocks[hash]
            return known.flatMap { $0.number <= head.number ? $0 : nil }
        }
    }

    private func answer(
        _ query: RPCQuery,
        _ ledger: inout Ledger,
        at now: WorldTime,
        _ random: inout SplitMix64
    ) -> Result<JSON, RPCRefusal> {
        switch query {
        case .chainId: return .success(.quantity(31_337))
        case .header(let selector): return .success(block(selector, ledger)?.json ?? .null)
        case .code: return .success(.hex([0xFE]))
        case .balance(let account, let hash):
            return at(hash, ledger) { block in
                .string(Quantity.text(block.accounts[account, default: LedgerBlock.Account()].balance))
            }
        case .nonce(let account, let hash):
            let lie: UInt64 = mood == .falsifying ? 1 << 20 : 0
            return at(hash, ledger) { .quantity(lie + ($0.accounts[account]?.nonce ?? 0)) }
        case .call(_, _, let data, let hash): return call(data, hash, ledger)
        case .logs(let filter): return logs(filter, ledger)
        case .receipt(let hash): return .success(mood == .falsifying ? .null : receipt(hash, ledger))
        case .feeHistory(let count): return .success(fees(count, ledger))
        case .send(let raw, let hash):
            guard mood != .swallowing else { return .success(.hex(hash.array)) }
            let ready = now + random.span(.milliseconds(100)...Span.seconds(3))
            if let refusal = ledger.receive(raw, ready: ready) { return .failure(refusal) }
            return .success(.hex(hash.array))
        }
    }

    private func at(_ hash: Digest, _ ledger: Ledger, _ body: (LedgerBlock) -> JSON) -> Result<
        JSON, RPCRefusal
    > {
        guard let block = block(.hash(hash), ledger) else {
            return .failure(RPCRefusal(code: -32_000, message: "header not found"))
        }
        return .success(body(block))
    }

    private func call(_ data: [UInt8], _ hash: Digest, _ ledger: Ledger) -> Result<JSON, RPCRefusal> {
        guard let block = block(.hash(hash), ledger) else {
            return .failure(RPCRefusal(code: -32_000, message: "header not found"))
        }
        if let view = RegistryView.allCases.first(where: { $0.data == data }) {
            let result = block.registry.result(view, ledger.terms)
            return .success(.hex(mood == .falsifying ? Self.falsified(result, view) : result))
        }
        var registry = block.registry
        guard let call = try? RegistryCall(data: data) else {
            return .failure(RPCRefusal(code: 3, message: "execution reverted"))
        }
        guard let revert = registry.execute(call, in: block.number + 1, ledger.terms) else {
            return .success(.hex([]))
        }
        return .failure(RPCRefusal(code: 3, message: "execution reverted: \(revert)", data: revert.data))
    }

    /// Another view and another leader; and where there is a key, that of another ceremony.
    private static func falsified(_ result: [UInt8], _ view: RegistryView) -> [UInt8] {
        var result = result
        switch view {
        case .currentView: result[31] ^= 0x40
        case .currentLeader: result[31] ^= 1
        case .latestProof: result[31] ^= 0x20
        case .committee: if result[31] != 0 { result[6 * 32] ^= 1 }
        case .pending: break
        }
        return result
    }

    private func logs(_ filter: LogFilter, _ ledger: Ledger) -> Result<JSON, RPCRefusal> {
        var found: [LedgerBlock] = []
        switch filter.place {
        case .block(let hash):
            guard let block = block(.hash(hash), ledger) else {
                return .failure(RPCRefusal(code: -32_000, message: "unknown block"))
            }
            found = [block]
        case .range(let range):
            if case .narrow(let limit) = mood, range.count > limit {
                return .failure(RPCRefusal(code: -32_005, message: "query exceeds \(limit) blocks"))
            }
            found = range.compactMap { block(.number($0), ledger) }
        }
        guard mood != .hiding else { return .success(.array([])) }
        var logs = found.flatMap(\.logs)
        if mood == .forging, let block = found.last,
            let forged = Self.forgedElection(on: block, ledger) ?? Self.forgedProposal(ledger)
        {
            logs.removeAll { $0.block == block.header.reference }
            logs.append(forged.placed(in: block))
        }
        let wanted = logs.filter { log in log.topics.first.map(filter.topics.contains) == true }
        return .success(.array(wanted.map(\.json)))
    }

    private func receipt(_ hash: Digest, _ ledger: Ledger) -> JSON {
        let head = head(ledger)
        let places = branch.reversed() + ledger.canonical.prefix { $0.number <= head.number }.reversed()
        return places.lazy.compactMap { $0.receipts[hash]?.json }.first ?? .null
    }

    private func fees(_ count: UInt64, _ ledger: Ledger) -> JSON {
        let head = head(ledger)
        let recent = ledger.canonical.filter { $0.number <= head.number && $0.number + count > head.number }
        let isLie = mood == .falsifying
        let next = isLie ? UInt256(1 << 62) : head.header.nextBaseFee
        return .object([
            "baseFeePerGas": .array(
                (recent.map(\.header.baseFee) + [next]).map { .string(Quantity.text($0)) }
            ),
            "reward": .array(recent.map { _ in .array([.quantity(isLie ? 1 << 60 : 200_000_000)]) }),
        ])
    }
}
