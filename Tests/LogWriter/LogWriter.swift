import Cryptography
import Gossip
import P2PNode
import Primitives
import SystemPackage

/// Makes a member's log long, for `testnet/bench catch-up`: appends entries signed with the keys of a testnet's oracle
/// to the databases of oracles that do not run.
///
///     LogWriter KEYS KEYFILE CHAIN GENESIS REGISTRY EPOCH MEMBER ENTRIES BYTES DATA...
///
/// KEYS is the data directory of the log's author, each DATA one of an oracle whose copy becomes longer. BYTES is the
/// size of an entry's body. The entries have a topic that means nothing to a node: it stores them and passes them on.
@main
struct LogWriter {
    /// No node reads it.
    private static let topic: UInt8 = 255
    /// The bytes of a transaction.
    private static let transactionSize = 4 << 20

    let keys: NodeKeys
    let domains: SigningDomains
    let epoch: Epoch
    let member: MemberIndex

    static func main() async throws {
        let words = Array(CommandLine.arguments.dropFirst())
        guard words.count >= 10,
            let chain = UInt64(words[2]), let genesis = Digest(hex: words[3]),
            let registry = Address(hex: words[4]),
            let epoch = UInt64(words[5]), let member = Int(words[6]), let count = Int(words[7]),
            let size = Int(words[8])
        else { throw Misuse() }
        let writer = LogWriter(
            keys: try NodeKeys(
                in: DataDirectory(opening: FilePath(words[0])),
                protection: .keyFile(try SecretFile.key(FilePath(words[1])))
            ),
            domains: SigningDomains(Deployment(chainId: chain, genesis: genesis, registry: registry)),
            epoch: Epoch(rawValue: epoch),
            member: MemberIndex(member)
        )
        var stores: [SQLiteStore] = []
        for path in words[9...] {
            stores.append(try SQLiteStore(in: DataDirectory(opening: FilePath(path))))
        }
        try await writer.append(count, of: size, to: stores)
        for store in stores { try store.close() }
    }

    private func append(_ count: Int, of size: Int, to stores: [SQLiteStore]) async throws {
        let author = keys.identity.identity
        var heads: Set<P2PNode.LogHead?> = []
        for store in stores { heads.insert(try await store.logHeads().first { $0.author == author }) }
        // They would hold different logs, which is what a member is convicted for.
        guard heads.count == 1, let head = heads.first else { throw UnequalCopies() }
        var (sequence, digest) = (head?.sequence ?? 0, head?.digest ?? Digest())
        var writes: [StoreWrite] = []
        var bytes = 0
        for number in 0..<count {
            sequence += 1
            let entry = try entry(sequence, after: digest, bytes: size)
            digest = entry.digest
            writes.append(.appendToLog(entry))
            bytes += entry.bytes.count
            guard bytes >= Self.transactionSize || number == count - 1 else { continue }
            for store in stores { try await store.commit(writes) }
            (writes, bytes) = ([], 0)
        }
    }

    private func entry(_ sequence: UInt64, after previous: Digest, bytes: Int) throws -> StoredLogEntry {
        let filling = (0..<bytes).map { UInt8(truncatingIfNeeded: UInt64($0) &* 31 &+ sequence) }
        guard let body = ByteList<32_704>(filling),
            let payload = ByteList<32_768>(
                LogEntry(previous: previous, topic: Self.topic, body: body).sszBytes
            )
        else { throw Misuse() }
        let object = Object(
            epoch: epoch,
            author: member,
            kind: .logEntry,
            order: Order(incarnation: 0, sequence: sequence),
            payload: payload
        )
        let signed = Ed25519Authenticator(key: keys.identity).sign(object, in: domains)
        return StoredLogEntry(
            author: keys.identity.identity,
            sequence: sequence,
            epoch: epoch,
            digest: signed.hashTreeRoot(),
            bytes: signed.sszBytes
        )
    }

    private struct Misuse: Error {}
    private struct UnequalCopies: Error {}
}
