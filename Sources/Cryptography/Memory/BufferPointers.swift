/// The bytes of a buffer as C functions take them.
///
/// The buffers of this module are never empty, so that they always have an address.
extension UnsafeRawBufferPointer {
    var bytes: UnsafePointer<UInt8> {
        guard let base = baseAddress else { preconditionFailure("an empty buffer has no address") }
        return unsafe base.assumingMemoryBound(to: UInt8.self)
    }
}

extension UnsafeMutableRawBufferPointer {
    /// The bytes of a buffer as C functions take them.
    var bytes: UnsafeMutablePointer<UInt8> {
        guard let base = baseAddress else { preconditionFailure("an empty buffer has no address") }
        return unsafe base.assumingMemoryBound(to: UInt8.self)
    }
}
