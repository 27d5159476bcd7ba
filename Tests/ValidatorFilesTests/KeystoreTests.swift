import BLS12381
import Cryptography
import Foundation
import KeyOperations
import Primitives
import TestSupport
import Testing

@testable import ValidatorFiles

/// Keystores and exits, against the deposit tool's own code and the vectors of EIP-2335.
@Suite struct KeystoreTests {
    struct Fixtures: Decodable {
        struct Sealed: Decodable {
            let name, text, password, secret: String
        }
        struct Prepared: Decodable {
            let text, prepared: String
        }
        struct Exit: Decodable {
            let network, publicKey, text, compact, wrapped, escrow: String

            func key() throws -> PublicKey { try #require(G1Bytes(hex: publicKey).flatMap { PublicKey($0) }) }
            func chain() throws -> BeaconNetwork {
                try #require(KnownNetworks().networks.first { $0.name == network })
            }
        }
        let keystores: [Sealed]
        let `operator`: String
        let passwords: [Prepared]
        let exits: [Exit]

        static func load() throws -> Fixtures { try Fixture.load("validator-files/keystores.json") }
    }

    static let password = "𝔱𝔢𝔰𝔱𝔭𝔞𝔰𝔰𝔴𝔬𝔯𝔡🔑"

    static func password(_ text: String) throws -> KeystorePassword {
        try KeystorePassword(secretBytes(Array(text.utf8)))
    }

    @Test func `a keystore is opened with its password only, and written again byte for byte`() throws {
        for item in try Fixtures.load().keystores {
            let keystore = try Keystore(Array(item.text.utf8))
            let secret = secretBytes(try #require(Hex.decode(item.secret)))
            let password = try Self.password(item.password)
            #expect(try keystore.open(password) == secret, "\(item.name)")
            #expect(String(decoding: keystore.encoded(), as: UTF8.self) == item.text)
            let again = try Keystore(
                secret,
                password: password,
                derivation: keystore.derivation,
                counter: keystore.counter,
                label: keystore.label
            )
            #expect(again == keystore)
            if !item.name.hasPrefix("EIP") {
                let fault = #expect(throws: FileFault.self) {
                    try keystore.open(Self.password(item.password + "!"))
                }
                #expect(fault?.place == "crypto.checksum.message")
            }
        }
    }

    @Test func `what is recommended is what EIP-2335's vectors use`() throws {
        let keystores = try Fixtures.load().keystores.prefix(2).map { try Keystore(Array($0.text.utf8)) }
        let salt = try #require(
            Hex.decode("d4e56740f876aef8c010b86a40d5f56745a118d0906a34e69aec8c0db1cb8fa3")
        )
        #expect(keystores.map(\.derivation) == [Keystore.scrypt(salt: salt), Keystore.pbkdf2(salt: salt)])
    }

    @Test func `a password is decomposed and loses its control characters`() throws {
        let passwords = try Fixtures.load().passwords
        #expect(passwords.count >= 12)
        for item in passwords {
            let text = secretBytes(try #require(Hex.decode(item.text)))
            #expect(
                try KeystorePassword(text).bytes == secretBytes(try #require(Hex.decode(item.prepared))),
                "\(item.text)"
            )
        }
        for bytes in [[1, 2, 0x7F], [0xFF], [UInt8](repeating: 0x61, count: 1_025), [0xC2, 0x80]] as [[UInt8]]
        {
            #expect(throws: FileFault.self) { try KeystorePassword(secretBytes(bytes)) }
        }
    }

    @Test func `a keystore that is altered or asks for too much is refused where it is wrong`() throws {
        let text = try Fixtures.load().keystores[2].text
        let changes = [
            ("\"n\": 16", "\"n\": 4294967296", "crypto.kdf.params.n"),
            ("\"dklen\": 32", "\"dklen\": 16", "crypto.kdf.params.dklen"),
            ("\"scrypt\"", "\"argon2\"", "crypto.kdf.function"),
            ("\"sha256\"", "\"sha512\"", "crypto.checksum.function"),
            ("\"aes-128-ctr\"", "\"aes-256-ctr\"", "crypto.cipher.function"),
            ("\"iv\": \"26", "\"iv\": \"2626", "crypto.cipher.params.iv"),
            ("\"version\": 4", "\"version\": 3", "version"),
            ("\"salt\": \"01\"", "\"salt\": \"\"", "crypto.kdf.params.salt"),
            ("\"uuid\"", "\"name\": \"x\", \"more\": 1, \"uuid\"", ""),
        ]
        for (old, new, place) in changes {
            #expect(text.contains(old))
            let fault = #expect(throws: FileFault.self) {
                try Keystore(Array(text.replacing(old, with: new).utf8))
            }
            #expect(fault?.place == place)
        }
        for (old, new) in [
            ("\"n\": 16", "\"n\": 8388608"), ("\"n\": 16", "\"n\": 17"), ("\"r\": 4", "\"r\": 0"),
        ] {
            let keystore = try Keystore(Array(text.replacing(old, with: new).utf8))
            let fault = #expect(throws: FileFault.self) { try keystore.open(Self.password("x")) }
            #expect(fault?.place == "crypto.kdf.params")
        }
        var altered = try Keystore(Array(text.utf8))
        altered.ciphertext[3] ^= 1
        #expect(throws: FileFault.self) { try altered.open(Self.password("x")) }
    }

    @Test func `an operator's key is read from PEM and from under a password`() throws {
        let fixtures = try Fixtures.load()
        let pem: SSVTests.PrivateKeys = try Fixture.load("validator-files/rsa.json")
        let plain = secretBytes(Array(pem.keys[0].private.utf8))
        let file = secretBytes(Array(fixtures.operator.utf8))
        let key = try OperatorKeyFile.read(plain, password: nil)
        #expect(
            try OperatorKeyFile.read(file, password: Self.password("operator")).publicKey == key.publicKey
        )
        #expect(throws: FileFault.self) { try OperatorKeyFile.read(file, password: nil) }
        #expect(throws: FileFault.self) { try OperatorKeyFile.read(file, password: Self.password("other")) }
        #expect(throws: FileFault.self) {
            try OperatorKeyFile.read(secretBytes([0x7B]), password: Self.password("x"))
        }
        #expect(throws: FileFault.self) { try OperatorKeyFile.read(secretBytes([0x2D]), password: nil) }
    }

    @Test func `an exit is read in every form, found good and written again byte for byte`() throws {
        for item in try Fixtures.load().exits {
            let plain = try SignedExit(Array(item.text.utf8))
            let wrapped = try SignedExit(Array(item.wrapped.utf8))
            #expect(plain.encoded(.spaced) == Array(item.text.utf8))
            #expect(plain.encoded() == Array((item.compact + "\n").utf8))
            #expect(wrapped.encoded() == Array((item.wrapped + "\n").utf8))
            #expect(wrapped.exit == plain.exit && wrapped.signature == plain.signature)
            for exit in [plain, wrapped] {
                #expect(try exit.fault(on: item.chain(), by: item.key()) == nil)
                let key = try item.key().bytes
                let report = ValidatorFile.recognise(exit.encoded(), keys: [key])
                #expect(report.isGood && report.lines[1].contains(item.network), "\(report.lines)")
                #expect(!ValidatorFile.recognise(exit.encoded()).isGood, "nobody knows whose it is")
            }
        }
    }

    @Test func `an exit for another validator, epoch, network or fork is refused`() throws {
        let items = try Fixtures.load().exits
        let chain = try items[0].chain()
        let key = try items[0].key()
        let good = try SignedExit(Array(items[0].wrapped.utf8))
        var changes = [SignedExit](repeating: good, count: 4)
        changes[0].exit.epoch += 1
        changes[1].exit.validatorIndex += 1
        changes[2].signature = try SignedExit(Array(items[1].text.utf8)).signature
        changes[3].forkVersion = chain.genesisForkVersion
        for changed in changes { #expect(changed.fault(on: chain, by: key) != nil) }
        #expect(try good.fault(on: chain, by: items[1].key()) != nil)
        #expect(try good.fault(on: items[1].chain(), by: key) != nil)
        var bare = good
        bare.forkVersion = nil
        #expect(try bare.fault(on: items[1].chain(), by: key) != nil)
        let text = items[0].compact
        for changed in [
            text.replacing("\"256\"", with: "256"), text.replacing("\"256\"", with: "\"0256\""),
            text.replacing("\"256\"", with: "\"+256\""), text.replacing("\"0x", with: "\""),
            text.replacing("epoch", with: "slot"), text + ",",
        ] {
            #expect(throws: FileFault.self) { try SignedExit(Array(changed.utf8)) }
        }
    }

    @Test func `an escrowed exit is what the deposit tool's code makes of the same exit`() throws {
        for item in try Fixtures.load().exits {
            let keystore = try Keystore(Array(item.escrow.utf8))
            let password = try Self.password(Self.password)
            let exit = try EscrowedExit.open(keystore, password)
            #expect(exit == (try SignedExit(Array(item.text.utf8))))
            let sealed = try EscrowedExit.seal(
                exit,
                password: password,
                derivation: keystore.derivation,
                counter: keystore.counter,
                uuid: try #require(keystore.label?.uuid)
            )
            #expect(sealed.encoded() == Array(item.escrow.utf8))
            #expect(throws: FileFault.self) { try EscrowedExit.open(keystore, Self.password("other")) }
            let report = ValidatorFile.recognise(Array(item.escrow.utf8))
            #expect(report.isGood && report.kind == "keystore")
        }
        let other = try Keystore(Array(try Fixtures.load().keystores[2].text.utf8))
        #expect(throws: FileFault.self, "a key is no exit") {
            try EscrowedExit.open(other, Self.password("x"))
        }
    }
}
