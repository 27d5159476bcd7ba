/// The four lanes of a link, in the order in which a sender serves them.
///
/// Messages of one stream arrive in the order they were sent; fragments of different streams interleave, so
/// that a long message of a patient stream never holds up a short one of an urgent stream.
package enum LinkStream: UInt8, CaseIterable, Sendable {
    /// Hello, close, pings: the link's own business.
    case control = 0
    /// What is forwarded on receipt: certificates, wishes, signing.
    case urgent = 1
    /// The batches of newest registers, one a tick.
    case registers = 2
    /// The repair of logs.
    case bulk = 3
}
