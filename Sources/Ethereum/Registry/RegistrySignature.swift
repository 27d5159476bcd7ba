internal import Cryptography
package import Primitives

/// A signature of a group key as the contract takes it: R with both coordinates, and z.
package struct RegistrySignature: Hashable, Sendable {
    /// The x coordinate of R.
    package var rx: UInt256
    /// The y coordinate of R.
    package var ry: UInt256
    /// The scalar z.
    package var s: UInt256

    /// A signature, not checked.
    package init(rx: UInt256, ry: UInt256, s: UInt256) {
        self.rx = rx
        self.ry = ry
        self.s = s
    }

    /// All zero: the contract's "no signature".
    package static let none = RegistrySignature(rx: 0, ry: 0, s: 0)

    /// The form peers exchange: R compressed, then z.
    package var compressed: GroupSignature {
        var signature = GroupSignature()
        signature[0] = 2 + ry.bigEndian[31] & 1
        let (x, z) = (rx.bigEndian, s.bigEndian)
        for index in 0..<32 {
            signature[1 + index] = x[index]
            signature[33 + index] = z[index]
        }
        return signature
    }

    /// A signature as peers exchange it, or `nil` when its R is no point or its z no scalar.
    package init?(_ signature: GroupSignature) {
        guard let parts = signature.parts else { return nil }
        let point = parts.commitment.coordinates
        rx = UInt256(bigEndian: Digest(point.x.storage))
        ry = UInt256(bigEndian: Digest(point.y.storage))
        s = UInt256(bigEndian: Digest(parts.response.bytes.storage))
    }

    static let type = ABIType.tuple([.uint(256), .uint(256), .uint(256)])

    /// The contract's `Signature`.
    package var value: ABIValue { .tuple([.number(rx), .number(ry), .number(s)]) }

    init(value: ABIValue) throws(ABIError) {
        let parts = try value.asElements("signature", count: 3)
        rx = try parts[0].asNumber("rx")
        ry = try parts[1].asNumber("ry")
        s = try parts[2].asNumber("s")
    }
}

/// A member's signature over a group key statement with its account (EIP-2098).
package struct RegistryApproval: Hashable, Sendable {
    /// The member who approves.
    package var member: MemberIndex
    /// The x coordinate of the signature's point.
    package var r: Digest
    /// The signature's scalar, the parity of the point's y in its top bit.
    package var vs: Digest

    /// An approval, not checked.
    package init(member: MemberIndex, r: Digest, vs: Digest) {
        self.member = member
        self.r = r
        self.vs = vs
    }

    static let type = ABIType.tuple([.uint(16), .word, .word])

    /// The contract's `Approval`.
    package var value: ABIValue { .tuple([.number(UInt64(member.rawValue)), .word(r), .word(vs)]) }

    init(value: ABIValue) throws(ABIError) {
        let parts = try value.asElements("approval", count: 3)
        guard let member = UInt16(exactly: try parts[0].asUInt64("member")) else {
            throw .unexpected("an approval's member exceeds 16 bits")
        }
        self.member = MemberIndex(rawValue: member)
        r = try parts[1].asWord("r")
        vs = try parts[2].asWord("vs")
    }
}

extension CompressedPoint {
    /// The compressed form of the point with that x, whose y has that parity.
    init(x: UInt256, isOdd: Bool) {
        self.init()
        self[0] = isOdd ? 3 : 2
        let bytes = x.bigEndian
        for index in 0..<32 { self[1 + index] = bytes[index] }
    }
}
