internal import Glibc

/// Computing with secrets in ordinary memory, and leaving none of it behind.
enum SecretWork {
    /// Runs a computation, then overwrites the part of the stack that it used.
    ///
    /// What it returns is to be public, or in locked memory.
    static func run<Result>(_ body: () -> Result) -> Result {
        let result = perform(body)
        wipe()
        return result
    }

    /// Apart and never inlined, so that all of it lies where ``wipe()`` writes.
    @inline(never) private static func perform<Result>(_ body: () -> Result) -> Result {
        body()
    }

    @inline(never) private static func wipe() {
        var used = InlineArray<8192, UInt64>(repeating: 0)
        var span = used.mutableSpan
        unsafe span.withUnsafeMutableBytes { stack in
            guard let start = stack.baseAddress else { return }
            unsafe explicit_bzero(start, stack.count)
        }
    }
}
