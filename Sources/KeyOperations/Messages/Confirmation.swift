package import BLS12381
package import Primitives

/// What an operator says with its share of one key.
package struct ConfirmedShare: SSZContainer {
    /// The share's signature over ``ValidatorStatement/holding(_:)`` of the attempt's transcript.
    package var holding: G2Bytes
    /// The share's signatures over what the key is to sign: for a keygen the deposit, then the ownership.
    package var partials: SSZList<G2Bytes, 2>
    /// The share, encrypted to the operator's RSA key for SSV; nothing if it has none.
    ///
    /// Nobody but the operator can check it.
    package var encryptedShare: ByteList<512>

    /// Joins the parts; nothing is checked.
    package init(holding: G2Bytes, partials: SSZList<G2Bytes, 2>, encryptedShare: ByteList<512>) {
        self.holding = holding
        self.partials = partials
        self.encryptedShare = encryptedShare
    }

    package static let fields = [
        SSZField("holding", G2Bytes.self),
        SSZField("partials", SSZList<G2Bytes, 2>.self),
        SSZField("encrypted_share", ByteList<512>.self),
    ]

    package func visit(_ visitor: inout SSZFieldVisitor) {
        visitor.field(holding)
        visitor.field(partials)
        visitor.field(encryptedShare)
    }

    package init(fields reader: inout SSZFieldReader) throws(SSZError) {
        holding = try reader.field()
        partials = try reader.field()
        encryptedShare = try reader.field()
    }
}

/// An operator has good shares of all keys on its disk.
package struct Confirmation: SSZContainer {
    /// The attempt's transcript, as the operator has it.
    package var transcript: Digest
    /// The text by which SSV calls the operator's RSA key, whose hash is in the plan; nothing if it has none.
    package var sharesKey: ByteList<1_024>
    /// One for each key of the attempt.
    package var shares: SSZList<ConfirmedShare, 20>

    /// Joins the parts; nothing is checked.
    package init(transcript: Digest, sharesKey: ByteList<1_024>, shares: SSZList<ConfirmedShare, 20>) {
        self.transcript = transcript
        self.sharesKey = sharesKey
        self.shares = shares
    }

    package static let fields = [
        SSZField("transcript", Digest.self),
        SSZField("shares_key", ByteList<1_024>.self),
        SSZField("shares", SSZList<ConfirmedShare, 20>.self),
    ]

    package func visit(_ visitor: inout SSZFieldVisitor) {
        visitor.field(transcript)
        visitor.field(sharesKey)
        visitor.field(shares)
    }

    package init(fields reader: inout SSZFieldReader) throws(SSZError) {
        transcript = try reader.field()
        sharesKey = try reader.field()
        shares = try reader.field()
    }
}

/// An operator's part of an exit's signature.
package struct ExitShare: SSZContainer {
    /// Its share's signature over the exit.
    package var signature: G2Bytes

    /// Carries it.
    package init(signature: G2Bytes) {
        self.signature = signature
    }

    package static let fields = [SSZField("signature", G2Bytes.self)]

    package func visit(_ visitor: inout SSZFieldVisitor) {
        visitor.field(signature)
    }

    package init(fields reader: inout SSZFieldReader) throws(SSZError) {
        signature = try reader.field()
    }
}
