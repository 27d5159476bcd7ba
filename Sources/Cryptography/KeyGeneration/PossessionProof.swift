internal import CSecp256k1
package import Primitives

/// Tells proofs of possession from other strings of 64 bytes.
package enum PossessionProofTag {}

/// A BIP-340 signature by which somebody shows that it knows the secret of a public point.
package typealias PossessionProof = FixedBytes<PossessionProofTag, 64>

extension PossessionProof {
    /// Proves knowledge of `secret` under a message that says who proves it, where and for what.
    ///
    /// BIP-340 knows points by x alone and signs with the secret or its negative; knowing one is knowing the other.
    init(of secret: SecretScalar, message: Digest, random: inout some SecureRandom) {
        let context = unsafe Libraries.shared.secp256k1
        let auxiliary = SecretBytes(count: 32, random: &random)
        self.init()
        let result = unsafe withUnsafeMutableBytes { signature -> Int32 in
            var status: Int32 = 0
            let size = MemoryLayout<secp256k1_keypair>.size
            // The key pair contains the secret: it lives and is wiped in locked memory.
            _ = unsafe SecretBytes(count: size) { scratch in
                let pair = unsafe scratch.bytes.withMemoryRebound(to: secp256k1_keypair.self, capacity: 1) {
                    unsafe $0
                }
                let created = unsafe secret.withBytes { unsafe secp256k1_keypair_create(context, pair, $0) }
                precondition(created == 1, "a zero scalar is nobody's secret")
                status = unsafe message.withUnsafeBytes { message in
                    unsafe auxiliary.withUnsafeBytes { auxiliary in
                        unsafe secp256k1_schnorrsig_sign32(
                            context,
                            signature.bytes,
                            message.bytes,
                            pair,
                            auxiliary.bytes
                        )
                    }
                }
            }
            return status
        }
        precondition(result == 1, "libsecp256k1 signs with every key pair")
    }

    /// Whether this proves that the message's author knows the secret of `point` (or of its negative).
    func isValid(for point: Point, message: Digest) -> Bool {
        let context = unsafe Libraries.shared.secp256k1
        var key = secp256k1_xonly_pubkey()
        let converted = unsafe withUnsafePointer(to: point.key) { point in
            unsafe secp256k1_xonly_pubkey_from_pubkey(context, &key, nil, point)
        }
        precondition(converted == 1, "every point has an x coordinate")
        return unsafe withUnsafeBytes { signature in
            unsafe message.withUnsafeBytes { message in
                unsafe secp256k1_schnorrsig_verify(context, signature.bytes, message.bytes, 32, &key) == 1
            }
        }
    }
}
