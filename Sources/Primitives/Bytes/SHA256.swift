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
    ///
    /// They are one block, and what pads them is the same every time, so nothing is gathered in a buffer.
    package static func hash(_ left: Digest, _ right: Digest) -> Digest {
        var hash = SHA256()
        unsafe withUnsafeBytes(of: (left, right)) { unsafe hash.takeBlock($0) }
        unsafe paddingOfOneBlock.withUnsafeBytes { unsafe hash.takeBlock($0) }
        return hash.state
    }

    /// What follows a message of 64 bytes: a bit, zeros, and the length of 512 bits.
    private static let paddingOfOneBlock = {
        var block = FixedBytes<ByteTag.Opaque, 64>()
        block[0] = 0x80
        block[62] = 0x02
        return block
    }()

    private mutating func takeBlock(_ block: UnsafeRawBufferPointer) {
        unsafe SHA256_Transform(&context, block.bindMemory(to: UInt8.self).baseAddress)
    }

    /// The eight words, most significant bytes first.
    private var state: Digest {
        var digest = Digest()
        unsafe digest.withUnsafeMutableBytes { bytes in
            unsafe Swift.withUnsafeBytes(of: context.h) { words in
                for offset in stride(from: 0, to: 32, by: 4) {
                    let word = unsafe words.load(fromByteOffset: offset, as: UInt32.self)
                    unsafe bytes.storeBytes(of: word.bigEndian, toByteOffset: offset, as: UInt32.self)
                }
            }
        }
        return digest
    }
}
