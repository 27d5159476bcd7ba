package import Primitives

/// Asks for a sign of life: answered at once by a ``Pong`` with the same nonce.
package struct Ping: SSZContainer {
    /// Chosen by the sender to tell its pings apart.
    package var nonce: UInt64

    /// A question with this nonce.
    package init(nonce: UInt64) {
        self.nonce = nonce
    }

    package static let fields = [SSZField("nonce", UInt64.self)]

    package func visit(_ visitor: inout SSZFieldVisitor) {
        visitor.field(nonce)
    }

    package init(fields reader: inout SSZFieldReader) throws(SSZError) {
        nonce = try reader.field()
    }
}

/// The answer to a ``Ping``.
package struct Pong: SSZContainer {
    /// The ping's nonce.
    package var nonce: UInt64

    /// The answer to the ping of this nonce.
    package init(nonce: UInt64) {
        self.nonce = nonce
    }

    package static let fields = [SSZField("nonce", UInt64.self)]

    package func visit(_ visitor: inout SSZFieldVisitor) {
        visitor.field(nonce)
    }

    package init(fields reader: inout SSZFieldReader) throws(SSZError) {
        nonce = try reader.field()
    }
}
