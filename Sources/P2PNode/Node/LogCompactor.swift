internal import Consensus
internal import Gossip
internal import Peer
internal import Primitives
internal import ServiceLifecycle

/// Cuts the stored logs when the chain has a new list of what they come to, beside the node's other work.
struct LogCompactor: Service {
    /// How many entries one transaction forgets, so that votes need not wait for more.
    private static let sweepLimit = 500
    /// How long the disk is left to others between two of them.
    private static let pause = Duration.milliseconds(20)

    let store: any Store
    let durability: Durability
    let actor: NodeActor
    let attestations: Attestations
    let keptEpochs: UInt64?

    func run() async throws {
        try await cancelWhenGracefulShutdown {
            do {
                // What the run before had cut and not swept.
                try await sweep()
                for await attested in attestations.waiting {
                    try await compact(attested)
                    try await sweep()
                }
            } catch StoreError.closed, is CancellationError {
                // What is not swept stays for the next start.
            }
        }
    }

    private func compact(_ attested: Attestations.Attested) async throws {
        let compaction = LogCompaction(
            store: store,
            committee: attested.committee,
            list: attested.list,
            signature: attested.signature,
            keptEpochs: keptEpochs
        )
        let starts = try await compaction.starts()
        guard !starts.isEmpty else { return }
        await actor.feed(.logsCut(starts))
        // What is swept must have been cut before.
        try await durability.write([])
    }

    private func sweep() async throws {
        while let author = try await store.unsweptLog() {
            try await durability.write([.sweepLog(author, limit: Self.sweepLimit)])
            try await Task.sleep(for: Self.pause)
        }
    }
}

/// What the committee attests of its logs, for who cuts them; of several only the newest counts.
struct Attestations: Sendable {
    /// A list of an epoch's committee with the group's signature.
    struct Attested: Sendable {
        let committee: Committee
        let list: AttestedLogs
        let signature: GroupSignature
    }

    /// The lists, for the one who works on them.
    let waiting: AsyncStream<Attested>
    private let list: AsyncStream<Attested>.Continuation

    init() {
        (waiting, list) = AsyncStream.makeStream(bufferingPolicy: .bufferingNewest(1))
    }

    /// Puts a list in the place of one that still waits.
    func add(_ attested: Attested) {
        list.yield(attested)
    }
}
