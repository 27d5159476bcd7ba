import BLS12381
import Cryptography

/// What holders of a BLS key and their verifiers do.
@Sendable
func bls() throws -> [Figure] {
    var random = SystemRandom()
    let keys = (0..<100).map { _ in SecretKey(random: &random) }
    let publicKeys = keys.map(\.publicKey)
    let message = [UInt8](repeating: 7, count: 32)
    let signature = keys[0].sign(message)
    let bytes = signature.bytes
    let number = Fr(0xd201_0000_0001_0001).inverted()
    let shares = try keys.enumerated().map { index, key in
        guard let index = ShareIndex(UInt64(index + 1)) else { throw NoLink() }
        return (index: index, element: key.sign(message).element)
    }
    let claims = zip(keys, publicKeys).prefix(64).enumerated().map { index, key in
        SignatureClaim(message: [UInt8(index)], key: key.1, signature: key.0.sign([UInt8(index)]))
    }
    let rows: [(String, () -> Void)] = [
        ("sign", { _ = keys[0].sign(message) }),
        ("verify, key and signature decoded", { _ = signature.isValid(for: message, by: publicKeys[0]) }),
        (
            "verify a message that 64 have signed",
            { _ = signature.isValid(for: message, byAll: Array(publicKeys.prefix(64))) }
        ),
        ("decode a signature", { _ = Signature(bytes) }),
        ("decode a public key", { _ = PublicKey(publicKeys[0].bytes) }),
        ("multiply in G1, secret", { _ = keys[0].scalar.publicElement }),
        ("multiply in G1", { _ = publicKeys[0].element * number }),
        ("multiply in G2", { _ = signature.element * number }),
        ("interpolate 100 signature shares", { _ = G2.interpolate(shares) }),
    ]
    var figures = rows.map { name, body in Figure(name: "BLS: " + name, value: medianTime(of: body).shown) }
    let batch = medianTime(batches: 5) { _ = SignatureClaim.areValid(claims, random: &random) }
    figures.append(Figure(name: "BLS: verify one of a batch of 64 messages", value: (batch / 64).shown))
    return figures
}
