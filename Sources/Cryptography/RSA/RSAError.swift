/// Why an RSA key is not taken, or why it cannot do what it is asked.
package enum RSAError: Error, Hashable, Sendable, CustomStringConvertible {
    /// The text is not base64 of something.
    case base64
    /// The text is not one PEM block with a label of such keys.
    case pem
    /// The block holds no RSA key, or not in its one DER encoding.
    case encoding
    /// The modulus has so many bits, not 2,048.
    case size(bits: Int)
    /// The public exponent is not 65,537.
    case exponent
    /// The private key is not consistent in itself.
    case inconsistent
    /// The message has more bytes than fit beside the padding, or none.
    case length(Int)
    /// Encrypting failed within libcrypto.
    case encryption
    /// The ciphertext is not one for this key.
    case decryption
    /// Making a key failed within libcrypto.
    case making

    package var description: String {
        switch self {
        case .base64: "the key is not base64; copy it whole, as the network shows it"
        case .pem:
            "the key is not one PEM block of an RSA key; copy it whole, with its first and last line"
        case .encoding:
            "the PEM block holds no RSA key that can be read; make a new one with the operator's tool"
        case .size(let bits): "the key has \(bits) bits instead of 2048; make one of 2048 bits"
        case .exponent: "the key's public exponent is not 65537; make a new key with the operator's tool"
        case .inconsistent: "the private key does not fit together; restore it from a backup"
        case .length(let count): "\(count) bytes cannot be encrypted under a key of 2048 bits; 1 to 245 can"
        case .encryption: "libcrypto could not encrypt; check the system's libssl"
        case .making: "libcrypto could not make a key; check the system's libssl"
        case .decryption: "it was not encrypted for this key; check that it is this operator's"
        }
    }
}
