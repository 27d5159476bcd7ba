import BLS12381
import Cryptography
import FuzzDriver
import Primitives

/// Whatever decodes has that one encoding, and can be computed with; signatures of it are refused, not trapped over.
func fuzzBLS(_ input: [UInt8]) {
    guard let (selector, bytes) = selected(input), bytes.count <= 1_024 else { return }
    switch selector % 4 {
    case 0: checkG1(bytes)
    case 1: checkG2(bytes)
    case 2: checkScalar(bytes)
    default: checkSignature(bytes)
    }
}

private func checkG1(_ bytes: [UInt8]) {
    guard let encoded = G1Bytes(bytes), let element = G1(encoded) else { return }
    precondition(element.compressed == encoded, "a point of G1 has two encodings")
    precondition(element * -Fr.one == -element, "a point outside G1 was decoded")
    precondition((PublicKey(element) == nil) == element.isIdentity, "the identity is a key")
}

private func checkG2(_ bytes: [UInt8]) {
    guard let encoded = G2Bytes(bytes), let element = G2(encoded) else { return }
    precondition(element.compressed == encoded, "a point of G2 has two encodings")
    precondition(element * -Fr.one == -element, "a point outside G2 was decoded")
}

private func checkScalar(_ bytes: [UInt8]) {
    let scalar = FrBytes(bytes).flatMap { Fr($0) }
    precondition(
        (secretScalar(bytes) != nil) == (scalar != nil),
        "a number is canonical only where it is public"
    )
    guard let scalar else { return }
    precondition(scalar.bytes.array == bytes, "a number has two encodings")
    precondition(scalar == .zero || scalar * scalar.inverted() == .one, "a number has no inverse")
}

private func secretScalar(_ bytes: [UInt8]) -> SecretFr? {
    guard !bytes.isEmpty else { return nil }
    return SecretFr(unsafe bytes.withUnsafeBytes { unsafe SecretBytes(copying: $0) })
}

private func checkSignature(_ bytes: [UInt8]) {
    guard let key = G1Bytes(bytes.prefix(48)).flatMap({ PublicKey($0) }),
        let signature = G2Bytes(bytes.dropFirst(48).prefix(96)).flatMap({ Signature($0) })
    else { return }
    _ = signature.isValid(for: Array(bytes.dropFirst(144)), by: key)
}
