package import Primitives

/// Tells key generations from other strings of 32 bytes.
package enum KeyGenerationTag {}

/// The identifier of one attempt to generate a key: sid in the formulas of this folder.
package typealias KeyGenerationID = FixedBytes<KeyGenerationTag, 32>

/// What all members must agree on before one attempt to generate a key.
package struct KeyGenerationTerms: SSZContainer {
    /// A member that receives a share.
    package struct Recipient: SSZContainer {
        /// Who it is.
        package var identity: Identity
        /// X_i: its encryption key for this epoch.
        package var encryptionKey: CompressedPoint

        /// Joins the two.
        package init(identity: Identity, encryptionKey: CompressedPoint) {
            self.identity = identity
            self.encryptionKey = encryptionKey
        }

        package static let fields = [
            SSZField("identity", Identity.self),
            SSZField("encryption_key", CompressedPoint.self),
        ]

        package func visit(_ visitor: inout SSZFieldVisitor) {
            visitor.field(identity)
            visitor.field(encryptionKey)
        }

        package init(fields reader: inout SSZFieldReader) throws(SSZError) {
            identity = try reader.field()
            encryptionKey = try reader.field()
        }
    }

    /// Where the key will be registered.
    package var deployment: Deployment
    /// The epoch that the key serves.
    package var epoch: Epoch
    /// Counts the attempts for this epoch, from 0.
    package var attempt: UInt16
    /// t: how many shares will make a signature.
    package var threshold: UInt16
    /// All members in the committee's order.
    package var recipients: SSZList<Recipient, 128>
    /// The members that deal, in rising order; all of them contribute or the attempt fails.
    package var dealers: SSZList<MemberIndex, 128>
    /// The key that is shared anew, or zeros when the key is to be a fresh one.
    package var previousKey: CompressedPoint

    /// Terms for a fresh key; checked by ``SharingSession``.
    package init(
        deployment: Deployment,
        epoch: Epoch,
        attempt: UInt16,
        threshold: UInt16,
        recipients: SSZList<Recipient, 128>,
        dealers: SSZList<MemberIndex, 128>
    ) {
        self.deployment = deployment
        self.epoch = epoch
        self.attempt = attempt
        self.threshold = threshold
        self.recipients = recipients
        self.dealers = dealers
        previousKey = CompressedPoint()
    }

    /// A fresh key for a committee, with its quorum as the threshold.
    ///
    /// The dealers stand in rising order; `nil` when there are more than 128.
    package init?(committee: Committee, deployment: Deployment, attempt: UInt16, dealers: [MemberIndex]) {
        let members = committee.roster.members.map {
            Recipient(identity: $0.identity, encryptionKey: $0.encryptionKey)
        }
        guard let recipients = SSZList<Recipient, 128>(members),
            let dealers = SSZList<MemberIndex, 128>(dealers)
        else { return nil }
        self.init(
            deployment: deployment,
            epoch: committee.epoch,
            attempt: attempt,
            threshold: UInt16(committee.quorum),
            recipients: recipients,
            dealers: dealers
        )
    }

    /// sid = `sha256("oracle/dkg/v1" || hash_tree_root(self))`.
    package var id: KeyGenerationID {
        var hash = SHA256()
        hash.update("oracle/dkg/v1")
        hash.update(hashTreeRoot())
        return KeyGenerationID(hash.finalize().storage)
    }

    package static let fields = [
        SSZField("deployment", Deployment.self),
        SSZField("epoch", Epoch.self),
        SSZField("attempt", UInt16.self),
        SSZField("threshold", UInt16.self),
        SSZField("recipients", SSZList<Recipient, 128>.self),
        SSZField("dealers", SSZList<MemberIndex, 128>.self),
        SSZField("previous_key", CompressedPoint.self),
    ]

    package func visit(_ visitor: inout SSZFieldVisitor) {
        visitor.field(deployment)
        visitor.field(epoch)
        visitor.field(attempt)
        visitor.field(threshold)
        visitor.field(recipients)
        visitor.field(dealers)
        visitor.field(previousKey)
    }

    package init(fields reader: inout SSZFieldReader) throws(SSZError) {
        deployment = try reader.field()
        epoch = try reader.field()
        attempt = try reader.field()
        threshold = try reader.field()
        recipients = try reader.field()
        dealers = try reader.field()
        previousKey = try reader.field()
    }
}

extension SharingSession where Group == Secp256k1 {
    /// Checks the committee's terms.
    ///
    /// `publicShares` are the dealers' shares of the terms' previous key, times the generator and in the order of the
    /// dealers; `nil` for a fresh key.
    ///
    /// - Throws: ``SharingError`` when no key can be shared under them; ``SharingError/resharing`` also when a previous key
    ///   comes without public shares, or these without it.
    package init(
        _ terms: KeyGenerationTerms,
        publicShares: [CompressedPoint]? = nil
    ) throws(KeyGenerationError) {
        guard terms.previousKey.isZero == (publicShares == nil) else { throw .resharing }
        try self.init(
            SharingTerms(
                id: terms.id,
                threshold: Int(terms.threshold),
                dealers: terms.dealers.elements,
                recipients: terms.recipients.enumerated().map { offset, recipient in
                    SharingRecipient(
                        index: MemberIndex(offset + 1),
                        encryptionKey: recipient.encryptionKey
                    )
                },
                previous: publicShares.map { PreviousSharing(key: terms.previousKey, publicShares: $0) }
            )
        )
    }
}
