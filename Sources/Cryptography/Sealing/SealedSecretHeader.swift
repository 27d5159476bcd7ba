internal import Primitives

/// The clear part of a ``SealedSecret``, checked.
struct SealedSecretHeader: Hashable {
    enum SaltTag {}
    enum NonceTag {}
    typealias Salt = FixedBytes<SaltTag, 16>
    typealias Nonce = FixedBytes<NonceTag, 24>

    static let size = 64
    static let tagSize = 16
    private static let magic = Array("ORACLE".utf8) + [0x1A, 0x0A]
    private static let version: UInt8 = 1

    let kind: UInt8
    let protection: SealingKey.Sort
    /// `nil` with a key file.
    let cost: PassphraseCost?
    let salt: Salt
    let nonce: Nonce
    /// The bytes of the secret, 1...``SecretMemory/greatestLength``.
    let count: Int

    init(
        kind: UInt8,
        protection: SealingKey.Sort,
        cost: PassphraseCost?,
        salt: Salt,
        nonce: Nonce,
        count: Int
    ) {
        self.kind = kind
        self.protection = protection
        self.cost = cost
        self.salt = salt
        self.nonce = nonce
        self.count = count
    }

    /// Reads the header, and makes sure that the rest has the length it says.
    init(_ bytes: [UInt8]) throws(SealingError) {
        let seen = min(bytes.count, Self.magic.count)
        guard bytes[..<seen] == Self.magic[..<seen] else { throw .notASealedSecret }
        guard bytes.count > Self.magic.count else { throw .length(bytes.count, shouldBe: Self.size) }
        guard bytes[8] == Self.version else { throw .unknownVersion(bytes[8]) }
        guard bytes.count >= Self.size else { throw .length(bytes.count, shouldBe: Self.size) }
        kind = bytes[9]
        guard let protection = SealingKey.Sort(rawValue: bytes[10]), bytes[11] == 0,
            let salt = Salt(bytes[20..<36]), let nonce = Nonce(bytes[36..<60])
        else {
            throw .malformedHeader
        }
        self.protection = protection
        self.salt = salt
        self.nonce = nonce
        cost = try Self.cost(bytes, protection)
        let count = Self.number(bytes, at: 60)
        guard count >= 1, count <= SecretMemory.greatestLength else { throw .malformedHeader }
        let whole = Self.size + Int(count) + Self.tagSize
        guard bytes.count == whole else { throw .length(bytes.count, shouldBe: whole) }
        self.count = Int(count)
    }

    private static func cost(
        _ bytes: [UInt8],
        _ protection: SealingKey.Sort
    ) throws(SealingError) -> PassphraseCost? {
        let passes = number(bytes, at: 12)
        let memory = number(bytes, at: 16)
        switch protection {
        case .keyFile:
            guard bytes[12..<36].allSatisfy({ $0 == 0 }) else { throw .malformedHeader }
            return nil
        case .passphrase:
            guard let cost = PassphraseCost(passes: passes, memoryKiB: memory) else {
                throw .costOutOfBounds(passes: passes, memoryKiB: memory)
            }
            return cost
        }
    }

    private static func number(_ bytes: [UInt8], at offset: Int) -> UInt32 {
        (0..<4).reduce(0) { $0 | UInt32(bytes[offset + $1]) << UInt32(8 * $1) }
    }

    var bytes: [UInt8] {
        var bytes = Self.magic + [Self.version, kind, protection.rawValue, 0]
        (cost?.passes ?? 0).encodeLittleEndian(to: &bytes)
        (cost?.memoryKiB ?? 0).encodeLittleEndian(to: &bytes)
        bytes += salt.array
        bytes += nonce.array
        UInt32(count).encodeLittleEndian(to: &bytes)
        return bytes
    }
}
