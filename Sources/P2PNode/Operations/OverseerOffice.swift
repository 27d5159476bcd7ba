internal import Peer

/// What a member's machine tells the overseer of operations, in order, for one consumer.
struct OverseerOffice: Sendable {
    /// How much may wait: more than the logs of an epoch hold when they are read at the start.
    private static let limit = 1_048_576

    let news: AsyncStream<OperationsNews>
    private let teller: AsyncStream<OperationsNews>.Continuation
    private let stop: @Sendable () -> Void

    /// An office; `stop` is called if its consumer is so far behind that something would be lost.
    init(stop: @escaping @Sendable () -> Void) {
        (news, teller) = AsyncStream.makeStream(bufferingPolicy: .bufferingOldest(Self.limit))
        self.stop = stop
    }

    /// Notes what the machine tells.
    func hear(_ news: OperationsNews) {
        if case .dropped = teller.yield(news) { stop() }
    }
}
