package import Cryptography
package import Primitives

/// The generation of a group key, with all members' secrets in one place.
package struct Ceremony {
    /// The attempt.
    package let session: KeyGenerationSession
    /// The members' encryption keys, in their order.
    package let encryptionKeys: [EncryptionKey]

    /// An attempt among so many, of whom as many deal as the key will take to sign, or all.
    package init(threshold: Int, size: Int, allDeal: Bool = false) throws {
        var random = SystemRandom()
        let keys = (0..<size).map { _ in EncryptionKey(random: &random) }
        let recipients = keys.map {
            KeyGenerationTerms.Recipient(identity: Identity(), encryptionKey: $0.publicKey)
        }
        let dealers = (1...(allDeal ? size : threshold)).map { MemberIndex($0) }
        encryptionKeys = keys
        session = try KeyGenerationSession(
            KeyGenerationTerms(
                deployment: Deployment(chainId: 1, genesis: Digest(), registry: Address()),
                epoch: Epoch(1),
                attempt: 1,
                threshold: UInt16(threshold),
                recipients: SSZList(recipients) ?? SSZList(),
                dealers: SSZList(dealers) ?? SSZList()
            )
        )
    }

    /// What all dealers say.
    package func deals() throws -> [Deal] {
        var random = SystemRandom()
        return try session.terms.dealers.map { try session.deal(as: $0, random: &random) }
    }

    /// What one member makes of the deals: every one checked, their sum, its own share.
    package func outcome(
        of deals: [Deal],
        for member: MemberIndex
    ) throws -> (key: GroupKey, share: SecretShare) {
        let checked = try zip(session.terms.dealers, deals).map { try session.check($1, from: $0) }
        let transcript = try session.transcript(of: checked)
        let key = encryptionKeys[member.offset]
        return (
            transcript.key,
            try session.share(from: checked, transcript: transcript, with: key, as: member)
        )
    }

    /// A key and the shares of its first signers, as many as it takes.
    package static func key(threshold: Int, of size: Int) throws -> (key: GroupKey, shares: [SecretShare]) {
        let ceremony = try Ceremony(threshold: threshold, size: size)
        let checked = try zip(ceremony.session.terms.dealers, ceremony.deals()).map {
            try ceremony.session.check($1, from: $0)
        }
        let transcript = try ceremony.session.transcript(of: checked)
        let shares = try (1...threshold).map {
            let member = MemberIndex($0)
            let key = ceremony.encryptionKeys[member.offset]
            return try ceremony.session.share(from: checked, transcript: transcript, with: key, as: member)
        }
        return (transcript.key, shares)
    }
}
