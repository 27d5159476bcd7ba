package import Primitives

/// A call on its way to the chain, as it is kept on disk until it can no longer be undone.
///
/// Stored whole at each change, under its id. Transactions are stored before they are sent, so that a crash leaves
/// none that the node does not know of.
package struct OutboxRecord: Hashable, Sendable {
    /// One signed attempt at the record's nonce.
    package struct Attempt: Hashable, Sendable {
        /// The transaction.
        package var transaction: SignedTransaction
        /// Whether it only frees the nonce, by paying nothing to its own sender.
        package var isCancellation: Bool
    }

    /// The call.
    package var call: ChainCall
    /// The nonce it has been given; `nil` before.
    package var nonce: UInt64?
    /// All that were signed for the nonce, the newest last; any of them may be mined.
    package var attempts: [Attempt]
    /// Whether nobody will need the call any more: only its nonce must still be freed.
    package var isWithdrawn = false

    /// A call that has no nonce yet.
    package init(call: ChainCall) {
        self.call = call
        attempts = []
    }

    /// What the call is for.
    package var id: Digest { call.id }

    /// How many attempts a record holds at most: bumping by an eighth, a fee grows four thousandfold by then.
    package static let maxAttempts = 72

    /// The bytes to store; the mark of a withdrawal stands at the end, and only where there is one.
    package var encoded: [UInt8] {
        let parts: [RLP] = [
            call.stored,
            .list(nonce.map { [.number($0)] } ?? []),
            .list(
                attempts.map {
                    .list([.bytes($0.transaction.raw), .number($0.isCancellation ? 1 as UInt64 : 0)])
                }
            ),
        ]
        return RLP.list(parts + (isWithdrawn ? [.number(1 as UInt64)] : [])).encoded
    }

    /// Reads stored bytes.
    ///
    /// - Throws: ``RLPError`` or ``ABIError`` when they are not what ``encoded`` gives.
    package init(decoding bytes: [UInt8]) throws {
        let parts = try RLP(decoding: bytes).elements("the record")
        guard (3...4).contains(parts.count) else { throw RLPError.unexpected("the record") }
        if parts.count == 4 {
            guard try parts[3].number("the withdrawal") == 1 else {
                throw RLPError.unexpected("the withdrawal")
            }
            isWithdrawn = true
        }
        call = try ChainCall(stored: parts[0])
        let nonces = try parts[1].elements("the nonce")
        guard nonces.count <= 1 else { throw RLPError.unexpected("the nonce") }
        nonce = try nonces.first?.number("the nonce")
        attempts = try parts[2].elements("the attempts").map { attempt in
            let parts = try attempt.elements("an attempt")
            guard parts.count == 2 else { throw RLPError.unexpected("an attempt") }
            let mark = try parts[1].number("a mark")
            guard mark <= 1 else { throw RLPError.unexpected("a mark") }
            return Attempt(
                transaction: try SignedTransaction(decoding: try parts[0].data("a transaction")),
                isCancellation: mark == 1
            )
        }
    }
}
