/// The part of an IP address that limits are kept for: an IPv4 address, or the first 64 bits of an IPv6 one.
///
/// Whoever has one IPv6 address has 2^64 of them, so limits for single ones would limit nobody.
package struct HostPrefix: Hashable, Sendable {
    private let high: UInt64
    private let low: UInt64

    /// Takes the 4 or 16 bytes of an address in network order; `nil` for any other count.
    ///
    /// An IPv4 address mapped into IPv6 (`::ffff:a.b.c.d`) counts as what it is.
    package init?(_ address: [UInt8]) {
        switch address.count {
        case 4:
            high = 0
            low = 0xFFFF_0000_0000 | Self.number(address[...])
        case 16:
            let tail = Self.number(address[8...])
            high = Self.number(address[..<8])
            low = high == 0 && tail >> 32 == 0xFFFF ? tail : 0
        default:
            return nil
        }
    }

    private static func number(_ bytes: ArraySlice<UInt8>) -> UInt64 {
        bytes.reduce(0) { $0 << 8 | UInt64($1) }
    }
}
