/// Queries that travel in one request.
package struct RPCBatch: Hashable, Sendable {
    /// The queries; their positions are their ids.
    package let queries: [RPCQuery]

    /// One query or more.
    package init(_ queries: [RPCQuery]) {
        self.queries = queries
    }

    /// The body of the request (JSON-RPC 2.0).
    package var body: [UInt8] {
        let calls = queries.enumerated().map { id, query in
            JSON.object([
                "jsonrpc": .string("2.0"),
                "id": .number(String(id)),
                "method": .string(query.method),
                "params": .array(query.parameters),
            ])
        }
        return calls.count == 1 ? calls[0].encoded : JSON.array(calls).encoded
    }

    /// Reads a reply: for each query, in its order, a value or a refusal.
    ///
    /// Replies may come in any order. One that is missing, comes twice or has an id that was not given spoils the
    /// whole: such a node cannot be trusted to mean what it says.
    package func outcomes(of reply: [UInt8]) throws(RPCFault) -> [RPCOutcome] {
        let json: JSON
        do { json = try JSONParser.parse(reply) } catch {
            throw .notJSON(error, start: String(decoding: reply.prefix(60), as: UTF8.self))
        }
        var outcomes: [RPCOutcome?] = Array(repeating: nil, count: queries.count)
        for element in try elements(json) {
            let id = try id(of: element)
            guard outcomes[id] == nil else { throw .badReply("answers request \(id) twice") }
            outcomes[id] = try outcome(element, of: queries[id])
        }
        var complete: [RPCOutcome] = []
        for (id, outcome) in outcomes.enumerated() {
            guard let outcome else { throw .badReply("does not answer request \(id), \(queries[id].method)") }
            complete.append(outcome)
        }
        return complete
    }

    private func elements(_ json: JSON) throws(RPCFault) -> [JSON] {
        switch json {
        case .object where queries.count == 1: return [json]
        case .array(let elements) where queries.count > 1 && elements.count <= queries.count: return elements
        case .object(let members):
            // A batch is refused as a whole in one object.
            if let error = members["error"], let refusal = try? RPCRefusal(json: error) {
                throw .refusedBatch(refusal)
            }
            throw .badReply("is one object for \(queries.count) requests")
        default: throw .badReply("is \(json.kind)")
        }
    }

    private func id(of element: JSON) throws(RPCFault) -> Int {
        guard case .number(let digits)? = element["id"], let id = Int(digits), queries.indices.contains(id)
        else {
            if let error = element["error"], let refusal = try? RPCRefusal(json: error) {
                throw .refusedBatch(refusal)
            }
            throw .badReply("has an id that was not given")
        }
        return id
    }

    private func outcome(_ element: JSON, of query: RPCQuery) throws(RPCFault) -> RPCOutcome {
        if let error = element.optionalMember("error") {
            do { return .failure(try RPCRefusal(json: error)) } catch {
                throw .badReply("to \(query.method): \(error)")
            }
        }
        guard let result = element["result"] else {
            throw .badReply("to \(query.method) has neither result nor error")
        }
        do { return .success(try query.value(result)) } catch {
            throw .badReply("to \(query.method): \(error)")
        }
    }
}

/// What one query of a batch came to.
package typealias RPCOutcome = Result<RPCValue, RPCRefusal>

/// Why an endpoint gave no usable reply to a whole batch.
package enum RPCFault: Error, Hashable, Sendable, CustomStringConvertible {
    /// Nothing came within the time.
    case timeout(Duration)
    /// There was no connection, or it broke.
    case unreachable(String)
    /// The HTTP status was not 200; with how long the endpoint asks to be left alone.
    case status(Int, retryAfter: Duration?)
    /// The reply was longer than it may be, in bytes.
    case tooLarge(limit: Int)
    /// The reply was no JSON; it began so.
    case notJSON(JSONError, start: String)
    /// The reply was JSON of another shape than the protocol's.
    case badReply(String)
    /// The endpoint refuses batches or this one.
    case refusedBatch(RPCRefusal)

    package var description: String {
        switch self {
        case .timeout(let time): "no answer within \(time)"
        case .unreachable(let reason): "not reachable: \(reason)"
        case .status(let status, let retryAfter):
            "HTTP status \(status)" + (retryAfter.map { ", asks to wait \($0)" } ?? "")
        case .tooLarge(let limit): "the reply exceeds \(limit) bytes"
        case .notJSON(let error, let start): "\(error); the reply begins with \"\(start)\""
        case .badReply(let what): "the reply \(what)"
        case .refusedBatch(let refusal): "refuses the request: \(refusal)"
        }
    }
}
