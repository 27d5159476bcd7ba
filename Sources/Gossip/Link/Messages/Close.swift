package import Primitives

/// The last message in a direction: the link ends on purpose, and why.
package struct Close: SSZContainer {
    /// The reason as a number; an unknown one is shown as such.
    package var code: UInt16
    /// The reason in UTF-8, for people only.
    package var reason: ByteList<128>

    /// Why a link is closed on purpose.
    package enum Code: UInt16, CaseIterable, Sendable {
        /// The program ends.
        case shuttingDown = 1
        /// Another connection between the two members stays.
        case duplicate = 2
        /// The receiver's identity is not one that the sender links with.
        case notAdmitted = 3
        /// A fresh connection, with fresh keys, takes this one's place.
        case renewed = 4
        /// The receiver does not read fast enough for the protocol.
        case tooSlow = 5
        /// The sender has more connections than it may.
        case busy = 6
        /// The two act for committees that do not know each other.
        case otherCommittee = 7
        /// The receiver broke a rule of the protocol.
        case offence = 8
        /// The two speak different versions of the protocol.
        case otherVersion = 9
        /// The sender had dialed the link and keeps it no more; another may be dialed by the receiver.
        case notNeeded = 10
    }

    /// A reason, with words of at most 128 bytes; longer ones are cut.
    package init(_ code: Code, _ words: String = "") {
        self.code = code.rawValue
        var bytes: [UInt8] = []
        for scalar in words.unicodeScalars {
            guard let encoded = UTF8.encode(scalar), bytes.count + encoded.count <= 128 else { break }
            bytes.append(contentsOf: encoded)
        }
        reason = ByteList(bytes) ?? ByteList()
    }

    /// The reason, when this program knows it.
    package var known: Code? { Code(rawValue: code) }

    package static let fields = [
        SSZField("code", UInt16.self),
        SSZField("reason", ByteList<128>.self),
    ]

    package func visit(_ visitor: inout SSZFieldVisitor) {
        visitor.field(code)
        visitor.field(reason)
    }

    package init(fields reader: inout SSZFieldReader) throws(SSZError) {
        code = try reader.field()
        reason = try reader.field()
    }
}
