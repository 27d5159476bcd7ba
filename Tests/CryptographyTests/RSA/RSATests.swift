import Primitives
import TestSupport
import Testing

@testable import Cryptography

/// Operators' RSA keys, against pyca/cryptography.
@Suite struct RSATests {
    struct Fixtures: Decodable {
        struct Key: Decodable {
            let `private`, operatorKey: String
        }
        struct Signed: Decodable {
            let salt: Int
            let signature: String
        }
        let keys: [Key]
        let pkcs8, locked, small, smallPrivate, odd, message, plaintext, ciphertext: String
        let signatures: [Signed]

        static func load() throws -> Fixtures { try Fixture.load("validator-files/rsa.json") }

        func privateKey(_ index: Int = 0) throws -> RSAPrivateKey {
            try RSAPrivateKey(pem: secret(keys[index].private))
        }
    }

    static func secret(_ text: String) -> SecretBytes {
        unsafe Array(text.utf8).withUnsafeBytes { unsafe SecretBytes(copying: $0) }
    }

    @Test func `an operator's key is read from SSV's text, and a private key gives the same text`() throws {
        let fixtures = try Fixtures.load()
        for (index, key) in fixtures.keys.enumerated() {
            let publicKey = try RSAPublicKey(operatorKey: key.operatorKey)
            let privateKey = try fixtures.privateKey(index)
            #expect(privateKey.publicKey == publicKey)
            #expect(privateKey.publicKey.operatorKey == key.operatorKey)
        }
        #expect(
            try RSAPrivateKey(pem: Self.secret(fixtures.pkcs8)).publicKey.operatorKey
                == fixtures.keys[0].operatorKey
        )
    }

    @Test func `what another program encrypted is opened, and what we encrypt is opened by its key only`()
        throws
    {
        let fixtures = try Fixtures.load()
        let key = try fixtures.privateKey()
        let plaintext = Self.secret(fixtures.plaintext)
        #expect(try key.decrypt(try #require(Hex.decode(fixtures.ciphertext))) == plaintext)
        let first = try key.publicKey.encrypt(plaintext)
        #expect(try first != key.publicKey.encrypt(plaintext), "the padding is random")
        #expect(try key.decrypt(first) == plaintext)
        let stranger = try? fixtures.privateKey(1).decrypt(first)
        #expect(stranger != plaintext)
        #expect(throws: RSAError.decryption) { try key.decrypt(Array(first.dropLast())) }
        let long = Self.secret(String(repeating: "a", count: 246))
        #expect(throws: RSAError.length(246)) { try key.publicKey.encrypt(long) }
    }

    @Test func `a signature is valid with any salt, for its message and key only`() throws {
        let fixtures = try Fixtures.load()
        let key = try RSAPublicKey(operatorKey: fixtures.keys[0].operatorKey)
        let other = try RSAPublicKey(operatorKey: fixtures.keys[1].operatorKey)
        let message = try #require(Hex.decode(fixtures.message))
        #expect(fixtures.signatures.map(\.salt) == [0, 32, 222])
        for item in fixtures.signatures {
            let signature = try #require(Hex.decode(item.signature))
            #expect(key.isValid(signature, of: message))
            #expect(!key.isValid(signature, of: message + [0]))
            #expect(!key.isValid(signature, of: []))
            #expect(!other.isValid(signature, of: message))
            var altered = signature
            altered[100] ^= 1
            #expect(!key.isValid(altered, of: message))
            #expect(!key.isValid(Array(signature.dropLast()), of: message))
        }
    }

    @Test func `keys that are unfit are refused by what is wrong with them`() throws {
        let fixtures = try Fixtures.load()
        let text = fixtures.keys[0].operatorKey
        #expect(throws: RSAError.size(bits: 1_024)) { try RSAPublicKey(operatorKey: fixtures.small) }
        #expect(throws: RSAError.size(bits: 1_024)) {
            try RSAPrivateKey(pem: Self.secret(fixtures.smallPrivate))
        }
        #expect(throws: RSAError.exponent) { try RSAPublicKey(operatorKey: fixtures.odd) }
        #expect(throws: RSAError.pem) { try RSAPublicKey(operatorKey: "") }
        #expect(throws: RSAError.base64) { try RSAPublicKey(operatorKey: "?" + text.dropFirst()) }
        #expect(throws: RSAError.base64) {
            try RSAPublicKey(operatorKey: String(repeating: "A", count: 1_028))
        }
        #expect(throws: RSAError.pem) { try RSAPublicKey(operatorKey: Base64.encode(Array("key".utf8))) }
        let pem = String(decoding: try #require(Base64.decode(text)), as: UTF8.self)
        for changed in [pem.replacing("BEGIN RSA", with: "BEGIN DSA"), pem + "more\n"] {
            #expect(throws: RSAError.pem) {
                try RSAPublicKey(operatorKey: Base64.encode(Array(changed.utf8)))
            }
        }
        let encoding = try RSAPublicKey(operatorKey: text).encoding
        #expect(throws: RSAError.encoding) { try RSAPublicKey(encoding: encoding + [0]) }
        #expect(throws: RSAError.encoding) { try RSAPublicKey(encoding: Array(encoding.dropLast())) }
        #expect(throws: RSAError.pem) { try RSAPrivateKey(pem: Self.secret(fixtures.locked)) }
        #expect(throws: RSAError.pem) { try RSAPrivateKey(pem: Self.secret(pem)) }
    }

    @Test func `a private key whose parts do not fit together is refused`() throws {
        let pem = try Fixtures.load().keys[0].private
        var lines = pem.split(separator: "\n").map { String($0) }
        var der = try #require(Base64.decode(lines[1..<lines.count - 1].joined()))
        der[der.count - 40] ^= 1
        lines[1..<lines.count - 1] = [Base64.encode(der)]
        // Lines of a PEM block have at most 64 digits.
        let digits = Array(lines[1])
        let body = stride(from: 0, to: digits.count, by: 64).map {
            String(digits[$0..<min($0 + 64, digits.count)])
        }
        let changed = ([lines[0]] + body + [lines[lines.count - 1]]).joined(separator: "\n") + "\n"
        #expect(throws: RSAError.inconsistent) { try RSAPrivateKey(pem: Self.secret(changed)) }
    }

    @Test func `descriptions show no private key`() throws {
        let key = try Fixtures.load().privateKey()
        #expect("\(key)" == "private part of \(key.publicKey)")
    }
}

/// What keystores make of a password, against the test vectors of RFC 7914.
@Suite struct PasswordKeyTests {
    @Test func `scrypt and PBKDF2 refuse numbers that would cost too much or are none`() {
        let password = RSATests.secret("password")
        for (n, r, p) in [
            (3, 8, 1), (1, 8, 1), (0, 8, 1), (16, 0, 1), (16, 8, 0), (1 << 22, 2, 1), (1 << 20, 8, 1),
            (1 << 14, 8, 64), (-2, 8, 1),
        ] {
            #expect(PasswordKey(password: password, salt: [1], n: n, r: r, p: p) == nil, "\(n) \(r) \(p)")
        }
        #expect(PasswordKey(password: password, salt: [], n: 16, r: 8, p: 1) == nil)
        #expect(PasswordKey(password: password, salt: [1], n: 16, r: 8, p: 1) != nil)
        for rounds in [0, -1, PasswordKey.mostRounds + 1] {
            #expect(PasswordKey(password: password, salt: [1], rounds: rounds) == nil)
        }
        #expect(PasswordKey(password: password, salt: [1], rounds: 1) != nil)
    }

    @Test func `what is encrypted is opened by the same password, salt and counter only`() throws {
        let secret = RSATests.secret("a secret of some length that is not a multiple of 16")
        let key = try #require(PasswordKey(password: RSATests.secret("one"), salt: [1], rounds: 2))
        let same = try #require(PasswordKey(password: RSATests.secret("one"), salt: [1], rounds: 2))
        let other = try #require(PasswordKey(password: RSATests.secret("two"), salt: [1], rounds: 2))
        let counter = [UInt8](repeating: 7, count: 16)
        let ciphertext = try #require(key.encrypt(secret, counter: counter))
        #expect(same.decrypt(ciphertext, counter: counter) == secret)
        #expect(other.decrypt(ciphertext, counter: counter) != secret)
        #expect(same.checksum(of: ciphertext) == key.checksum(of: ciphertext))
        #expect(other.checksum(of: ciphertext) != key.checksum(of: ciphertext))
        #expect(key.encrypt(secret, counter: [0]) == nil)
        #expect(key.decrypt([], counter: counter) == nil)
    }
}
