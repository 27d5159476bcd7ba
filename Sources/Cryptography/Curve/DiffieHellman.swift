internal import CSecp256k1
internal import CSodium
internal import Primitives

/// Multiples of a public point by a secret scalar.
enum DiffieHellman {
    /// `secret * point` in compressed form, still secret.
    ///
    /// By the library's ECDH, whose hash function is replaced by one that only encodes: it is the one
    /// constant-time multiplication of a foreign point in its interface. A zero scalar traps.
    static func shared(_ secret: SecretScalar, _ point: Point) -> SecretBytes {
        unsafe SecretBytes(count: 33) { buffer in
            let result = unsafe secret.withBytes { secret in
                unsafe withUnsafePointer(to: point.key) { key in
                    unsafe secp256k1_ecdh(Libraries.shared.secp256k1, buffer.bytes, key, secret, encode, nil)
                }
            }
            precondition(result == 1, "a zero scalar has no Diffie-Hellman point")
        }
    }

    /// `secret * point`, published.
    static func published(_ secret: SecretScalar, _ point: Point) -> Point {
        let compressed = unsafe shared(secret, point).withUnsafeBytes { unsafe CompressedPoint($0) }
        guard let point = compressed.flatMap({ Point($0) }) else {
            preconditionFailure("libsecp256k1 encoded a point that it cannot decode")
        }
        return point
    }

    private static let encode: secp256k1_ecdh_hash_function = { output, x, y, _ in
        guard let output = unsafe output, let x = unsafe x, let y = unsafe y else { return 0 }
        unsafe output[0] = 2 | (y[31] & 1)
        unsafe (output + 1).update(from: x, count: 32)
        return 1
    }
}
