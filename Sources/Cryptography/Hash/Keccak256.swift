package import Primitives

/// Keccak-256 as Ethereum uses it: the Keccak submission's padding (0x01), not SHA-3's (0x06).
///
/// Keccak[c = 512] over Keccak-f[1600] (Bertoni, Daemen, Peeters, Van Assche: The Keccak reference, version 3.0).
/// For public data only: the state is not wiped.
package struct Keccak256: ~Copyable {
    /// Bytes absorbed between two permutations.
    private static let rate = 136

    private var state = KeccakState()
    private var position = 0

    /// An empty hash.
    package init() {}

    /// Appends bytes to what is hashed.
    package mutating func update(_ bytes: RawSpan) {
        var offset = 0
        while offset < bytes.byteCount {
            if position.isMultiple(of: 8), bytes.byteCount - offset >= 8 {
                let word = unsafe bytes.unsafeLoadUnaligned(fromByteOffset: offset, as: UInt64.self)
                state.mix(UInt64(littleEndian: word), intoLane: position / 8)
                offset += 8
                advance(8)
            } else {
                state.mix(unsafe bytes.unsafeLoad(fromByteOffset: offset, as: UInt8.self), intoByte: position)
                offset += 1
                advance(1)
            }
        }
    }

    /// Appends bytes to what is hashed.
    package mutating func update(_ bytes: [UInt8]) {
        update(unsafe bytes.span.bytes)
    }

    /// Appends the bytes of a fixed-length value.
    package mutating func update<Tag, let count: Int>(_ bytes: FixedBytes<Tag, count>) {
        update(unsafe bytes.storage.span.bytes)
    }

    /// Ends the hash.
    package consuming func finalize() -> Digest {
        state.mix(0x01, intoByte: position)
        state.mix(0x80, intoByte: Self.rate - 1)
        state.permute()
        var digest = Digest()
        for index in 0..<32 { digest[index] = state.byte(at: index) }
        return digest
    }

    /// The hash of one byte string.
    package static func hash(_ bytes: [UInt8]) -> Digest {
        var hash = Keccak256()
        hash.update(bytes)
        return hash.finalize()
    }

    private mutating func advance(_ count: Int) {
        position += count
        if position == Self.rate {
            state.permute()
            position = 0
        }
    }
}
