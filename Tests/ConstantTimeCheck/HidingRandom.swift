import CMemcheck
import Cryptography

/// Random bytes that memcheck takes for undefined: whatever is computed from them is watched.
struct HidingRandom: SecureRandom {
    private var source = SystemRandom()

    mutating func fill(_ buffer: UnsafeMutableRawBufferPointer) {
        unsafe source.fill(buffer)
        unsafe memcheck_hide(buffer.baseAddress, buffer.count)
    }
}

/// Lets a value that others are told be looked at.
func published<Value>(_ value: Value) -> Value {
    unsafe withUnsafeBytes(of: value) { unsafe memcheck_show($0.baseAddress, $0.count) }
    return value
}
