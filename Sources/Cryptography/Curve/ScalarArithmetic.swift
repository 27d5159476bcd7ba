internal import CSecp256k1
internal import CSodium

/// Arithmetic modulo the group order Q on 32-byte big-endian numbers, in place, fit for secrets.
///
/// Only zero tests and return codes branch on the operands; the rest is libsecp256k1's constant-time code. Its
/// `seckey` functions refuse zero as an operand or a result, because zero is no key; as a scalar it is a number
/// like others, so each case is taken apart here. Operands are below Q; others trap or are refused as documented.
enum ScalarArithmetic {
    static let byteCount = 32

    static func isZero(_ a: UnsafePointer<UInt8>) -> Bool {
        unsafe sodium_is_zero(a, byteCount) == 1
    }

    /// Whether 0 < a < Q.
    static func isNonzeroAndCanonical(_ a: UnsafePointer<UInt8>) -> Bool {
        unsafe secp256k1_ec_seckey_verify(Libraries.shared.secp256k1, a) == 1
    }

    /// a := a + b.
    static func add(_ b: UnsafePointer<UInt8>, to a: UnsafeMutablePointer<UInt8>) {
        if unsafe isZero(b) { return }
        if unsafe isZero(a) {
            unsafe a.update(from: b, count: byteCount)
            return
        }
        // 0 with canonical nonzero operands means that the sum is zero; libsecp256k1 has cleared the buffer then.
        if unsafe secp256k1_ec_seckey_tweak_add(Libraries.shared.secp256k1, a, b) == 0 {
            unsafe sodium_memzero(a, byteCount)
        }
    }

    /// a := a * b.
    ///
    /// `b` may be `a` itself.
    static func multiply(_ a: UnsafeMutablePointer<UInt8>, by b: UnsafePointer<UInt8>) {
        if unsafe isZero(a) { return }
        if unsafe isZero(b) {
            unsafe sodium_memzero(a, byteCount)
            return
        }
        let result = unsafe secp256k1_ec_seckey_tweak_mul(Libraries.shared.secp256k1, a, b)
        precondition(result == 1, "a factor is not below the group order")
    }

    /// a := -a.
    static func negate(_ a: UnsafeMutablePointer<UInt8>) {
        if unsafe isZero(a) { return }
        let result = unsafe secp256k1_ec_seckey_negate(Libraries.shared.secp256k1, a)
        precondition(result == 1, "a scalar is not below the group order")
    }

    /// a := the 48-byte big-endian number in `wide`, modulo Q.
    ///
    /// Both halves are below Q, so that no comparison with Q is needed: a = high * 2^192 + low.
    static func reduce(_ wide: UnsafePointer<UInt8>, into a: UnsafeMutablePointer<UInt8>) {
        unsafe withUnsafeTemporaryAllocation(byteCount: 64, alignment: 8) { scratch in
            let low = unsafe scratch.bytes
            let shift = unsafe low + byteCount
            defer { unsafe sodium_memzero(low, 64) }
            unsafe low.initialize(repeating: 0, count: 64)
            unsafe (low + 8).update(from: wide + 24, count: 24)
            unsafe shift[7] = 1
            unsafe a.update(repeating: 0, count: 8)
            unsafe (a + 8).update(from: wide, count: 24)
            unsafe multiply(a, by: shift)
            unsafe add(low, to: a)
        }
    }

    /// a := hash_to_field (RFC 9380, section 5.2; L = 48, SHA-256) of a message under a tag.
    static func hash(
        _ message: UnsafeRawBufferPointer,
        tag: [UInt8],
        into a: UnsafeMutablePointer<UInt8>
    ) {
        unsafe withUnsafeTemporaryAllocation(byteCount: 48, alignment: 8) { wide in
            unsafe MessageExpansion.expand(message, tag: tag, into: wide)
            unsafe reduce(wide.bytes, into: a)
            unsafe sodium_memzero(wide.bytes, wide.count)
        }
    }
}
