internal import Cryptography
internal import Primitives

/// The key in an Ethereum node record (EIP-778).
enum NodeRecord {
    /// The secp256k1 key of a record in its text form, or `nil` when there is none that can be read.
    ///
    /// The record's own signature is not asked for: the node's signature of the lock shows more.
    static func key(_ text: String) -> Point? {
        guard text.hasPrefix("enr:"), text.utf8.count <= 1_024 else { return nil }
        let digits = text.dropFirst(4).replacing("-", with: "+").replacing("_", with: "/")
        let padding = String(repeating: "=", count: (4 - digits.utf8.count % 4) % 4)
        guard let bytes = Base64.decode(digits + padding) else { return nil }
        var reader = ItemReader(bytes[...])
        guard let record = reader.next(isList: true), reader.isAtEnd else { return nil }
        var fields = ItemReader(record)
        // The signature, the sequence number, then names and values.
        guard fields.next(isList: false) != nil, fields.next(isList: false) != nil else { return nil }
        while let name = fields.next(isList: false), let value = fields.next(isList: false) {
            if name.elementsEqual("secp256k1".utf8) { return CompressedPoint(value).flatMap { Point($0) } }
        }
        return nil
    }

    /// Goes through items of RLP.
    private struct ItemReader {
        private var rest: ArraySlice<UInt8>

        init(_ bytes: ArraySlice<UInt8>) {
            rest = bytes
        }

        var isAtEnd: Bool { rest.isEmpty }

        /// The content of the next item, which is a list or is not.
        mutating func next(isList: Bool) -> ArraySlice<UInt8>? {
            guard let first = rest.first else { return nil }
            if first < 0x80 {
                guard !isList else { return nil }
                return rest.popFirst().map { [$0] }
            }
            let base: UInt8 = isList ? 0xC0 : 0x80
            guard first >= base, isList || first < 0xC0 else { return nil }
            var length = Int(first - base)
            rest = rest.dropFirst()
            if length > 55 {
                // A record has at most 300 bytes, so its length at most two.
                let count = length - 55
                guard count <= 2, rest.count >= count else { return nil }
                length = rest.prefix(count).reduce(0) { $0 << 8 | Int($1) }
                rest = rest.dropFirst(count)
            }
            guard rest.count >= length else { return nil }
            defer { rest = rest.dropFirst(length) }
            return rest.prefix(length)
        }
    }
}
