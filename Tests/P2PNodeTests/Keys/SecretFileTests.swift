import Cryptography
import Foundation
import Primitives
import SystemPackage
import Testing

@testable import P2PNode

@Suite struct SecretFileTests {
    private let directory: TemporaryDirectory
    private let file: FilePath

    init() throws {
        directory = try TemporaryDirectory()
        file = directory.path.appending("secret")
    }

    private func write(_ bytes: [UInt8], permissions: Int = 0o600) throws {
        try Data(bytes).write(to: URL(filePath: file.string))
        try FileManager.default.setAttributes([.posixPermissions: permissions], ofItemAtPath: file.string)
    }

    @Test(
        arguments: zip(
            ["words", "words\n", "words\r\n", " words ", "words\n\n"],
            ["words", "words", "words", " words ", "words\n"]
        )
    )
    func `takes a passphrase without one line break at its end`(_ content: String, _ passphrase: String)
        throws
    {
        try write(Array(content.utf8))
        #expect(try SecretFile.passphrase(file) == secret(passphrase))
    }

    @Test(arguments: ["", "\n", "\r\n"])
    func `refuses an empty passphrase`(_ content: String) throws {
        try write(Array(content.utf8))
        #expect(throws: KeyError.empty(file.string)) { try SecretFile.passphrase(file) }
    }

    @Test func `refuses a passphrase beyond its limit`() throws {
        try write([UInt8](repeating: 65, count: SecretFile.passphraseLimit + 3))
        #expect(throws: KeyError.tooLong(file.string, limit: SecretFile.passphraseLimit + 2)) {
            try SecretFile.passphrase(file)
        }
    }

    @Test(arguments: [0o640, 0o604, 0o660, 0o777])
    func `refuses a file that others may read`(_ permissions: Int) throws {
        try write([65], permissions: permissions)
        #expect(throws: KeyError.open(file.string)) { try SecretFile.passphrase(file) }
    }

    @Test func `says that a file is missing, or no file`() {
        #expect(throws: KeyError.missing(file.string)) { try SecretFile.passphrase(file) }
        #expect(throws: KeyError.self) { try SecretFile.passphrase(directory.path) }
    }

    @Test func `takes a key of 32 bytes only`() throws {
        let key = (0..<32).map { UInt8($0) }
        try write(key)
        #expect(try SecretFile.key(file) == secret(key))
        try write(Array(key.dropLast()))
        #expect(throws: KeyError.sealing(file.string, .keyFileLength(31))) { try SecretFile.key(file) }
        try write(key + [0])
        #expect(throws: KeyError.tooLong(file.string, limit: 32)) { try SecretFile.key(file) }
    }

    @Test func `makes a key file once`() throws {
        var random = SystemRandom()
        let key = try SecretFile.makeKey(file, random: &random)
        #expect(try SecretFile.key(file) == key)
        #expect(try mode(of: file) == .ownerReadWrite)
        #expect(throws: KeyError.file(file.string, "File exists")) {
            try SecretFile.makeKey(file, random: &random)
        }
        #expect(try SecretFile.key(file) == key)
    }

    @Test(arguments: ["", "0x"], ["", "\n"])
    func `takes an account key in hexadecimal`(_ prefix: String, _ end: String) throws {
        let digits = "0123456789abcdefABCDEF00112233445566778899aabbccddeeff0123456789"
        try write(Array((prefix + digits + end).utf8))
        #expect(try SecretFile.account(file) == secret(Hex.decode(digits)!))
    }

    @Test(
        arguments: [
            String(repeating: "0", count: 64), String(repeating: "f", count: 64),
            String(repeating: "1", count: 63),
            "1x" + String(repeating: "1", count: 64), "0y" + String(repeating: "1", count: 64), "key",
        ]
    )
    func `refuses what is no account key`(_ content: String) throws {
        try write(Array(content.utf8))
        #expect(throws: KeyError.notAnAccount(file.string)) { try SecretFile.account(file) }
    }

    @Test func `reads exactly the hexadecimal digits`() {
        for character in UInt8.min...UInt8.max {
            for position in [0, 63] {
                var text = [UInt8](repeating: UInt8(ascii: "5"), count: 64)
                text[position] = character
                let expected = Hex.decode(String(decoding: text, as: UTF8.self)).map { secret($0) }
                #expect(SecretHex.decode(secret(text)) == expected, "\(character) at \(position)")
            }
        }
    }
}
