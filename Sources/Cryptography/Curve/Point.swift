internal import CSecp256k1
package import Primitives

/// Tells coordinates from other strings of 32 bytes.
package enum CoordinateTag {}

/// Tells uncompressed points, `4 || x || y`, from other strings of 65 bytes.
private enum UncompressedTag {}

/// A coordinate of a point: 32 big-endian bytes.
package typealias Coordinate = FixedBytes<CoordinateTag, 32>

/// A public point of secp256k1 that is on the curve and not the identity.
///
/// What may turn out to be the identity is a ``GroupElement``. Decoding costs a square root, about 5 µs, so a
/// point is decoded once and kept.
package struct Point: Sendable {
    /// libsecp256k1's opaque form; always one that the library made.
    let key: secp256k1_pubkey

    /// The generator G.
    package static let generator: Point = {
        guard let point = GroupElement.generator(times: .one).point else {
            preconditionFailure("the generator is the identity")
        }
        return point
    }()

    init(_ key: secp256k1_pubkey) {
        self.key = key
    }

    /// Decodes 33 bytes, or answers `nil` when they are not the compressed form of a point.
    package init?(_ compressed: CompressedPoint) {
        var key = secp256k1_pubkey()
        let result = unsafe compressed.withUnsafeBytes { bytes in
            unsafe secp256k1_ec_pubkey_parse(Libraries.shared.secp256k1, &key, bytes.bytes, bytes.count)
        }
        guard result == 1 else { return nil }
        self.key = key
    }

    /// The form peers exchange: 2 or 3 for the parity of y, then x.
    package var compressed: CompressedPoint {
        var point = CompressedPoint()
        unsafe point.withUnsafeMutableBytes { buffer in
            var length = buffer.count
            unsafe serialize(buffer.bytes, &length, UInt32(SECP256K1_EC_COMPRESSED))
        }
        return point
    }

    /// x and y, the form the chain takes.
    package var coordinates: (x: Coordinate, y: Coordinate) {
        var x = Coordinate()
        var y = Coordinate()
        let bytes = uncompressed
        for index in 0..<32 {
            x[index] = bytes[1 + index]
            y[index] = bytes[33 + index]
        }
        return (x, y)
    }

    /// The account whose key this point is: the low 160 bits of Keccak-256 over both coordinates.
    package var address: Address {
        let hash = Keccak256.hash(Array(uncompressed.array.dropFirst()))
        var address = Address()
        for index in 0..<20 { address[index] = hash[index + 12] }
        return address
    }

    /// The point with the other y.
    package static prefix func - (point: Point) -> Point {
        var key = point.key
        let result = unsafe secp256k1_ec_pubkey_negate(Libraries.shared.secp256k1, &key)
        precondition(result == 1, "a point has a negative")
        return Point(key)
    }

    private var uncompressed: FixedBytes<UncompressedTag, 65> {
        var point = FixedBytes<UncompressedTag, 65>()
        unsafe point.withUnsafeMutableBytes { buffer in
            var length = buffer.count
            unsafe serialize(buffer.bytes, &length, UInt32(SECP256K1_EC_UNCOMPRESSED))
        }
        return point
    }

    private func serialize(_ bytes: UnsafeMutablePointer<UInt8>, _ length: inout Int, _ format: UInt32) {
        let expected = length
        let result = unsafe withUnsafePointer(to: key) { key in
            unsafe secp256k1_ec_pubkey_serialize(Libraries.shared.secp256k1, bytes, &length, key, format)
        }
        precondition(result == 1 && length == expected, "libsecp256k1 could not encode a point")
    }
}

extension Point: Hashable {
    package static func == (left: Point, right: Point) -> Bool {
        unsafe withUnsafePointer(to: left.key) { left in
            unsafe withUnsafePointer(to: right.key) { right in
                unsafe secp256k1_ec_pubkey_cmp(Libraries.shared.secp256k1, left, right) == 0
            }
        }
    }

    package func hash(into hasher: inout Hasher) {
        hasher.combine(compressed)
    }
}

extension Point: CustomStringConvertible {
    package var description: String { compressed.description }
}
