/// Why a secret could not be sealed or opened.
package enum SealingError: Error, Hashable, Sendable {
    /// The bytes do not begin as a sealed secret does.
    case notASealedSecret
    /// Sealed by a program of another version.
    case unknownVersion(UInt8)
    /// The bytes are fewer or more than the header says.
    case length(Int, shouldBe: Int)
    /// A secret of another kind.
    case otherKind(UInt8, expected: SecretKind)
    /// Protected in another way than the key that is offered.
    case otherProtection(expected: SealingKey.Sort)
    /// A header that no sealing writes.
    case malformedHeader
    /// Argon2id would cost more, or less, than this program accepts.
    case costOutOfBounds(passes: UInt32, memoryKiB: UInt32)
    /// The wrong passphrase, key file or context, or damaged bytes: these cannot be told apart.
    case wrongKeyOrDamaged
    /// The content of a key file has another length than 32 bytes.
    case keyFileLength(Int)
    /// The machine has not the memory that Argon2id was told to use.
    case outOfMemory(kibibytes: UInt32)
}

extension SealingError: CustomStringConvertible {
    package var description: String {
        switch self {
        case .notASealedSecret: "not a sealed secret"
        case .unknownVersion(let version):
            "sealed secret of version \(version), which this program does not know"
        case .length(let count, let expected):
            "sealed secret of \(count) bytes where \(expected) belong: cut short?"
        case .otherKind(let kind, let expected): "a secret of kind \(kind) where the \(expected) belongs"
        case .otherProtection(.passphrase): "sealed under a passphrase, but a key file was given"
        case .otherProtection(.keyFile): "sealed under a key file, but a passphrase was given"
        case .malformedHeader: "sealed secret with a damaged header"
        case .costOutOfBounds(let passes, let memory):
            "sealed secret that asks for \(passes) passes over \(memory) KiB, which is out of bounds"
        case .wrongKeyOrDamaged: "wrong passphrase or key file, or a damaged sealed secret"
        case .keyFileLength(let count): "a key file has \(SealingKey.keyFileSize) bytes, not \(count)"
        case .outOfMemory(let memory): "no \(memory) KiB of memory for opening a secret under a passphrase"
        }
    }
}
