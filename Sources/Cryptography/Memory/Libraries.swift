internal import CSecp256k1
internal import CSodium
internal import Glibc

/// libsodium and libsecp256k1, made ready once for the whole process.
///
/// Whatever in this module calls one of them goes through ``shared`` or ``prepare()``, so the order of first
/// uses does not matter. A program calls ``prepare()`` at its start, to fail there rather than later.
@safe
package struct Libraries: Sendable {
    static let shared = Libraries()

    /// The context of libsecp256k1, randomized against side channels.
    ///
    /// Written only here; afterwards every call takes it as `const`, which the library documents as safe
    /// from any number of threads.
    nonisolated(unsafe) let secp256k1: OpaquePointer

    /// Starts both libraries if that has not happened yet.
    ///
    /// Traps when one refuses: nothing of this module could work.
    package static func prepare() {
        _ = shared
    }

    private init() {
        precondition(sodium_init() >= 0, "libsodium could not be started")
        guard let context = unsafe secp256k1_context_create(UInt32(SECP256K1_CONTEXT_NONE)) else {
            preconditionFailure("libsecp256k1 made no context")
        }
        let stop: @convention(c) (UnsafePointer<CChar>?, UnsafeMutableRawPointer?) -> Void = { message, _ in
            unsafe Self.stop(message)
        }
        unsafe secp256k1_context_set_illegal_callback(context, stop, nil)
        unsafe secp256k1_context_set_error_callback(context, stop, nil)
        var seed = SIMD32<UInt8>()
        let randomized = unsafe withUnsafeMutablePointer(to: &seed) { seed -> Int32 in
            unsafe randombytes_buf(seed, 32)
            let result = unsafe secp256k1_context_randomize(context, UnsafeRawPointer(seed))
            unsafe sodium_memzero(seed, 32)
            return result
        }
        precondition(randomized == 1, "libsecp256k1 could not randomize its context")
        unsafe secp256k1 = context
    }

    /// Called for arguments that only a bug of ours can produce; returning would be undefined behaviour.
    ///
    /// Writes the message itself, because an optimized build traps without one.
    private static func stop(_ message: UnsafePointer<CChar>?) -> Never {
        for text in unsafe ["libsecp256k1: ", message.map { unsafe String(cString: $0) } ?? "misuse", "\n"] {
            var text = text
            _ = text.withUTF8 { unsafe write(STDERR_FILENO, $0.baseAddress, $0.count) }
        }
        preconditionFailure("libsecp256k1 was misused")
    }
}
