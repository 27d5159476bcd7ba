package import Cryptography
package import Primitives

/// All that anybody needs to check a committee's certificates without a node and without a network.
///
/// It is public, and as trustworthy as whoever handed it over; the chain's `CommitteeRotated` event gives the
/// same values. Whoever holds it can check every election of the epoch, however old.
package struct CommitteeRecord: SSZContainer {
    /// The deployment that the committee serves.
    package var deployment: Deployment
    /// The members.
    package var roster: Roster
    /// The group's public key.
    package var groupKey: CompressedPoint
    /// The contract's hash of the members.
    package var membersHash: Digest
    /// The digest of the ceremony that made the key.
    package var transcript: Digest

    /// Joins the parts; nothing is checked before a certificate is.
    package init(
        deployment: Deployment,
        roster: Roster,
        groupKey: CompressedPoint,
        membersHash: Digest,
        transcript: Digest
    ) {
        self.deployment = deployment
        self.roster = roster
        self.groupKey = groupKey
        self.membersHash = membersHash
        self.transcript = transcript
    }

    package static let fields = [
        SSZField("deployment", Deployment.self),
        SSZField("roster", Roster.self),
        SSZField("group_key", CompressedPoint.self),
        SSZField("members_hash", Digest.self),
        SSZField("transcript", Digest.self),
    ]

    package func visit(_ visitor: inout SSZFieldVisitor) {
        visitor.field(deployment)
        visitor.field(roster)
        visitor.field(groupKey)
        visitor.field(membersHash)
        visitor.field(transcript)
    }

    package init(fields reader: inout SSZFieldReader) throws(SSZError) {
        deployment = try reader.field()
        roster = try reader.field()
        groupKey = try reader.field()
        membersHash = try reader.field()
        transcript = try reader.field()
    }
}

extension CommitteeRecord {
    /// The EIP-712 statement about the group key that the key itself and the members signed.
    ///
    /// - Throws: ``CommitteeRecordError/committee(_:)`` when the roster makes no committee.
    package func groupKeyStatement() throws(CommitteeRecordError) -> GroupKeyStatement {
        let committee = try committee()
        return GroupKeyStatement(
            epoch: committee.epoch,
            groupKey: groupKey,
            threshold: UInt16(committee.quorum),
            size: UInt16(committee.size),
            membersHash: membersHash,
            transcript: transcript
        )
    }

    /// Checks that an election certificate is this committee's.
    ///
    /// - Throws: ``CommitteeRecordError`` when it is not, or the record itself is broken.
    package func verify(_ certificate: ElectionCertificate) throws(CommitteeRecordError) {
        let committee = try committee()
        let key: GroupPublicKey
        do throws(GroupKeyError) { key = try GroupPublicKey(groupKey) } catch { throw .groupKey(error) }
        let verifier = ElectionVerifier(key: key, domain: StatementDomain(deployment))
        do throws(ElectionCertificateError) {
            try certificate.verify(in: committee, with: verifier)
        } catch { throw .election(error) }
    }

    /// Checks that a view certificate is this committee's.
    ///
    /// - Parameters:
    ///   - certificate: what is to be checked.
    ///   - authenticator: verifies the identities' signatures; its own key is not used.
    /// - Throws: ``CommitteeRecordError`` when it is not, or the record itself is broken.
    package func verify(
        _ certificate: ViewCertificate,
        with authenticator: some Authenticator
    ) throws(CommitteeRecordError) {
        let committee = try committee()
        do throws(ViewCertificateError) {
            try certificate.verify(in: committee, domains: SigningDomains(deployment), with: authenticator)
        } catch { throw .view(error) }
    }

    private func committee() throws(CommitteeRecordError) -> Committee {
        do throws(CommitteeError) { return try Committee(roster) } catch { throw .committee(error) }
    }
}

/// Why a committee's record does not bear out a certificate.
package enum CommitteeRecordError: Error, Hashable, Sendable, CustomStringConvertible {
    /// The roster makes no committee.
    case committee(CommitteeError)
    /// The group key is none.
    case groupKey(GroupKeyError)
    /// The election certificate does not count.
    case election(ElectionCertificateError)
    /// The view certificate does not count.
    case view(ViewCertificateError)

    package var description: String {
        switch self {
        case .committee(let error): "the record's roster: \(error)"
        case .groupKey(let error): "the record's group key: \(error)"
        case .election(let error): "\(error)"
        case .view(let error): "\(error)"
        }
    }
}
