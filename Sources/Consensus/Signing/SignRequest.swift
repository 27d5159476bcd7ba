package import Cryptography
package import Primitives

/// A coordinator's request for the signature shares of one session.
package struct SignRequest: SSZContainer {
    /// The view whose leader asks.
    package var view: View
    /// The statement's EIP-712 digest.
    package var statement: Digest
    /// The transcript of the group key that is to sign.
    package var key: Digest
    /// Counts the coordinator's sessions for this statement, from 1.
    package var session: UInt16
    /// The signers: exactly as many as the threshold, ascending, each once.
    package var signers: SSZList<SignerCommitment, 128>

    /// A request; ``isWellFormed(threshold:size:)`` tells whether its signers make a session.
    package init(
        view: View,
        statement: Digest,
        key: Digest,
        session: UInt16,
        signers: SSZList<SignerCommitment, 128>
    ) {
        self.view = view
        self.statement = statement
        self.key = key
        self.session = session
        self.signers = signers
    }

    /// Whether the signers are exactly `threshold` members of a committee of `size`, ascending.
    package func isWellFormed(threshold: Int, size: Int) -> Bool {
        guard signers.count == threshold else { return false }
        var last = 0
        for entry in signers {
            let index = Int(entry.signer.rawValue)
            guard index > last, index <= size else { return false }
            last = index
        }
        return true
    }

    /// The commitment under a member's name, if it is asked to sign.
    package func commitment(of member: MemberIndex) -> NonceCommitment? {
        signers.first { $0.signer == member }?.nonces
    }

    package static let fields = [
        SSZField("view", View.self),
        SSZField("statement", Digest.self),
        SSZField("key", Digest.self),
        SSZField("session", UInt16.self),
        SSZField("signers", SSZList<SignerCommitment, 128>.self),
    ]

    package func visit(_ visitor: inout SSZFieldVisitor) {
        visitor.field(view)
        visitor.field(statement)
        visitor.field(key)
        visitor.field(session)
        visitor.field(signers)
    }

    package init(fields reader: inout SSZFieldReader) throws(SSZError) {
        view = try reader.field()
        statement = try reader.field()
        key = try reader.field()
        session = try reader.field()
        signers = try reader.field()
    }
}
