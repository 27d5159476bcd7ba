internal import CSecp256k1

/// A secret number modulo the order Q of secp256k1: a handle to 32 bytes of locked memory.
///
/// Whatever is computed with it runs in time that does not depend on it (``ScalarArithmetic``).
package struct SecretScalar: Sendable {
    /// The canonical big-endian encoding.
    package let bytes: SecretBytes

    /// A uniformly random number other than zero.
    package init(random: inout some SecureRandom) {
        bytes = unsafe SecretBytes(count: ScalarArithmetic.byteCount) { buffer in
            // One in 2^127 draws is not below Q; which one was rejected says nothing about the one that is kept.
            repeat {
                unsafe random.fill(buffer)
            } while unsafe !ScalarArithmetic.isNonzeroAndCanonical(buffer.bytes)
        }
    }

    /// Takes an encoding, or answers `nil` when it has not 32 bytes or its number is 0 or not below Q.
    package init?(_ bytes: SecretBytes) {
        guard bytes.count == ScalarArithmetic.byteCount else { return nil }
        guard unsafe bytes.withUnsafeBytes({ unsafe ScalarArithmetic.isNonzeroAndCanonical($0.bytes) }) else {
            return nil
        }
        self.bytes = bytes
    }

    /// Hashes a secret message to a scalar: `hash_to_field` with L = 48 over `expand_message_xmd` with SHA-256.
    init(hashing message: SecretBytes, tag: [UInt8]) {
        unsafe self.init { scalar in
            unsafe message.withUnsafeBytes { unsafe ScalarArithmetic.hash($0, tag: tag, into: scalar) }
        }
    }

    /// A number that `fill` writes in canonical form over 32 zero bytes.
    init(fill: (UnsafeMutablePointer<UInt8>) -> Void) {
        bytes = unsafe SecretBytes(count: ScalarArithmetic.byteCount) { unsafe fill($0.bytes) }
    }

    /// Lends the encoding to a C function.
    func withBytes<R>(_ body: (UnsafePointer<UInt8>) -> R) -> R {
        unsafe bytes.withUnsafeBytes { unsafe body($0.bytes) }
    }

    /// The multiple of the generator: the public key, if this is a secret key.
    package var publicElement: GroupElement {
        unsafe withBytes { scalar in
            if unsafe ScalarArithmetic.isZero(scalar) { return .identity }
            var key = secp256k1_pubkey()
            let result = unsafe secp256k1_ec_pubkey_create(Libraries.shared.secp256k1, &key, scalar)
            precondition(result == 1, "a scalar is not below the group order")
            return .point(Point(key))
        }
    }

    /// Makes the number public: for shares and responses that are sent, where another secret masks it.
    func published() -> Scalar {
        unsafe withBytes { scalar in
            unsafe Scalar { unsafe $0.update(from: scalar, count: ScalarArithmetic.byteCount) }
        }
    }
}

extension SecretScalar {
    static func + (left: SecretScalar, right: SecretScalar) -> SecretScalar {
        unsafe SecretScalar { sum in
            unsafe left.withBytes { unsafe sum.update(from: $0, count: ScalarArithmetic.byteCount) }
            unsafe right.withBytes { unsafe ScalarArithmetic.add($0, to: sum) }
        }
    }

    static func * (left: SecretScalar, right: Scalar) -> SecretScalar {
        unsafe SecretScalar { product in
            unsafe left.withBytes { unsafe product.update(from: $0, count: ScalarArithmetic.byteCount) }
            unsafe right.withBytes { unsafe ScalarArithmetic.multiply(product, by: $0) }
        }
    }

    static prefix func - (scalar: SecretScalar) -> SecretScalar {
        unsafe SecretScalar { negated in
            unsafe scalar.withBytes { unsafe negated.update(from: $0, count: ScalarArithmetic.byteCount) }
            unsafe ScalarArithmetic.negate(negated)
        }
    }
}

/// Equality that takes the same time wherever the numbers differ.
extension SecretScalar: Equatable {}

/// Says that there is a secret, not which.
extension SecretScalar: CustomStringConvertible {
    package var description: String { bytes.description }
}
