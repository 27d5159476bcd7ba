import Consensus
import Cryptography
package import Peer
import Primitives

/// Holds one member's secrets and does with them what its machine orders: the product's ``Custodian``, or a
/// counting stand-in.
package protocol SecretKeeper {
    /// Does what was ordered.
    mutating func perform(_ order: SecretOrder) -> KeeperOutcome
}

/// What has come of an order to a keeper.
package struct KeeperOutcome {
    /// For the machine; `nil` when the order wants none.
    package var answer: SecretAnswer?
    /// For the disk, in order.
    var safekeeping: [SecretChore] = []
}

/// What is to be done with secrets on disk.
enum SecretChore {
    /// Keep the share of the key with this transcript.
    case keepShare(KeptShare)
    /// Erase the epoch's encryption key.
    case eraseEncryptionKey
}

/// A share on disk; a counting one has no number.
struct KeptShare {
    var transcript: Digest
    var share: SecretShare?
}

/// A repeatable source of keys and nonces; its secrets are none.
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

extension Custodian: SecretKeeper {
    package mutating func perform(_ order: SecretOrder) -> KeeperOutcome {
        let outcome: Outcome = perform(order)
        let safekeeping = outcome.safekeeping.map { keeping in
            switch keeping {
            case .keepShare(let share, let transcript):
                SecretChore.keepShare(KeptShare(transcript: transcript, share: share))
            case .eraseEncryptionKey: SecretChore.eraseEncryptionKey
            }
        }
        return KeeperOutcome(answer: outcome.answer, safekeeping: safekeeping)
    }
}
