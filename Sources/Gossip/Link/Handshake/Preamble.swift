internal import Primitives

/// The first 12 bytes in each direction: `"ORC1" | version u16 LE | flags u16 LE | network hint 4`.
///
/// In clear, so that two ends that cannot talk can at least say why. The initiator's is bound by the prologue;
/// the responder's holds nothing that the initiator does not already expect.
package struct Preamble: Hashable, Sendable {
    /// The number of bytes.
    package static let size = 12
    /// The version of the link layer that this code speaks.
    package static let currentVersion: UInt16 = 1
    private static let magic = Array("ORC1".utf8)

    /// The version of everything that follows.
    package let version: UInt16
    /// 0 in version 1.
    package let flags: UInt16
    /// The sender's ``LinkNetwork/hint``.
    package let hint: NetworkHint

    /// What a node of a network says.
    package init(
        _ network: LinkNetwork,
        version: UInt16 = Self.currentVersion,
        flags: UInt16 = 0
    ) {
        self.version = version
        self.flags = flags
        hint = network.hint
    }

    /// Reads a preamble; `nil` when the bytes are of another protocol, or not ``size`` of them.
    package init?(_ bytes: RawSpan) {
        guard bytes.byteCount == Self.size, let hint = NetworkHint(span: bytes.extracting(8..<12)) else {
            return nil
        }
        for index in 0..<4 where bytes.byte(at: index) != Self.magic[index] { return nil }
        version = UInt16(bytes.byte(at: 4)) | UInt16(bytes.byte(at: 5)) << 8
        flags = UInt16(bytes.byte(at: 6)) | UInt16(bytes.byte(at: 7)) << 8
        self.hint = hint
    }

    /// The bytes on the wire.
    package var bytes: [UInt8] {
        var bytes = Self.magic
        version.encodeLittleEndian(to: &bytes)
        flags.encodeLittleEndian(to: &bytes)
        return bytes + hint.array
    }

    /// Whether bytes that may be incomplete can still become a preamble.
    static func canBegin(_ bytes: RawSpan) -> Bool {
        for index in 0..<min(bytes.byteCount, 4) where bytes.byte(at: index) != magic[index] { return false }
        return true
    }
}
