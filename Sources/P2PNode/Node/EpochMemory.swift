internal import Consensus
internal import Peer
internal import Primitives

/// Keeps the epoch that the chain has confirmed in the node's database (``RememberedEpoch``), and those before it.
///
/// What an earlier committee has attested is checked by its own key, so the record of that key outlives the epoch.
struct EpochMemory: Sendable {
    private static let version: UInt16 = 1
    private static let name: StateName = "chain.epoch"
    /// What the names of earlier epochs begin with; the number follows.
    private static let pastPrefix = "chain.epoch."
    /// How many earlier epochs are kept.
    static let pastLimit = 64

    let store: any Store
    let durability: Durability

    /// What was kept, if a node of this deployment may begin with it.
    ///
    /// - Throws: ``NodeError/chain(_:)`` when it is another deployment's or contradicts itself.
    func read(for deployment: Deployment) async throws -> RememberedEpoch? {
        guard let epoch = try await kept() else { return nil }
        do throws(RememberedEpochError) {
            return try epoch.isUsable(in: deployment) ? epoch : nil
        } catch {
            throw NodeError.chain(error.description)
        }
    }

    /// The epochs before the one that is kept, the newest first, as far as they are a deployment's.
    func past(in deployment: Deployment) async throws -> [RememberedEpoch] {
        try await store.states(startingWith: Self.pastPrefix).map { try Self.epoch($0.value) }
            .filter { (try? $0.isUsable(in: deployment)) == true }
            .sorted { $0.epoch > $1.epoch }
    }

    /// Returns when it would survive a crash; `nil` forgets what was kept, and nothing of earlier epochs.
    func write(_ epoch: RememberedEpoch?) async throws {
        guard let epoch else { return try await durability.write([.removeState(Self.name)]) }
        var writes = [StoreWrite.setState(Self.name, Self.value(epoch))]
        if let before = try await kept(), before.epoch < epoch.epoch {
            writes.append(.setState(Self.name(of: before.epoch), Self.value(before)))
            let past = try await store.states(startingWith: Self.pastPrefix).map {
                try Self.epoch($0.value).epoch
            }
            let others = past.filter { $0 != before.epoch }.sorted(by: >)
            writes += others.dropFirst(Self.pastLimit - 1).map { .removeState(Self.name(of: $0)) }
        }
        try await durability.write(writes)
    }

    /// The records of all epochs that a database has kept, in rising order.
    static func records(in store: any Store) async throws -> [CommitteeRecord] {
        let past = try await store.states(startingWith: pastPrefix).map { try epoch($0.value).record }
        let kept = try await store.state(name).map { try epoch($0).record }
        return (past + [kept].compactMap(\.self)).sorted { $0.roster.epoch < $1.roster.epoch }
    }

    private func kept() async throws -> RememberedEpoch? { try await store.state(Self.name).map(Self.epoch) }

    private static func name(of epoch: Epoch) -> StateName { StateName(rawValue: "\(pastPrefix)\(epoch)") }

    private static func value(_ epoch: RememberedEpoch) -> VersionedBytes {
        VersionedBytes(version: version, bytes: epoch.sszBytes)
    }

    private static func epoch(_ value: VersionedBytes) throws -> RememberedEpoch {
        guard value.version == version else { throw NodeError.newerStore(value.version) }
        return try RememberedEpoch(ssz: value.bytes)
    }
}
