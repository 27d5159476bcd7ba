/// How one endpoint of a member behaves.
package enum EndpointMood: Hashable, Sendable {
    /// As it should.
    case sound
    /// Nothing comes back, though what is asked is done.
    case silent
    /// The connection is refused.
    case unreachable
    /// It answers with an HTTP status, and perhaps with for how many seconds it wants to be left alone.
    case status(Int, retryAfter: Int?)
    /// It answers with a page for people.
    case page
    /// It answers with something that is not what was asked for; the number decides what.
    case garbled(UInt64)
    /// It refuses requests with more than one query.
    case singles
    /// It is so many blocks behind.
    case behind(Int)
    /// It stands still at the block that it shows now, on whatever branch that is.
    case stuck
    /// It refuses logs of more than so many blocks at once.
    case narrow(Int)
    /// It takes transactions and passes none on.
    case swallowing
    /// It hides every log.
    case hiding
    /// It makes up logs: an election that nobody has signed, and another committee.
    case forging
    /// It makes up what the contract returns: views, leaders and ceremonies that never were; and what an account has sent,
    /// what others pay, and that the newest block is final.
    case falsifying
    /// It makes up a branch of its own, higher than the chain, and calls it final.
    case branching
}
