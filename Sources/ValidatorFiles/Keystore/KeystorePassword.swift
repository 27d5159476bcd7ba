package import Cryptography
internal import Foundation

/// A password as EIP-2335 takes it: in compatibility decomposition (NFKD), without control characters.
///
/// Text of ASCII alone never leaves ``SecretBytes``. Other text does while it is decomposed, for which there are
/// only the system's strings.
package struct KeystorePassword: Sendable {
    let bytes: SecretBytes

    /// How many bytes of UTF-8 a password has at most.
    package static let greatestLength = 1_024

    /// Prepares a password given in UTF-8.
    package init(_ text: SecretBytes) throws(FileFault) {
        guard text.count <= Self.greatestLength else {
            throw FileFault("", "the password has \(text.count) bytes", remedy: "use one of at most 1024")
        }
        let prepared: SecretBytes?
        if unsafe text.withUnsafeBytes({ unsafe $0.allSatisfy { $0 < 0x80 } }) {
            prepared = Self.printable(text)
        } else {
            guard let decoded = unsafe text.withUnsafeBytes({ unsafe String(validating: $0, as: UTF8.self) })
            else {
                throw FileFault("", "the password is not UTF-8", remedy: "type it again, or convert its file")
            }
            prepared = Self.kept(Array(decoded.decomposedStringWithCompatibilityMapping.unicodeScalars))
        }
        guard let prepared else {
            throw FileFault("", "the password has no character that counts", remedy: "choose another one")
        }
        bytes = prepared
    }

    /// The characters of ASCII that are no control characters.
    private static func printable(_ text: SecretBytes) -> SecretBytes? {
        unsafe text.withUnsafeBytes { text -> SecretBytes? in
            let count = unsafe text.count { $0 >= 0x20 && $0 != 0x7F }
            guard count > 0 else { return nil }
            return unsafe SecretBytes(count: count) { output in
                var written = 0
                for index in 0..<text.count {
                    let byte = unsafe text[index]
                    guard byte >= 0x20, byte != 0x7F else { continue }
                    unsafe output[written] = byte
                    written += 1
                }
            }
        }
    }

    /// UTF-8 of what is neither C0, nor C1, nor Delete.
    private static func kept(_ scalars: [Unicode.Scalar]) -> SecretBytes? {
        var utf8: [UInt8] = []
        for scalar in scalars where !(scalar.value < 0x20 || (0x7F...0x9F).contains(scalar.value)) {
            utf8 += Array(UTF8.encode(scalar) ?? UTF8.encodedReplacementCharacter)
        }
        defer { for index in utf8.indices { utf8[index] = 0 } }
        guard !utf8.isEmpty else { return nil }
        return unsafe utf8.withUnsafeBytes { unsafe SecretBytes(copying: $0) }
    }
}

extension KeystorePassword: CustomStringConvertible {
    package var description: String { bytes.description }
}
