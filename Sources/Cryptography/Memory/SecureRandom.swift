internal import CSodium
package import Primitives

/// Where keys and nonces come from.
///
/// Handed to whatever needs randomness, so that a simulation can be replayed. Programs pass ``SystemRandom``;
/// a generator with a seed belongs into tests and simulations only.
package protocol SecureRandom: Sendable {
    /// Fills the whole buffer with bytes that nobody can predict.
    mutating func fill(_ buffer: UnsafeMutableRawBufferPointer)
}

extension SecureRandom {
    /// Fresh bytes for a public value.
    package mutating func bytes<Tag, let count: Int>(
        _: FixedBytes<Tag, count>.Type = FixedBytes<Tag, count>.self
    ) -> FixedBytes<Tag, count> {
        var bytes = FixedBytes<Tag, count>()
        unsafe bytes.withUnsafeMutableBytes { unsafe fill($0) }
        return bytes
    }
}

/// The operating system's generator (`getrandom`), by way of libsodium.
package struct SystemRandom: SecureRandom {
    /// A value without a size has no address, but the thread sanitizer looks one up and falls.
    private let address: UInt8 = 0

    /// The one there is; it has no state of its own.
    package init() {
        Libraries.prepare()
    }

    package mutating func fill(_ buffer: UnsafeMutableRawBufferPointer) {
        guard let base = buffer.baseAddress else { return }
        unsafe randombytes_buf(base, buffer.count)
    }
}
