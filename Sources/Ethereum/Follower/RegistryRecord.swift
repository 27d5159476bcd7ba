package import Cryptography
package import Primitives

/// An event of the registry and where it is recorded.
package struct RegistryRecord: Hashable, Sendable {
    /// What happened.
    package var event: RegistryEvent
    /// The block.
    package var block: BlockReference
    /// The transaction.
    package var transaction: Digest

    /// An event at its place.
    package init(event: RegistryEvent, block: BlockReference, transaction: Digest) {
        self.event = event
        self.block = block
        self.transaction = transaction
    }
}

/// The group keys by which records prove themselves.
///
/// The newest ones; a record of an epoch without a known key cannot be judged.
package struct KnownKeys: Hashable, Sendable {
    /// How many epochs are kept.
    package static let limit = 16

    /// From the oldest epoch to the newest.
    package private(set) var keys: [(epoch: Epoch, key: GroupPublicKey)] = []

    /// No key is known.
    package init() {}

    /// The key of an epoch.
    package subscript(epoch: Epoch) -> GroupPublicKey? {
        keys.last { $0.epoch == epoch }?.key
    }

    /// Takes the key of an epoch that is not known yet, or replaces what a reorganisation has made void.
    package mutating func insert(_ key: GroupPublicKey, for epoch: Epoch) {
        keys.removeAll { $0.epoch == epoch }
        keys.append((epoch, key))
        keys.sort { $0.epoch < $1.epoch }
        if keys.count > Self.limit { keys.removeFirst(keys.count - Self.limit) }
    }

    /// Forgets the key of an epoch.
    package mutating func remove(_ epoch: Epoch) {
        keys.removeAll { $0.epoch == epoch }
    }

    package static func == (left: KnownKeys, right: KnownKeys) -> Bool {
        left.keys.elementsEqual(right.keys) { $0 == $1 }
    }

    package func hash(into hasher: inout Hasher) {
        for (epoch, key) in keys {
            hasher.combine(epoch)
            hasher.combine(key)
        }
    }
}
