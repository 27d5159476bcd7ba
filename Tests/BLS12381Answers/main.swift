// Answers questions about BLS12-381 that `scripts/check-bls` asks, one a line, so that other implementations can be asked
// the same: `OPERATION ARGUMENT...`, arguments and answers in hexadecimal, "-" for no bytes and for refusal.

import BLS12381
import Cryptography
import Primitives

struct Unanswerable: Error {}

/// Reads one argument as what an operation takes.
struct Arguments {
    private var words: ArraySlice<Substring>

    init(_ words: ArraySlice<Substring>) {
        self.words = words
    }

    var isEmpty: Bool { words.isEmpty }

    mutating func bytes() throws -> [UInt8] {
        guard let word = words.popFirst() else { throw Unanswerable() }
        if word == "-" { return [] }
        guard let bytes = Hex.decode(word) else { throw Unanswerable() }
        return bytes
    }

    mutating func scalar() throws -> Fr {
        guard let scalar = FrBytes(try bytes()).flatMap({ Fr($0) }) else { throw Unanswerable() }
        return scalar
    }

    mutating func secret() throws -> SecretFr {
        let bytes = try unsafe bytes().withUnsafeBytes { unsafe SecretBytes(copying: $0) }
        guard let scalar = SecretFr(bytes) else { throw Unanswerable() }
        return scalar
    }

    mutating func g1() throws -> G1? { G1Bytes(try bytes()).flatMap { G1($0) } }

    mutating func g2() throws -> G2? { G2Bytes(try bytes()).flatMap { G2($0) } }
}

func answer(_ operation: Substring, _ arguments: inout Arguments) throws -> String {
    switch operation {
    case "fr":
        let (a, b) = (try arguments.scalar(), try arguments.scalar())
        return [a + b, a - b, a * b, -a, a.inverted()].map { $0.bytes.hex }.joined()
    case "g1":
        guard let a = try arguments.g1(), let b = try arguments.g1() else { return "-" }
        let scalar = try arguments.scalar()
        return [a + b, a - b, a * scalar].map { $0.compressed.hex }.joined()
    case "g2":
        guard let a = try arguments.g2(), let b = try arguments.g2() else { return "-" }
        let scalar = try arguments.scalar()
        return [a + b, a - b, a * scalar].map { $0.compressed.hex }.joined()
    case "sum1":
        var terms: [(G1, Fr)] = []
        while !arguments.isEmpty {
            guard let point = try arguments.g1() else { return "-" }
            terms.append((point, try arguments.scalar()))
        }
        return G1.sum(terms.map { (element: $0.0, scalar: $0.1) }).compressed.hex
    case "sum2":
        var terms: [(G2, Fr)] = []
        while !arguments.isEmpty {
            guard let point = try arguments.g2() else { return "-" }
            terms.append((point, try arguments.scalar()))
        }
        return G2.sum(terms.map { (element: $0.0, scalar: $0.1) }).compressed.hex
    case "sign":
        guard let key = SecretKey(try arguments.secret()) else { return "-" }
        return key.publicKey.bytes.hex + key.sign(try arguments.bytes()).bytes.hex
    case "verify":
        let key = try arguments.g1().flatMap { PublicKey($0) }
        let signature = try arguments.g2().map { Signature($0) }
        guard let key, let signature else { return "-" }
        return signature.isValid(for: try arguments.bytes(), by: key) ? "1" : "0"
    default:
        throw Unanswerable()
    }
}

while let line = readLine() {
    let words = line.split(separator: " ")
    guard let operation = words.first else { throw Unanswerable() }
    var arguments = Arguments(words.dropFirst())
    print(try answer(operation, &arguments))
}
