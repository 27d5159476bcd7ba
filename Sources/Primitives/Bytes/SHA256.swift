internal import CLibcrypto

/// SHA-256 (FIPS 180-4) from libcrypto, which uses the processor's SHA instructions where it has them.
///
/// For public data only: the state is not wiped.
package struct SHA256: ~Copyable {
    private var context = SHA256_CTX()

    /// An empty hash.
    package init() {
        unsafe SHA256_Init(&context)
    }

    /// Appends bytes to what is hashed.
    package mutating func update(_ bytes: RawSpan) {
        unsafe bytes.withUnsafeBytes { buffer -> Void in
            guard let base = buffer.baseAddress else { return }
            unsafe SHA256_Update(&context, base, buffer.count)
        }
    }

    /// Appends bytes to what is hashed.
    package mutating func update(_ bytes: [UInt8]) {
        update(unsafe bytes.span.bytes)
    }

    /// Appends the UTF-8 of a text, without its length or a terminator.
    package mutating func update(_ text: StaticString) {
        unsafe SHA256_Update(&context, text.utf8Start, text.utf8CodeUnitCount)
    }

    /// Appends the bytes of a fixed-length value.
    package mutating func update<Tag, let count: Int>(_ bytes: FixedBytes<Tag, count>) {
        unsafe bytes.withUnsafeBytes { buffer -> Void in
            unsafe SHA256_Update(&context, buffer.baseAddress, buffer.count)
        }
    }

    /// Ends the hash.
    package consuming func finalize() -> Digest {
        var digest = Digest()
        unsafe digest.withUnsafeMutableBytes { buffer -> Void in
            let bytes = unsafe buffer.assumingMemoryBound(to: UInt8.self)
            unsafe SHA256_Final(bytes.baseAddress, &context)
        }
        return digest
    }

    /// The hash of one byte string.
    package static func hash(_ bytes: [UInt8]) -> Digest {
        var hash = SHA256()
        hash.update(bytes)
        return hash.finalize()
    }

    /// The hash of two digests one after the other: a node of a hash tree.
    package static func hash(_ left: Digest, _ right: Digest) -> Digest {
        var hash = SHA256()
        hash.update(left)
        hash.update(right)
        return hash.finalize()
    }
}
