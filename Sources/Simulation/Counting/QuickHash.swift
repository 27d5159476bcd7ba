/// A hash of a few nanoseconds that no strategy of the simulation tries to break.
struct QuickHash {
    private(set) var value: UInt64 = 0x9E37_79B9_7F4A_7C15

    mutating func mix(_ number: UInt64) {
        let (high, low) = (value ^ number).multipliedFullWidth(by: 0xBF58_476D_1CE4_E5B9)
        value = high ^ low ^ 0x94D0_49BB_1331_11EB
    }

    mutating func mix(_ bytes: UnsafeRawBufferPointer) {
        var offset = 0
        while offset + 8 <= bytes.count {
            mix(unsafe bytes.loadUnaligned(fromByteOffset: offset, as: UInt64.self).littleEndian)
            offset += 8
        }
        var rest = UInt64(bytes.count)
        while offset < bytes.count {
            rest = rest << 8 | UInt64(unsafe bytes[offset])
            offset += 1
        }
        mix(rest)
    }
}
