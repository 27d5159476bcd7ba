internal import Peer
internal import Primitives

/// Keeps the epoch that the chain has confirmed in the node's database (``RememberedEpoch``).
struct EpochMemory: Sendable {
    private static let version: UInt16 = 1
    private static let name: StateName = "chain.epoch"

    let store: any Store
    let durability: Durability

    /// What was kept, if a node of this deployment may begin with it.
    ///
    /// - Throws: ``NodeError/chain(_:)`` when it is another deployment's or contradicts itself.
    func read(for deployment: Deployment) async throws -> RememberedEpoch? {
        guard let value = try await store.state(Self.name) else { return nil }
        guard value.version == Self.version else { throw NodeError.newerStore(value.version) }
        let epoch = try RememberedEpoch(ssz: value.bytes)
        do throws(RememberedEpochError) {
            return try epoch.isUsable(in: deployment) ? epoch : nil
        } catch {
            throw NodeError.chain(error.description)
        }
    }

    /// Returns when it would survive a crash; `nil` forgets what was kept.
    func write(_ epoch: RememberedEpoch?) async throws {
        let write: StoreWrite =
            if let epoch {
                .setState(Self.name, VersionedBytes(version: Self.version, bytes: epoch.sszBytes))
            } else {
                .removeState(Self.name)
            }
        try await durability.write([write])
    }
}
