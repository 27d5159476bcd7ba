import Consensus
import Cryptography
import Gossip
import Peer
import Primitives

/// A repeatable source of keys and nonces; for tests only.
struct SeededRandom: SecureRandom {
    private var generator: SplitMix64

    init(seed: UInt64) {
        generator = SplitMix64(seed: seed)
    }

    mutating func fill(_ buffer: UnsafeMutableRawBufferPointer) {
        for index in 0..<buffer.count {
            unsafe buffer[index] = UInt8(truncatingIfNeeded: generator.next() >> 32)
        }
    }
}

/// The keys of one member of a test committee.
struct MemberKeys: Sendable {
    let identity: IdentityKey
    let account: AccountKey
    let encryption: EncryptionKey

    init(seed: UInt64) {
        var random = SeededRandom(seed: seed)
        identity = IdentityKey(random: &random)
        account = AccountKey(random: &random)
        encryption = EncryptionKey(random: &random)
    }

    func record(port: Int) -> Member {
        Member(
            account: account.address,
            identity: identity.identity,
            encryptionKey: encryption.publicKey,
            endpoint: ByteList(Array("127.0.0.1:\(port)".utf8))!
        )
    }
}

/// What one member has made durable.
struct Disk {
    var incarnation: UInt64 = 0
    var view: ViewRecord?
    var votes: VoteLock?
    var entries: [SignedObject] = []
    var evidence: [Evidence] = []

    mutating func write(_ record: PeerRecord) {
        switch record {
        case .view(let record): view = record
        case .votes(let lock): votes = lock
        case .log(.entries(_, let new)): entries += new
        case .log(.fork), .log(.start): break
        case .evidence(_, let proof): evidence.append(proof)
        }
    }

    /// The stored log of an author.
    func log(of author: MemberIndex) -> [SignedObject] {
        entries.filter { $0.object.author == author }.sorted { $0.object.order < $1.object.order }
    }
}

/// A member's machine with its secrets and its disk.
struct TestNode {
    let keys: MemberKeys
    var disk = Disk()
    var machine: PeerMachine
    var custodian: Custodian<SeededRandom>
    var isUp = false
    /// When the machine is to be woken next.
    var wake: Instant?
    /// Rises with each crash, so that what was meant for a dead process is lost.
    var life = 0
}
