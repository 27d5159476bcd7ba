import Cryptography
import Primitives
import Testing

@Suite struct SealedSecretTests {
    private static let cheap = PassphraseCost(passes: 1, memoryKiB: 8)

    private let secretBytes: SecretBytes
    private let words = SealedSecretTests.passphrase("correct horse")
    private let keyFile: SealingKey

    init() {
        var random = SystemRandom()
        secretBytes = SecretBytes(count: 32, random: &random)
        keyFile = .keyFile(SecretBytes(count: 32, random: &random))
    }

    private static func passphrase(_ text: String) -> SealingKey {
        .passphrase(unsafe Array(text.utf8).withUnsafeBytes { unsafe SecretBytes(copying: $0) })
    }

    private func seal(
        _ key: SealingKey,
        kind: SecretKind = .share,
        context: [UInt8] = [7]
    ) throws -> [UInt8] {
        var random = SystemRandom()
        return try SealedSecret.seal(
            secretBytes,
            as: kind,
            under: key,
            cost: try #require(Self.cheap),
            context: context,
            random: &random
        )
    }

    private func open(_ bytes: [UInt8], _ key: SealingKey, context: [UInt8] = [7]) throws -> SecretBytes {
        try SealedSecret.open(bytes, as: .share, with: key, context: context)
    }

    @Test func `opens what it sealed, under both sorts of key`() throws {
        for key in [words, keyFile] {
            let sealed = try seal(key)
            #expect(sealed.count == 64 + 32 + 16)
            #expect(try open(sealed, key) == secretBytes)
            #expect(try SealedSecret.protection(of: sealed) == key.sort)
        }
    }

    @Test(arguments: [1, 31, 33, 1_000, SecretMemory.greatestLength])
    func `opens secrets of every length`(count: Int) throws {
        var random = SystemRandom()
        let long = SecretBytes(count: count, random: &random)
        let sealed = try SealedSecret.seal(long, as: .dealing, under: keyFile, random: &random)
        #expect(try SealedSecret.open(sealed, as: .dealing, with: keyFile) == long)
    }

    @Test func `seals differently each time`() throws {
        #expect(try seal(words) != seal(words))
        #expect(try seal(keyFile) != seal(keyFile))
    }

    @Test func `refuses every other passphrase, key file and context alike`() throws {
        var random = SystemRandom()
        let sealed = try seal(words)
        for other in ["correct horsf", "Correct horse", "correct horse ", "c"] {
            #expect(throws: SealingError.wrongKeyOrDamaged) { try open(sealed, Self.passphrase(other)) }
        }
        #expect(throws: SealingError.wrongKeyOrDamaged) { try open(sealed, words, context: []) }
        #expect(throws: SealingError.wrongKeyOrDamaged) { try open(sealed, words, context: [7, 0]) }
        let other = SealingKey.keyFile(SecretBytes(count: 32, random: &random))
        #expect(throws: SealingError.wrongKeyOrDamaged) { try open(try seal(keyFile), other) }
    }

    @Test func `names the sort of key that is needed`() throws {
        let byWords = try seal(words)
        let byFile = try seal(keyFile)
        #expect(throws: SealingError.otherProtection(expected: .passphrase)) { try open(byWords, keyFile) }
        #expect(throws: SealingError.otherProtection(expected: .keyFile)) { try open(byFile, words) }
    }

    @Test func `never takes a secret of one kind for another`() throws {
        for kind in SecretKind.allCases where kind != .share {
            let sealed = try seal(keyFile, kind: kind)
            #expect(throws: SealingError.otherKind(kind.rawValue, expected: .share)) {
                try open(sealed, keyFile)
            }
            var forged = sealed
            forged[9] = SecretKind.share.rawValue
            #expect(throws: SealingError.wrongKeyOrDamaged) { try open(forged, keyFile) }
        }
    }

    @Test func `refuses every shortened or lengthened file as such`() throws {
        for key in [words, keyFile] {
            let sealed = try seal(key)
            for count in 0..<sealed.count {
                #expect(throws: SealingError.length(count, shouldBe: count < 64 ? 64 : sealed.count)) {
                    try open(Array(sealed.prefix(count)), key)
                }
            }
            #expect(throws: SealingError.length(sealed.count + 1, shouldBe: sealed.count)) {
                try open(sealed + [0], key)
            }
        }
    }

    @Test func `refuses any changed bit`() throws {
        for key in [words, keyFile] {
            let sealed = try seal(key)
            for bit in 0..<(sealed.count * 8) {
                // The greatest costs would make this test a long one; they are bounded by the next one.
                if (12..<20).contains(bit / 8), key.sort == .passphrase, bit % 8 > 3 || bit / 8 != 12 {
                    continue
                }
                var changed = sealed
                changed[bit / 8] ^= 1 << UInt8(bit % 8)
                #expect(throws: SealingError.self) { try open(changed, key) }
            }
        }
    }

    @Test func `bounds what a header can make it spend`() throws {
        let sealed = try seal(words)
        for (passes, memory) in [(0, 8), (17, 8), (1, 7), (1, 1_048_577), (UInt32.max, UInt32.max)]
            as [(UInt32, UInt32)]
        {
            #expect(PassphraseCost(passes: passes, memoryKiB: memory) == nil)
            var bytes = Array(sealed[..<12])
            passes.encodeLittleEndian(to: &bytes)
            memory.encodeLittleEndian(to: &bytes)
            bytes += sealed[20...]
            #expect(throws: SealingError.costOutOfBounds(passes: passes, memoryKiB: memory)) {
                try open(bytes, words)
            }
        }
    }

    @Test func `names another file, another version and a damaged header`() throws {
        let sealed = try seal(keyFile)
        #expect(throws: SealingError.notASealedSecret) { try open(Array("-----BEGIN".utf8), keyFile) }
        for (offset, value, error) in [
            (0, 0, .notASealedSecret), (7, 0x0D, .notASealedSecret), (8, 2, .unknownVersion(2)),
            (10, 3, .malformedHeader), (11, 1, .malformedHeader), (13, 1, .malformedHeader),
            (20, 1, .malformedHeader), (62, 1, .malformedHeader), (60, 0, .malformedHeader),
        ] as [(Int, UInt8, SealingError)] {
            var changed = sealed
            changed[offset] = value
            #expect(throws: error) { try open(changed, keyFile) }
        }
    }

    @Test(arguments: [1, 31, 33, 64])
    func `refuses a key file of another length`(count: Int) throws {
        var random = SystemRandom()
        let key = SealingKey.keyFile(SecretBytes(count: count, random: &random))
        #expect(throws: SealingError.keyFileLength(count)) { try seal(key) }
        let sealed = try seal(keyFile)
        #expect(throws: SealingError.keyFileLength(count)) { try open(sealed, key) }
    }

    @Test func `leaves the secret out of what it stores`() throws {
        let sealed = try seal(keyFile)
        let isInside = unsafe secretBytes.withUnsafeBytes { secret in
            (0...(sealed.count - 32)).contains { unsafe sealed[$0..<($0 + 32)].elementsEqual(secret) }
        }
        #expect(!isInside)
    }
}
