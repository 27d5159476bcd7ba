/// A JSON-RPC error: the node has understood the query and does not answer it.
package struct RPCRefusal: Error, Hashable, Sendable, CustomStringConvertible {
    /// The number of the kind of error; providers differ in their use.
    package var code: Int
    /// The node's words, at most 300 characters.
    package var message: String
    /// What a reverted call returned, when the node says.
    package var data: [UInt8]?

    /// An error.
    package init(code: Int, message: String, data: [UInt8]? = nil) {
        self.code = code
        self.message = String(message.prefix(300))
        self.data = data
    }

    /// Reads the `error` member of a reply.
    package init(json: JSON) throws(ShapeError) {
        guard case .number(let digits) = try json.member("code", of: "error"), let code = Int(digits) else {
            throw ShapeError("error.code", expected: "an integer", found: json["code"])
        }
        guard case .string(let message) = try json.member("message", of: "error") else {
            throw ShapeError("error.message", expected: "a text", found: json["message"])
        }
        // Nodes put other things there too; only bytes mean what a call returned.
        let data = json["data"].flatMap { try? $0.data("error.data", atMost: RPCQuery.maxReturn) }
        self.init(code: code, message: message, data: data)
    }

    package var description: String { "error \(code): \(message)" }

    private var words: String { message.lowercased() }

    /// Whether a call was executed and reverted, so that every honest node would say the same.
    package var isRevert: Bool { code == 3 || words.contains("revert") }

    /// What a node thinks of a transaction that was handed to it.
    package var sendVerdict: SendVerdict {
        let words = words
        func says(_ phrases: String...) -> Bool { phrases.contains { words.contains($0) } }
        if says("already known", "known transaction", "already imported", "alreadyknown") { return .known }
        if says("nonce too low", "nonce is too low", "oldnonce") { return .nonceUsed }
        if says("replacement transaction underpriced", "replacement fee too low", "feetoolowtocompete") {
            return .underbid
        }
        if says("underpriced", "less than block base fee", "fee too low", "feetoolow") { return .underpriced }
        if says("insufficient funds", "insufficient balance", "insufficientfunds") { return .unaffordable }
        if says(
            "exceeds block gas limit",
            "intrinsic gas too low",
            "floor data gas",
            "invalid sender",
            "invalid chain id",
            "oversized",
            "type not supported",
            "gas limit too high"
        ) {
            return .impossible
        }
        return .unclear
    }
}

/// What a node thinks of a transaction.
package enum SendVerdict: Hashable, Sendable {
    /// It has it already.
    case known
    /// A transaction of this nonce is mined, perhaps this very one.
    case nonceUsed
    /// Another of this nonce waits, and this one does not outbid it by 10 % in both fees.
    case underbid
    /// The fees are too low for the node to keep it.
    case underpriced
    /// The account has not the money.
    case unaffordable
    /// No node will ever take it.
    case impossible
    /// Anything else; asking again or elsewhere may help.
    case unclear
}
