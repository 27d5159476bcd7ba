package import Ethereum

/// Where the chain layer keeps what it must find again.
package protocol ChainStore: Sendable {
    /// What was kept.
    func load() async throws -> ChainMemory

    /// Returns when the change would survive a crash.
    func write(_ change: ChainWrite) async throws
}
