/// What an operator says in an attempt at an operation on validators' keys.
///
/// Operators are no members of the mesh and keep no logs: what they say is carried by the members in theirs.
package struct OperatorMessage: SSZContainer {
    /// The root of the attempt's plan, which names the deployment, the request and all who take part.
    package var attempt: Digest
    /// The operator's number on chain.
    package var author: UInt64
    /// Which of its words it is; an operator says at most one of each.
    package var step: UInt8
    /// The SSZ encoding of what it says.
    package var body: ByteList<32_512>

    /// Joins the fields.
    package init(attempt: Digest, author: UInt64, step: UInt8, body: ByteList<32_512>) {
        self.attempt = attempt
        self.author = author
        self.step = step
        self.body = body
    }

    package static let fields = [
        SSZField("attempt", Digest.self),
        SSZField("author", UInt64.self),
        SSZField("step", UInt8.self),
        SSZField("body", ByteList<32_512>.self),
    ]

    package func visit(_ visitor: inout SSZFieldVisitor) {
        visitor.field(attempt)
        visitor.field(author)
        visitor.field(step)
        visitor.field(body)
    }

    package init(fields reader: inout SSZFieldReader) throws(SSZError) {
        attempt = try reader.field()
        author = try reader.field()
        step = try reader.field()
        body = try reader.field()
    }
}

/// An operator's message with its signature: what is passed on, carried in logs and kept in transcripts.
package struct SignedOperatorMessage: SSZContainer {
    /// What is said.
    package var message: OperatorMessage
    /// The signature of the operator's identity over the message's ``SigningRoot``.
    package var signature: IdentitySignature

    /// Joins the two; nothing is checked.
    package init(message: OperatorMessage, signature: IdentitySignature) {
        self.message = message
        self.signature = signature
    }

    package static let fields = [
        SSZField("message", OperatorMessage.self),
        SSZField("signature", IdentitySignature.self),
    ]

    package func visit(_ visitor: inout SSZFieldVisitor) {
        visitor.field(message)
        visitor.field(signature)
    }

    package init(fields reader: inout SSZFieldReader) throws(SSZError) {
        message = try reader.field()
        signature = try reader.field()
    }
}

extension SigningRoot {
    /// The root of an operator's message in a deployment.
    package init(of message: OperatorMessage, in domains: SigningDomains) {
        self.init(digest: SHA256.hash(message.hashTreeRoot(), domains.operatorMessage))
    }
}
