internal import Cryptography
internal import Primitives
internal import Synchronization

/// A node's keys, of which those to encryption come and go.
final class KeyShelf: Sendable {
    private let keys: Mutex<NodeKeys>

    init(_ keys: NodeKeys) {
        self.keys = Mutex(keys)
    }

    /// Seals what is kept in the store.
    var sealing: SealingKey { keys.withLock { $0.sealing } }

    /// The secret to an encryption key, if this node has it, also when it was made while the node runs.
    func encryptionKey(_ publicKey: CompressedPoint) throws(KeyError) -> EncryptionKey? {
        let result = keys.withLock { keys in
            Result { () throws(KeyError) in
                if keys.encryptionKey(publicKey) == nil { try keys.readEncryptionKeys() }
                return keys.encryptionKey(publicKey)
            }
        }
        return try result.get()
    }

    /// Erases the secret to an encryption key, on disk too.
    func erase(_ publicKey: CompressedPoint) throws(KeyError) {
        let result = keys.withLock { keys in
            Result { () throws(KeyError) in try keys.eraseEncryptionKey(publicKey) }
        }
        try result.get()
    }
}
