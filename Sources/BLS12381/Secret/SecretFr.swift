package import Cryptography

/// A secret number modulo r: a handle to 32 bytes of locked memory.
///
/// Whatever is computed with it runs in time that does not depend on it, and is wiped from the stack afterwards.
package struct SecretFr: Sendable, Equatable {
    /// The canonical big-endian encoding.
    package let bytes: SecretBytes

    /// A uniformly random number.
    package init(random: inout some SecureRandom) {
        // 48 bytes, so that reduction leaves no bias that could be seen (as RFC 9380, section 5).
        self.init(reducing: SecretBytes(count: 48, random: &random))
    }

    /// Takes an encoding, or answers `nil` when it has not 32 bytes or its number is not below r.
    package init?(_ bytes: SecretBytes) {
        guard bytes.count == 32 else { return nil }
        let isCanonical = SecretWork.run {
            unsafe bytes.withUnsafeBytes { Words<4>.subtract(unsafe .decode($0), Fr.modulus).borrow == 1 }
        }
        guard isCanonical else { return nil }
        self.bytes = bytes
    }

    /// A number that is public.
    package init(_ number: Fr) {
        self.init { number }
    }

    /// The big-endian number, of at most 48 bytes, modulo r.
    init(reducing wide: SecretBytes) {
        self.init {
            unsafe wide.withUnsafeBytes {
                let number = unsafe Words<6>.decode($0)
                return Fr(
                    reducing: [number[0], number[1], number[2], number[3]],
                    high: [number[4], number[5], 0, 0]
                )
            }
        }
    }

    /// What a computation on secrets results in.
    init(_ computation: () -> Fr) {
        bytes = unsafe SecretBytes(count: 32) { buffer in
            SecretWork.run {
                let number = computation().number
                for index in 0..<32 { unsafe buffer[index] = number.byte(31 - index) }
            }
        }
    }

    /// The number, for use within ``SecretWork/run(_:)`` only.
    var value: Fr {
        unsafe bytes.withUnsafeBytes { Fr(words: Fr.arithmetic.multiply(unsafe .decode($0), Fr.square)) }
    }

    /// Whether the number is 0, which is taken to be public.
    var isZero: Bool {
        SecretWork.run { value.isZero.isTrue }
    }

    /// Hashes a secret message: `hash_to_field` with L = 48 over `expand_message_xmd` with SHA-256.
    init(hashing message: SecretBytes, tag: [UInt8]) {
        let wide = unsafe SecretBytes(count: 48) { wide in
            unsafe message.withUnsafeBytes { unsafe MessageExpansion.expand($0, tag: tag, into: wide) }
        }
        self.init(reducing: wide)
    }

    /// Makes the number public: for what another secret masks.
    func published() -> Fr { SecretWork.run { value } }

    /// The multiple of an element in compressed form, still secret; the number is not 0.
    ///
    /// Written number by number: an array of bytes would lie outside the memory that is wiped.
    func shared(with element: G1) -> SecretBytes {
        unsafe SecretBytes(count: 48) { buffer in
            SecretWork.run {
                let digits = CurveParameter.digits(of: value.number)
                let (x, y) = element.point.multiplied(byDigits: digits).coordinates
                let number = x.number
                for index in 0..<48 { unsafe buffer[index] = number.byte(47 - index) }
                // Compressed, and which root y is; never the identity.
                unsafe buffer[0] |= 0x80 | UInt8(truncatingIfNeeded: y.isLarge.mask & 0x20)
            }
        }
    }

    /// The multiple of a point, published.
    func published<C>(times point: Point<C>) -> Point<C> {
        SecretWork.run { point.multiplied(byDigits: CurveParameter.digits(of: value.number)).normalized }
    }

    /// The multiple of G1's generator: a public key, if this is a secret key, or a commitment.
    package var publicElement: G1 { G1(published(times: .generator)) }
}

extension SecretFr {
    /// The sum modulo r.
    package static func + (left: SecretFr, right: SecretFr) -> SecretFr {
        SecretFr { left.value + right.value }
    }

    /// The product with a public number, modulo r.
    package static func * (left: SecretFr, right: Fr) -> SecretFr {
        SecretFr { left.value * right }
    }

    /// r minus the number, or 0 for 0.
    package static prefix func - (number: SecretFr) -> SecretFr {
        SecretFr { -number.value }
    }
}

/// Says that there is a secret, not which.
extension SecretFr: CustomStringConvertible {
    package var description: String { bytes.description }
}
