internal import CSodium

/// Bytes that must not leak: a key, a nonce, a share.
///
/// They lie in ``SecretMemory`` and nowhere else, never change after `init`, are lent out only for the length of
/// a closure, and are zero again once the last reference is gone. Copy the reference, never the bytes.
@safe
package final class SecretBytes: Sendable {
    /// The number of bytes.
    package let count: Int
    /// Written only during `init`, so that sharing it between threads is sharing a constant.
    private nonisolated(unsafe) let start: UnsafeMutableRawPointer

    /// Makes room for `count` zero bytes and lets `fill` write them.
    ///
    /// `count` is at least 1 and at most ``SecretMemory/greatestLength``; others trap. What has been written is
    /// wiped also when `fill` throws.
    package init<E: Error>(
        count: Int,
        fill: (UnsafeMutableRawBufferPointer) throws(E) -> Void
    ) throws(E) {
        self.count = count
        unsafe start = SecretMemory.take(count)
        try unsafe fill(UnsafeMutableRawBufferPointer(start: start, count: count))
    }

    /// Random bytes.
    package convenience init(count: Int, random: inout some SecureRandom) {
        unsafe self.init(count: count) { unsafe random.fill($0) }
    }

    /// Copies bytes that lie elsewhere; wiping them there is the caller's part.
    package convenience init(copying bytes: UnsafeRawBufferPointer) {
        unsafe self.init(count: bytes.count) { unsafe $0.copyMemory(from: bytes) }
    }

    deinit {
        unsafe SecretMemory.wipeAndReturn(start, count)
    }

    /// Lends the bytes.
    ///
    /// The pointer is void after the closure; what is copied out of it is unprotected.
    package func withUnsafeBytes<R: ~Copyable, E: Error>(
        _ body: (UnsafeRawBufferPointer) throws(E) -> R
    ) throws(E) -> R {
        defer { extendLifetime(self) }
        return try unsafe body(UnsafeRawBufferPointer(start: start, count: count))
    }
}

/// Equality that takes the same time wherever the bytes differ; only the lengths are not secret.
extension SecretBytes: Equatable {
    package static func == (left: SecretBytes, right: SecretBytes) -> Bool {
        guard left.count == right.count else { return false }
        return unsafe left.withUnsafeBytes { left in
            unsafe right.withUnsafeBytes { unsafe sodium_memcmp(left.bytes, $0.bytes, left.count) == 0 }
        }
    }
}

/// Descriptions and mirrors say that there is a secret, not which.
extension SecretBytes: CustomStringConvertible, CustomDebugStringConvertible, CustomReflectable {
    package var description: String { "(secret)" }
    package var debugDescription: String { description }
    package var customMirror: Mirror { Mirror(self, children: EmptyCollection<Mirror.Child>()) }
}
