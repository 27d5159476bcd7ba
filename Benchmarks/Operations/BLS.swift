import BLS12381
import Benchmark
import Cryptography

/// Holders of BLS keys and what they have signed.
private struct Signers: Sendable {
    let keys: [SecretKey]
    let publicKeys: [PublicKey]
    let message = [UInt8](repeating: 7, count: 32)
    let signature: BLS12381.Signature
    let signatureBytes: G2Bytes
    let keyBytes: G1Bytes
    let number = Fr(0xd201_0000_0001_0001).inverted()
    let shares: [(index: ShareIndex, element: G2)]
    let claims: [SignatureClaim]

    init() {
        var random = SystemRandom()
        let keys = (0..<100).map { _ in SecretKey(random: &random) }
        self.keys = keys
        publicKeys = keys.map(\.publicKey)
        signature = keys[0].sign(message)
        signatureBytes = signature.bytes
        keyBytes = publicKeys[0].bytes
        let message = message
        shares = keys.enumerated().compactMap { index, key in
            ShareIndex(UInt64(index + 1)).map { (index: $0, element: key.sign(message).element) }
        }
        claims = keys.prefix(64).enumerated().map { index, key in
            SignatureClaim(message: [UInt8(index)], key: key.publicKey, signature: key.sign([UInt8(index)]))
        }
    }
}

/// What holders of a BLS key and their verifiers do.
func bls() {
    measure("BLS: sign", on: { Signers() }) { blackHole($0.keys[0].sign($0.message)) }
    measure("BLS: verify, key and signature decoded", on: { Signers() }) { signers in
        guard signers.signature.isValid(for: signers.message, by: signers.publicKeys[0]) else {
            throw Wrong()
        }
    }
    measure("BLS: decode a signature", on: { Signers() }) { signers in
        guard BLS12381.Signature(signers.signatureBytes) != nil else { throw Wrong() }
    }
    measure("BLS: decode a public key", on: { Signers() }) { signers in
        guard PublicKey(signers.keyBytes) != nil else { throw Wrong() }
    }
    measure("BLS: multiply in G1, secret", on: { Signers() }) { blackHole($0.keys[0].scalar.publicElement) }
    measure("BLS: multiply in G1", on: { Signers() }) { blackHole($0.publicKeys[0].element * $0.number) }
    measure("BLS: multiply in G2", on: { Signers() }) { blackHole($0.signature.element * $0.number) }
    measure("BLS: interpolate 100 signature shares", on: { Signers() }) {
        blackHole(G2.interpolate($0.shares))
    }
    measure("BLS: verify a batch of 64 messages", on: { Signers() }) { signers in
        var random = SystemRandom()
        guard SignatureClaim.areValid(signers.claims, random: &random) else { throw Wrong() }
    }
}
