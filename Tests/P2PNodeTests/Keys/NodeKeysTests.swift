import Cryptography
import Ethereum
import Foundation
import Primitives
import SystemPackage
import Testing

@testable import P2PNode

@Suite struct NodeKeysTests {
    private let directory: TemporaryDirectory
    private let data: DataDirectory
    private let endpoint = Endpoint("oracle1.example.org:9100")!
    private let passphrase = SealingKey.passphrase(secret("correct horse"))
    private let cost = PassphraseCost(passes: 1, memoryKiB: 64)!

    init() throws {
        directory = try TemporaryDirectory()
        data = try directory.data
    }

    private func create(account: SecretBytes? = nil, protection: SealingKey? = nil) throws -> MemberCard {
        var random = SystemRandom()
        return try NodeKeys.create(
            in: data,
            protection: protection ?? passphrase,
            account: account,
            endpoint: endpoint,
            cost: cost,
            random: &random
        )
    }

    private func expectFailure(_ protection: SealingKey, _ expected: KeyError) {
        #expect(throws: expected) { _ = try NodeKeys(in: data, protection: protection) }
    }

    @Test func `opens the very keys that the card shows`() throws {
        let card = try create()
        let keys = try NodeKeys(in: data, protection: passphrase)
        #expect(keys.identity.identity == card.identity)
        #expect(keys.account.address == card.account)
        #expect(keys.encryption.map(\.publicKey) == [card.encryptionKey])
        #expect(keys.encryptionKey(card.encryptionKey)?.publicKey == card.encryptionKey)
        #expect(keys.card(encryptionKey: card.encryptionKey, endpoint: endpoint) == card)
        #expect(try MemberCard(reading: data.memberCard) == card)
    }

    @Test func `makes an operator's keys, which open as they were made`() throws {
        var random = SystemRandom()
        let card = try NodeKeys.createOperator(
            in: data,
            protection: passphrase,
            endpoint: endpoint,
            cost: cost,
            random: &random
        )
        let keys = try NodeKeys(in: data, protection: passphrase)
        #expect(keys.identity.identity == card.identity)
        #expect(keys.account.address == card.account)
        #expect(keys.encryption.isEmpty)
        let key = try #require(keys.sharesKey)
        #expect(key.publicKey == card.sharesKey)
        #expect(try key.decrypt(card.sharesKey.encrypt(secret("a share"))) == secret("a share"))
        #expect(try OperatorCard(reading: data.operatorCard) == card)
        #expect(try mode(of: data.keys.appending("shares-key.sealed")) == .ownerReadWrite)
        let sealed = try contents(of: data.keys.appending("shares-key.sealed"))
        #expect(!String(decoding: sealed, as: UTF8.self).contains("RSA PRIVATE KEY"))
    }

    @Test(arguments: ["\"endpoint\"", "sharesKeyHash\":\"0x", "\"account\":\"0x", "\"sharesKey\":\""])
    func `takes no operator's card of which a part is wrong`(_ part: String) throws {
        var random = SystemRandom()
        let card = try NodeKeys.createOperator(
            in: data,
            protection: passphrase,
            endpoint: endpoint,
            cost: cost,
            random: &random
        )
        #expect(OperatorCard(json: Array(card.json.utf8)) == card)
        #expect(OperatorCard(json: Array(card.json.replacing(part, with: part + "A").utf8)) == nil)
    }

    @Test func `has no shares key in a member's keys`() throws {
        _ = try create()
        #expect(try NodeKeys(in: data, protection: passphrase).sharesKey == nil)
    }

    @Test func `makes different keys each time`() throws {
        let first = try create()
        try FileManager.default.removeItem(atPath: data.keys.string)
        let second = try create()
        #expect(first.identity != second.identity)
        #expect(first.account != second.account)
        #expect(first.encryptionKey != second.encryptionKey)
    }

    @Test func `keeps every file from other users and leaves nothing else`() throws {
        let card = try create()
        let names = try FileManager.default.contentsOfDirectory(atPath: data.keys.string)
        #expect(
            names.sorted() == [
                "account.sealed", "encryption-\(card.encryptionKey.hex).sealed", "identity.sealed",
                "master.sealed",
            ]
        )
        #expect(try mode(of: data.keys) == .ownerReadWriteExecute)
        for name in names { #expect(try mode(of: data.keys.appending(name)) == .ownerReadWrite) }
        let rest = try FileManager.default.contentsOfDirectory(atPath: data.path.string)
        #expect(rest.sorted() == ["keys", "member.json"])
    }

    @Test func `refuses to overwrite keys`() throws {
        let card = try create()
        #expect(throws: KeyError.exists(data.keys.string)) { try create() }
        #expect(try NodeKeys(in: data, protection: passphrase).identity.identity == card.identity)
    }

    @Test func `starts afresh where an earlier making was cut short`() throws {
        let unfinished = data.path.appending("keys.new")
        try FileManager.default.createDirectory(atPath: unfinished.string, withIntermediateDirectories: false)
        try Data([1]).write(to: URL(filePath: unfinished.appending("master.sealed").string))
        _ = try create()
        #expect(!FileManager.default.fileExists(atPath: unfinished.string))
        _ = try NodeKeys(in: data, protection: passphrase)
    }

    @Test func `takes over an account that exists`() throws {
        var key = [UInt8](repeating: 0, count: 32)
        key[31] = 1
        let card = try create(account: secret(key))
        #expect(card.account == Address(checked: "0x7E5F4552091A69125d5DfCb7b8C2659029395Bdf"))
        #expect(try NodeKeys(in: data, protection: passphrase).account.address == card.account)
    }

    @Test func `says that the passphrase is wrong`() throws {
        _ = try create()
        let master = data.keys.appending("master.sealed").string
        expectFailure(.passphrase(secret("Correct horse")), .sealing(master, .wrongKeyOrDamaged))
        let file = SealingKey.keyFile(secret([UInt8](repeating: 7, count: 32)))
        expectFailure(file, .sealing(master, .otherProtection(expected: .passphrase)))
        #expect(KeyError.sealing(master, .wrongKeyOrDamaged).description.contains("passphrase"))
    }

    @Test func `opens under the key file it was made with, and no other`() throws {
        let key = secret([UInt8](repeating: 7, count: 32))
        let card = try create(protection: .keyFile(key))
        #expect(try NodeKeys(in: data, protection: .keyFile(key)).identity.identity == card.identity)
        let other = SealingKey.keyFile(secret([UInt8](repeating: 8, count: 32)))
        expectFailure(other, .sealing(data.keys.appending("master.sealed").string, .wrongKeyOrDamaged))
    }

    @Test(arguments: ["master.sealed", "identity.sealed", "account.sealed"])
    func `refuses a key file that others may read, is cut short, or gone`(_ name: String) throws {
        _ = try create()
        let file = data.keys.appending(name)
        let whole = try contents(of: file)
        try FileManager.default.setAttributes([.posixPermissions: 0o640], ofItemAtPath: file.string)
        expectFailure(passphrase, .open(file.string))
        #expect(KeyError.open(file.string).description.contains("chmod 600 \(file)"))
        try FileManager.default.setAttributes([.posixPermissions: 0o600], ofItemAtPath: file.string)

        let url = URL(filePath: file.string)
        try whole.dropLast().write(to: url)
        expectFailure(passphrase, .sealing(file.string, .length(whole.count - 1, shouldBe: whole.count)))

        try FileManager.default.removeItem(at: url)
        expectFailure(passphrase, name == "master.sealed" ? .noKeys(data.keys.string) : .missing(file.string))
    }

    @Test func `refuses one key in the place of another`() throws {
        _ = try create()
        var keys = try NodeKeys(in: data, protection: passphrase)
        var random = SystemRandom()
        let second = try keys.addEncryptionKey(random: &random)
        let first = try #require(keys.encryption.first { $0.publicKey != second.publicKey })
        let files = KeyFiles(folder: data.keys)
        let place = files.encryption(first.publicKey)
        try contents(of: files.encryption(second.publicKey)).write(to: URL(filePath: place.string))
        expectFailure(passphrase, .sealing(place.string, .wrongKeyOrDamaged))

        try contents(of: files.identity).write(to: URL(filePath: files.account.string))
        expectFailure(
            passphrase,
            .sealing(files.account.string, .otherKind(SecretKind.identity.rawValue, expected: .account))
        )
    }

    @Test func `adds encryption keys and erases those that are over`() throws {
        let card = try create()
        var keys = try NodeKeys(in: data, protection: passphrase)
        var random = SystemRandom()
        let next = try keys.addEncryptionKey(random: &random)
        #expect(try NodeKeys(in: data, protection: passphrase).encryption.count == 2)
        try keys.eraseEncryptionKey(card.encryptionKey)
        try keys.eraseEncryptionKey(card.encryptionKey)
        #expect(keys.encryptionKey(card.encryptionKey) == nil)
        let left = try NodeKeys(in: data, protection: passphrase).encryption.map(\.publicKey)
        #expect(left == [next.publicKey])
        let names = try FileManager.default.contentsOfDirectory(atPath: data.keys.string)
        #expect(names.count == 4)
    }

    @Test func `reads an encryption key that another process has added`() throws {
        _ = try create()
        var running = try NodeKeys(in: data, protection: passphrase)
        var other = running
        var random = SystemRandom()
        let added = try other.addEncryptionKey(random: &random)
        #expect(running.encryptionKey(added.publicKey) == nil)
        try running.readEncryptionKeys()
        #expect(running.encryptionKey(added.publicKey) != nil)
        #expect(running.encryption.count == 2)
    }

    @Test func `shows no secret in its description`() throws {
        let card = try create()
        let keys = try NodeKeys(in: data, protection: passphrase)
        #expect("\(keys)" == "NodeKeys(\(card.identity))")
    }
}

/// A secret that a test chose.
func secret(_ bytes: [UInt8]) -> SecretBytes {
    unsafe SecretBytes(count: bytes.count) { unsafe $0.copyBytes(from: bytes) }
}

/// A secret that a test chose.
func secret(_ text: String) -> SecretBytes {
    secret(Array(text.utf8))
}
